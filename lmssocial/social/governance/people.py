"""Who is in a course, for its staff: those who came, those who have not come yet, those who left."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Appointment, Group, GroupMember
from lmssocial.social.governance import access

PAGE = 50
"""People on one page."""


class Show(StrEnum):
    """Who is listed."""

    HERE = "here"
    """Everybody who is in the course."""
    NEW = "new"
    """Those of them who have not been here yet."""
    LEFT = "left"
    """Who is not in the course any more."""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody in the list."""

    user_id: int
    name: str
    is_named: bool
    """Whether this is the name their LMS sent, rather than one that stands for it."""
    lead_role: str
    offices: frozenset[Office]
    groups: tuple[str, ...]
    is_test: bool
    is_active: bool
    last_launch_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class People:
    """A page of the list."""

    rows: tuple[PersonRow, ...]
    after: int | None
    """The person after whom the next page begins; ``None`` on the last one."""
    counts: dict[Show, int]
    """How many there are of each, on all pages and whatever is searched for."""


def people(
    session: Session, actor: Actor, *, show: Show = Show.HERE, called: str = "", after: int = 0
) -> People:
    """The people of the actor's course by name; two queries, however many there are.

    :param called: parts of the name; empty for everybody.
    :param after: begins after this person.
    :raises NotAllowed: unless the actor is staff.
    """
    access.require_founder(actor)
    wanted = _rows(actor).where(_shown(show))
    for part in called.split():
        wanted = wanted.where(User.name.icontains(part, autoescape=True))
    if after:
        name = select(func.lower(User.name)).where(User.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(func.lower(User.name), User.id) > tuple_(name, literal(after)))
    rows = [_row(found) for found in session.execute(wanted.limit(PAGE + 1))]
    return People(
        rows=tuple(rows[:PAGE]),
        after=rows[PAGE - 1].user_id if len(rows) > PAGE else None,
        counts=_counts(session, actor),
    )


def number_of_people(session: Session, actor: Actor) -> tuple[int, int]:
    """How many are in the actor's course, and how many of them have not been here yet. One query."""
    counts = _counts(session, actor)
    return counts[Show.HERE], counts[Show.NEW]


def _shown(show: Show) -> ColumnElement[bool]:
    if show is Show.LEFT:
        return Membership.active.is_(False)
    if show is Show.NEW:
        return and_(Membership.active.is_(True), Membership.last_launch_at.is_(None))
    return Membership.active.is_(True)


def _in_course(actor: Actor) -> ColumnElement[bool]:
    return and_(Membership.course_id == actor.course_id, User.tenant_id == actor.tenant_id)


def _rows(actor: Actor) -> Any:
    groups = (
        select(func.aggregate_strings(Group.name, "\n"))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.community_id == actor.community_id, GroupMember.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    return (
        select(
            User.id,
            User.name,
            User.has_real_name,
            User.is_test,
            Membership.lead_role,
            Membership.active,
            Membership.last_launch_at,
            Appointment.offices,
            groups.label("groups"),
        )
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Appointment,
            and_(Appointment.user_id == User.id, Appointment.community_id == actor.community_id),
        )
        .where(_in_course(actor))
        .order_by(func.lower(User.name), User.id)
    )


def _row(found: Any) -> PersonRow:
    return PersonRow(
        user_id=found.id,
        name=found.name,
        is_named=found.has_real_name,
        lead_role=found.lead_role,
        offices=frozenset(Office(office) for office in (found.offices or "").split()),
        groups=tuple(sorted((found.groups or "").splitlines(), key=str.casefold)),
        is_test=found.is_test,
        is_active=found.active,
        last_launch_at=found.last_launch_at,
    )


def _counts(session: Session, actor: Actor) -> dict[Show, int]:
    each = session.execute(
        select(*(func.count(case((_shown(show), 1))).label(show.value) for show in Show))
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(_in_course(actor))
    ).one()
    return {show: each[number] for number, show in enumerate(Show)}
