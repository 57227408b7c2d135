"""Courses, people, groups and placements as plain values, for whoever reckons with them: plugins above all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Course, Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import (
    Affiliation,
    Appointment,
    Community,
    Group,
    GroupMember,
    Kind,
    Placement,
)


@dataclass(frozen=True, kw_only=True)
class CourseFacts:
    """A course and its community."""

    id: int
    """The number of the course."""
    tenant_id: int
    """Whose it is: the customer."""
    community_id: int
    """The number of its community."""
    title: str
    """What the LMS calls it."""
    since: datetime
    """When it was first opened here (UTC)."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """Somebody in a course, now or in the past. Test users of the LMS and people who were only imported are nobody."""

    course_id: int
    """The number of the course."""
    user_id: int
    """Their number; the same in every course of one platform."""
    role: LmsRole
    """Their leading LMS role, as of their last launch or roster."""
    joined_at: datetime
    """When they first came, or stood in a roster (UTC)."""
    left_at: datetime | None
    """When they had left; ``None`` for who is in the course. Who comes back was there all the time."""
    groups: frozenset[int]
    """The ids of their course groups at present."""
    offices: frozenset[Office]
    """What they look after in the community."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A widget in a course."""

    placement_id: int
    """Its number, as addresses have it: ``/w/<placement_id>/``."""
    course_id: int
    """The number of the course."""
    widget: str
    """Its kind: ``discussion``."""
    title: str
    """What it is called in the course."""
    since: datetime
    """When it was placed (UTC)."""


@dataclass(frozen=True, kw_only=True)
class SpanFacts:
    """A community across courses, with the courses in it."""

    community_id: int
    """Its number."""
    title: str
    """What its courses call it."""
    kind: Kind
    """Whether its people share a method, or a job."""
    course_ids: tuple[int, ...]
    """The numbers of the courses in it."""


def courses(
    session: Session, *, tenant_id: int | None = None, ids: Collection[int] | None = None
) -> list[CourseFacts]:
    """The courses of a tenant, or those with these ids, or both; in order of id. One query.

    :raises ValueError: if neither is given: nobody needs the courses of all customers at once.
    """
    if tenant_id is None and ids is None:
        raise ValueError("name a tenant or some courses")
    wanted = select(
        Course.id, Course.tenant_id, Community.id.label("community_id"), Community.title, Course.created_at
    ).join(Community, Community.course_id == Course.id)
    if tenant_id is not None:
        wanted = wanted.where(Course.tenant_id == tenant_id)
    if ids is not None:
        wanted = wanted.where(Course.id.in_(sorted(ids)))
    return [
        CourseFacts(
            id=row.id,
            tenant_id=row.tenant_id,
            community_id=row.community_id,
            title=row.title,
            since=row.created_at,
        )
        for row in session.execute(wanted.order_by(Course.id))
    ]


def enrolled(session: Session, course_ids: Collection[int]) -> list[Enrolled]:
    """Everybody who is or was in these courses, by course and user id. Three queries, however many they are."""
    wanted = sorted(course_ids)
    groups = _by_person(session, wanted)
    offices = {
        (row.course_id, row.user_id): frozenset(Office(office) for office in row.offices.split())
        for row in session.execute(
            select(Community.course_id, Appointment.user_id, Appointment.offices)
            .join(Community, Community.id == Appointment.community_id)
            .where(Community.course_id.in_(wanted))
        )
    }
    rows = session.execute(
        select(
            Membership.course_id,
            Membership.user_id,
            Membership.lead_role,
            Membership.joined_at,
            Membership.left_at,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.course_id.in_(wanted), User.is_test.is_(False), User.is_former.is_(False))
        .order_by(Membership.course_id, Membership.user_id)
    )
    return [
        Enrolled(
            course_id=row.course_id,
            user_id=row.user_id,
            role=LmsRole(row.lead_role),
            joined_at=row.joined_at,
            left_at=row.left_at,
            groups=groups.get((row.course_id, row.user_id), frozenset()),
            offices=offices.get((row.course_id, row.user_id), frozenset()),
        )
        for row in rows
    ]


