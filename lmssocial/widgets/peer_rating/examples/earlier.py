"""Work of earlier activities that can become an example: found, and without the names of who wrote it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course, Membership, User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import excerpt
from lmssocial.widgets.peer_rating.gates import SCORED
from lmssocial.widgets.peer_rating.models import Activity, Author, Work, WorkState

MOST = 50
"""Works that are offered: the latest."""
NAME = "[…]"
"""What stands in place of a name."""

_FILE = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?attachment:\d{1,10}>?[^)\n]*\)", re.ASCII)
_SHORTEST = 3
"""Characters of a part of a name that is looked for by itself."""


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """Work that can be taken."""

    work_id: int
    alias: int
    activity: str
    """The title of the activity it was handed in to."""
    course: str
    beginning: str
    """Its first words, without its authors' names."""


def earlier_works(session: Session, actor: Actor, but: int) -> tuple[Earlier, ...]:
    """Work of activities whose scores are released, in the courses in which the actor is staff. Two queries.

    :param but: the id of the placement it is for.
    """
    rows = session.execute(
        _takeable(actor).where(Work.placement_id != but).order_by(Work.id.desc()).limit(MOST)
    ).all()
    names = _names(session, [row.id for row in rows])
    return tuple(
        Earlier(
            work_id=row.id,
            alias=row.alias,
            activity=row.activity,
            course=row.course,
            beginning=excerpt(without_names(row.source, names.get(row.id, ())), 160),
        )
        for row in rows
    )


def taken(session: Session, actor: Actor, work_id: int) -> str:
    """The words of a work without names and files, for staff to look over.

    :raises NotFound: if it is not one that they may take.
    """
    row = session.execute(_takeable(actor).where(Work.id == work_id)).first()
    if row is None:
        raise NotFound(_("This work cannot be taken as an example."), reason=f"work {work_id}")
    return without_names(row.source, _names(session, [work_id]).get(work_id, ()))


def without_names(source: str, names: Iterable[str]) -> str:
    """``source`` without ``names`` and their parts, and with the words of files instead of the files."""
    parts = {part for name in names for part in (name, *re.split(r"[\s,.]+", name)) if len(part) >= _SHORTEST}
    text = _FILE.sub(r"\1", source)
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", NAME, text)
    return text


def _takeable(actor: Actor) -> Select[int, int, str, str, str]:
    return (
        select(
            Work.id,
            Work.alias,
            Contribution.source,
            Placement.title.label("activity"),
            Course.title.label("course"),
        )
        .join(Contribution, Contribution.id == Work.contribution_id)
        .join(Activity, Activity.placement_id == Work.placement_id)
        .join(Placement, Placement.id == Work.placement_id)
        .join(Community, Community.id == Work.community_id)
        .join(Course, Course.id == Community.course_id)
        .join(Membership, Membership.course_id == Course.id)
        .where(
            Work.tenant_id == actor.tenant_id,
            Work.state == WorkState.SUBMITTED,
            Contribution.state == State.PUBLISHED,
            Activity.phase.in_(SCORED),
            Membership.user_id == actor.user_id,
            Membership.active.is_(True),
            Membership.lead_role.in_(STAFF),
        )
    )


def _names(session: Session, work_ids: list[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Author.work_id, User.name)
        .join(User, User.id == Author.user_id)
        .where(Author.work_id.in_(work_ids))
    )
    names: dict[int, list[str]] = {}
    for work_id, name in rows:
        names.setdefault(work_id, []).append(name)
    return names
