"""The people a notice may be for, as the actors they are in their community."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF, LmsRole
from lmssocial.social.communities.models import Appointment, Community, Group, GroupMember
from lmssocial.social.engagement.models import Follow, Level
from lmssocial.social.notifications.models import How, Preference

AT_ONCE = 500
"""People asked for by one statement: databases take only so many parameters."""


_HAS_COME = Membership.last_launch_at.is_not(None)


@dataclass(frozen=True)
class Recipient:
    """Somebody who may be told, and how they want to be."""

    actor: Actor
    wants: How | None
    """What they chose; ``None`` if they chose nothing."""
    has_muted: bool
    has_come: bool
    """Whether they ever opened an activity there. Who is only known from the roster finds in the bell what was for
    them in person, such as a mention, when they come; nothing is sent to them before."""


def members(session: Session, community_id: int) -> set[int]:
    """The ids of everybody who is in a community now and has been there; nobody is told before they came."""
    return set(session.scalars(_present(community_id).where(_HAS_COME)))


def moderators(session: Session, community_id: int) -> set[int]:
    """The ids of staff, stewards and SMEs who are in a community now and have been there."""
    is_staff = or_(*(Membership.roles.contains(role.value) for role in sorted(STAFF)))
    appointed = select(Appointment.user_id).where(Appointment.community_id == community_id)
    found = session.scalars(_present(community_id).where(_HAS_COME, or_(is_staff, User.id.in_(appointed))))
    return set(found)


def actors(session: Session, community_id: int, user_ids: Collection[int]) -> list[Actor]:
    """Those of some users who are in a community now, as the actors they are there."""
    return [found.actor for found in recipients(session, community_id, user_ids, kind="", follows=None)]


def recipients(
    session: Session,
    community_id: int,
    user_ids: Collection[int],
    *,
    kind: str,
    follows: tuple[str, int] | None,
) -> list[Recipient]:
    """Those of some users who are in a community now, with what they want to hear of ``kind``, by their ids."""
    statement = _statement(community_id, kind, follows)
    ordered = sorted(set(user_ids))
    found: list[Recipient] = []
    for start in range(0, len(ordered), AT_ONCE):
        rows = session.execute(statement.where(User.id.in_(ordered[start : start + AT_ONCE])))
        found += [_recipient(community_id, row) for row in rows]
    return found


def _present(community_id: int) -> Any:
    return (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Community, Community.course_id == Membership.course_id)
        .where(Community.id == community_id, Membership.active.is_(True), User.is_former.is_(False))
    )


def _statement(community_id: int, kind: str, follows: tuple[str, int] | None) -> Any:
    groups = (
        select(func.aggregate_strings(cast(GroupMember.group_id, String), " "))
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.user_id == User.id, Group.community_id == community_id)
        .correlate(User)
        .scalar_subquery()
    )
    chosen = and_(
        Preference.user_id == User.id, Preference.community_id == community_id, Preference.kind == kind
    )
    return (
        _present(community_id)
        .with_only_columns(
            User.id,
            User.name,
            User.tenant_id,
            User.locale,
            User.is_test,
            Membership.roles,
            Membership.course_id,
            _HAS_COME.label("has_come"),
            Appointment.offices,
            groups.label("groups"),
            Preference.how,
            Follow.level,
        )
        .outerjoin(
            Appointment, and_(Appointment.user_id == User.id, Appointment.community_id == community_id)
        )
        .outerjoin(Preference, chosen)
        .outerjoin(Follow, _followed(follows))
        .order_by(User.id)
    )


def _followed(follows: tuple[str, int] | None) -> ColumnElement[bool]:
    if follows is None:
        return false()
    kind, subject_id = follows
    return and_(Follow.user_id == User.id, Follow.subject_kind == kind, Follow.subject_id == subject_id)


def _recipient(community_id: int, row: Any) -> Recipient:
    actor = Actor(
        user_id=row.id,
        name=row.name,
        tenant_id=row.tenant_id,
        course_id=row.course_id,
        community_id=community_id,
        roles=frozenset(LmsRole(role) for role in row.roles.split()),
        offices=frozenset(Office(office) for office in (row.offices or "").split()),
        groups=frozenset(int(group) for group in (row.groups or "").split()),
        locale=row.locale,
        is_test=row.is_test,
    )
    return Recipient(actor, row.how, row.level is Level.MUTE, row.has_come)