def group_names(session: Session, course_ids: Collection[int]) -> dict[int, str]:
    """The names of the groups of some courses, by id, in order of name. One query."""
    rows = session.execute(
        select(Group.id, Group.name)
        .join(Community, Community.id == Group.community_id)
        .where(Community.course_id.in_(sorted(course_ids)))
        .order_by(Group.name, Group.id)
    )
    return {row.id: row.name for row in rows}


def names(session: Session, tenant_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """What people of a tenant are called, by id; without those who are not of that tenant. One query."""
    rows = session.execute(
        select(User.id, User.name).where(User.tenant_id == tenant_id, User.id.in_(sorted(user_ids)))
    )
    return {row.id: row.name for row in rows}


def members_called(
    session: Session,
    actor: Actor,
    part: str = "",
    *,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
    most: int = 20,
) -> dict[int, str]:
    """The other members of the actor's course by id, whose names have every word of ``part``, in order of name.

    Who left, test users of the LMS and people who were only imported are not among them. One query.

    :param part: empty for everybody.
    :param only: of these people alone; ``None``: of all.
    :param without: of all but these.
    :param most: how many are found at most.
    """
    wanted = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
            Membership.left_at.is_(None),
            User.tenant_id == actor.tenant_id,
            User.is_test.is_(False),
            User.is_former.is_(False),
            User.id.not_in(sorted({actor.user_id, *without})),
            *(User.name.icontains(word, autoescape=True) for word in part.split()[:5]),
        )
        .order_by(func.lower(User.name), User.id)
        .limit(most)
    )
    if only is not None:
        wanted = wanted.where(User.id.in_(sorted(only)))
    return {row.id: row.name for row in session.execute(wanted)}


def placed(session: Session, course_ids: Collection[int]) -> list[Placed]:
    """The widgets in some courses, in the order in which they were placed. One query."""
    rows = session.execute(
        select(Placement.id, Community.course_id, Placement.widget, Placement.title, Placement.created_at)
        .join(Community, Community.id == Placement.community_id)
        .where(Community.course_id.in_(sorted(course_ids)))
        .order_by(Placement.id)
    )
    return [
        Placed(
            placement_id=row.id,
            course_id=row.course_id,
            widget=row.widget,
            title=row.title,
            since=row.created_at,
        )
        for row in rows
    ]


def spans_around(session: Session, actor: Actor) -> list[SpanFacts]:
    """The communities across courses that the actor's course is in, with all their courses, by title. One query."""
    mine = select(Affiliation.span_id).where(Affiliation.community_id == actor.community_id)
    return _spans(session, mine, Community.tenant_id == actor.tenant_id)


def spans_of(session: Session, course_ids: Collection[int]) -> list[SpanFacts]:
    """The communities across courses that any of these courses is in, with all their courses, by title. One query."""
    theirs = (
        select(Affiliation.span_id)
        .join(Community, Community.id == Affiliation.community_id)
        .where(Community.course_id.in_(sorted(course_ids)))
    )
    return _spans(session, theirs)


def _spans(session: Session, span_ids: Select[int], *conditions: ColumnElement[bool]) -> list[SpanFacts]:
    course = select(Community.id, Community.course_id).subquery()
    rows = session.execute(
        select(Community.id, Community.title, Community.kind, course.c.course_id)
        .join(Affiliation, Affiliation.span_id == Community.id)
        .join(course, course.c.id == Affiliation.community_id)
        .where(Community.id.in_(span_ids), *conditions)
        .order_by(Community.title, Community.id, course.c.course_id)
    ).all()
    found: dict[int, SpanFacts] = {}
    for row in rows:
        known: Sequence[int] = found[row.id].course_ids if row.id in found else ()
        found[row.id] = SpanFacts(
            community_id=row.id, title=row.title, kind=row.kind, course_ids=(*known, row.course_id)
        )
    return list(found.values())


def _by_person(session: Session, course_ids: Sequence[int]) -> dict[tuple[int, int], frozenset[int]]:
    rows = session.execute(
        select(Community.course_id, GroupMember.user_id, GroupMember.group_id)
        .join(Group, Group.id == GroupMember.group_id)
        .join(Community, Community.id == Group.community_id)
        .where(Community.course_id.in_(course_ids))
    )
    found: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        found.setdefault((row.course_id, row.user_id), set()).add(row.group_id)
    return {key: frozenset(groups) for key, groups in found.items()}
