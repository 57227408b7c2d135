"""Who hands a work in together."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Extension, Work
from lmssocial.widgets.peer_rating.settings import PeerSettings


@dataclass(frozen=True)
class Team:
    """A course group somebody may hand in for."""

    id: int
    name: str


def teams_of(session: Session, actor: Actor) -> tuple[Team, ...]:
    """The actor's groups, by name. One query, none if they are in no group."""
    if not actor.groups:
        return ()
    rows = session.execute(
        select(Group.id, Group.name)
        .where(
            Group.id.in_(actor.groups),
            Group.community_id == actor.community_id,
            Group.tenant_id == actor.tenant_id,
        )
        .order_by(func.lower(Group.name), Group.id)
    )
    return tuple(Team(*row) for row in rows)


def require_team(session: Session, actor: Actor, settings: PeerSettings, group_id: int | None) -> int | None:
    """The group that the actor hands in for; ``None`` where everybody hands in alone.

    :param group_id: the one they chose, if they had to.
    :raises NotAllowed: if they are in no group.
    :raises Invalid: if they have to choose one.
    """
    if not settings.teams:
        return None
    choices = [team.id for team in teams_of(session, actor)]
    if not choices:
        raise NotAllowed(
            _(
                "Teams hand in together here, and you are in no group of this course yet. Ask your instructor to put "
                "you into one; what you wrote is kept."
            )
        )
    chosen = choices[0] if group_id is None and len(choices) == 1 else group_id
    if chosen not in choices:
        raise Invalid(_("Choose the group that you hand in for."))
    return chosen


def authors_to_be(session: Session, actor: Actor, placement_id: int, group_id: int | None) -> list[int]:
    """The ids of those who hand in now: the actor, and of their group everybody who has not handed in elsewhere."""
    if group_id is None:
        return [actor.user_id]
    elsewhere = (
        select(Author.user_id)
        .join(Work, Work.id == Author.work_id)
        .where(
            Author.placement_id == placement_id,
            Work.state.in_(HANDED_IN),
            Work.group_id.is_distinct_from(group_id),
        )
    )
    found = session.scalars(
        select(GroupMember.user_id)
        .join(Membership, Membership.user_id == GroupMember.user_id)
        .join(User, User.id == GroupMember.user_id)
        .where(
            GroupMember.group_id == group_id,
            taking_part(actor.course_id),
            GroupMember.user_id.not_in(elsewhere),
        )
    )
    return sorted({*found, actor.user_id})


def last_rounds(session: Session, placement_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """The number of the last work of each of these people; who has handed nothing in is not there."""
    rows = session.execute(
        select(Author.user_id, func.max(Author.round))
        .where(Author.placement_id == placement_id, Author.user_id.in_(user_ids))
        .group_by(Author.user_id)
    )
    return {row[0]: row[1] for row in rows}


def extension_among(session: Session, placement_id: int, user_ids: Collection[int]) -> Extension | None:
    """The dates by which a team hands in: those of the member who has the longest time."""
    found = session.scalars(
        select(Extension).where(
            Extension.placement_id == placement_id,
            Extension.user_id.in_(user_ids),
            Extension.submit_due_at.is_not(None),
        )
    ).all()
    return max(found, key=lambda extension: extension.submit_due_at or extension.given_at, default=None)
