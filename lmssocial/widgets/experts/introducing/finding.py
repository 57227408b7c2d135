"""Who can be brought together: people who are in the course now; and the introductions that concern somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.experts.models import Introduction, Reach
from lmssocial.widgets.experts.people_models import Profile

MOST_FOUND = 20
"""People shown for a part of a name."""


@dataclass(frozen=True, kw_only=True)
class Name:
    """Somebody who can be brought together with somebody else."""

    user_id: int
    name: str
    offers: bool
    """Whether they offer to be asked as an expert."""


def called(session: Session, actor: Actor, part: str, without: Sequence[int]) -> list[Name]:
    """People of the actor's course whose names have ``part`` in them, by name; nobody for no part. One query."""
    words = part.split()[:5]
    if not words:
        return []
    statement = _people(actor).where(User.id != actor.user_id, User.id.not_in(without))
    for word in words:
        statement = statement.where(User.name.icontains(word, autoescape=True))
    return _names(session, statement.limit(MOST_FOUND))


def named(session: Session, actor: Actor, user_ids: Sequence[int]) -> dict[int, Name]:
    """Those of some people who can be brought together by the actor, by their ids. One query."""
    wanted = [one for one in user_ids if one != actor.user_id]
    if not wanted:
        return {}
    return {name.user_id: name for name in _names(session, _people(actor).where(User.id.in_(wanted)))}


def own(session: Session, actor: Actor, introduction_id: int, *, lock: bool = False) -> Introduction:
    """An introduction that is about the actor.

    :param lock: whether it is changed.
    :raises NotFound: if there is none of that number.
    """
    statement = select(Introduction).where(
        Introduction.id == introduction_id,
        Introduction.community_id == actor.community_id,
        or_(Introduction.first_id == actor.user_id, Introduction.second_id == actor.user_id),
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise no_introduction(actor, introduction_id)
    return found


def no_introduction(actor: Actor, introduction_id: int) -> NotFound:
    """What somebody reads who is not concerned."""
    return NotFound(
        _("There is no introduction at this address, or it does not concern you."),
        reason=f"introduction {introduction_id} does not concern user {actor.user_id}",
    )


def _people(actor: Actor) -> Select[int, str, bool]:
    offers = (
        exists()
        .where(
            Profile.user_id == User.id,
            Profile.community_id == actor.community_id,
            Profile.reach != Reach.NONE,
        )
        .correlate(User)
    )
    return (
        select(User.id, User.name, offers.label("offers"))
        .join(Membership, and_(Membership.user_id == User.id, Membership.course_id == actor.course_id))
        .where(
            Membership.active,
            User.is_former.is_(False),
            User.is_test.is_(False),
            User.name != "",
        )
        .order_by(User.name, User.id)
    )


def _names(session: Session, statement: Select[int, str, bool]) -> list[Name]:
    rows = session.execute(statement)
    return [Name(user_id=row.id, name=row.name, offers=bool(row.offers)) for row in rows]
