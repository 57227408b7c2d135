"""Who takes part: the learners of a course, with their groups."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community, Group, GroupMember
from lmssocial.widgets.peer_rating.access import taking_part


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who hands in and reviews."""

    user_id: int
    name: str
    groups: frozenset[int] = frozenset()
    """The ids of their groups in the course."""


def participants(session: Session, course_id: int) -> tuple[Participant, ...]:
    """Everybody who takes part in activities of a course now, by name. One query."""
    grouped = (
        select(GroupMember.user_id, GroupMember.group_id)
        .join(Group, Group.id == GroupMember.group_id)
        .join(Community, Community.id == Group.community_id)
        .where(Community.course_id == course_id)
        .subquery()
    )
    rows = session.execute(
        select(User.id, User.name, grouped.c.group_id)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(grouped, and_(grouped.c.user_id == User.id))
        .where(taking_part(course_id))
        .order_by(User.name, User.id)
    )
    names: dict[int, str] = {}
    groups: dict[int, set[int]] = {}
    for user_id, name, group_id in rows:
        names[user_id] = name
        groups.setdefault(user_id, set()).update([] if group_id is None else [group_id])
    return tuple(
        Participant(user_id=user_id, name=name, groups=frozenset(groups[user_id]))
        for user_id, name in names.items()
    )
