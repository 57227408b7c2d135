"""Which placement is a copy of which, and which one a link that is new here may be a copy of.

Ids of an LMS are looked up within the registration and the tenant of the course, never beyond.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course, Deployment, Membership, ResourceLink
from lmssocial.social.communities import access
from lmssocial.social.communities.models import Community, Placement, PlacementLink

MOST_SUGGESTED = 5
MOST_COMPARED = 500
"""Placements whose titles are compared with that of a link that leads nowhere; the newest are."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a link that leads nowhere may be a copy of."""

    placement_id: int
    title: str
    widget: str
    course_title: str


def called(session: Session, tenant_id: int, uuid: str) -> Placement | None:
    """The placement of a tenant with this uuid."""
    if not uuid:
        return None
    return session.scalar(select(Placement).where(Placement.uuid == uuid, Placement.tenant_id == tenant_id))


def root(session: Session, placement: Placement) -> Placement:
    """What ``placement`` is a copy of a copy of, back to the first."""
    while placement.copied_from_id is not None:
        placement = session.get_one(Placement, placement.copied_from_id)
    return placement


def relatives(session: Session, community_id: int, original: Placement) -> list[Placement]:
    """Copies in a community of what ``original`` is, or is a copy of; the first one first."""
    first = root(session, original).id
    here = session.scalars(
        select(Placement)
        .where(Placement.community_id == community_id, Placement.widget == original.widget)
        .order_by(Placement.id)
    )
    return [one for one in here.all() if root(session, one).id == first]


def nearest_relative(session: Session, actor: Actor, original: Placement) -> Placement | None:
    """The relative of ``original`` in the nearest course that the actor's was copied from.

    A link carries the uuid of the very first placement through all copies. Who copies a copy wants what was set there.
    """
    for origin in _origins(session, session.get_one(Course, actor.course_id)):
        community_id = session.scalar(select(Community.id).where(Community.course_id == origin.id))
        found = relatives(session, community_id, original) if community_id is not None else []
        if found:
            return found[0]
    return None


def by_link(session: Session, actor: Actor, link: ResourceLink) -> Placement | None:
    """What the nearest of the links leads to that this one was copied from (LTI Core 1.3 §B.2).

    Links of several courses may have one id. Then the nearest of the courses that this one was copied from decides.
    """
    ids, course = link.origins.get("links", []), session.get_one(Course, link.course_id)
    if not ids:
        return None
    contexts = course.origins.get("contexts", [])
    rows = session.execute(
        _in_platform(select(Placement, ResourceLink.resource_link_id, Course), course)
        .join(ResourceLink, ResourceLink.course_id == Course.id)
        .join(PlacementLink, PlacementLink.resource_link_id == ResourceLink.id)
        .join(Placement, Placement.id == PlacementLink.placement_id)
        .where(
            ResourceLink.resource_link_id.in_(ids),
            ResourceLink.id != link.id,
            Placement.tenant_id == actor.tenant_id,
        )
    ).all()
    ranked = sorted(
        rows,
        key=lambda row: (
            ids.index(row.resource_link_id),
            _place(contexts, row.Course.context_id),
            row.Course.deployment_id != course.deployment_id,
            -row.Placement.id,
        ),
    )
    return ranked[0].Placement if ranked else None


def by_course(session: Session, actor: Actor, link: ResourceLink, kind: str) -> Placement | None:
    """What is called like the link in the nearest course that this one was copied from; or its only one of ``kind``.

    :param kind: the kind of widget that the link names; empty if it names none.
    """
    for origin in _origins(session, session.get_one(Course, link.course_id)):
        candidates = [one for one in _placements(session, [origin.id]) if kind in {"", one.widget}]
        fits = [one for one in candidates if _is_called(session, one, link.title)]
        if fits:
            return fits[0] if len(fits) == 1 else None
        if kind and len(candidates) == 1 and not relatives(session, actor.community_id, candidates[0]):
            return candidates[0]
    return None


def suggestions(session: Session, actor: Actor, link_id: int) -> list[Suggestion]:
    """What an instructor may mean by a link that leads nowhere, the likeliest first.

    First what the courses have that this one was copied from, then what is called like the link in other courses that
    the actor is in. What has a copy here already is not suggested.

    :param link_id: our row of the link.
    :raises NotAllowed: unless the actor is an instructor or administrator.
    """
    access.require_can_place(actor)
    link = session.get_one(ResourceLink, link_id)
    origins = _origins(session, session.get_one(Course, link.course_id))
    copied = [one for origin in origins for one in _placements(session, [origin.id])]
    mine = [one for one in _placements(session, _my_courses(session, actor)) if _same(one.title, link.title)]
    alike = sorted(copied, key=lambda one: not _same(one.title, link.title))
    likely = {one.id: one for one in [*alike, *mine]}
    new = (one for one in likely.values() if not relatives(session, actor.community_id, one))
    return [
        Suggestion(
            placement_id=one.id,
            title=one.title,
            widget=one.widget,
            course_title=session.get_one(Community, one.community_id).title,
        )
        for one in islice(new, MOST_SUGGESTED)
    ]


def _origins(session: Session, course: Course) -> list[Course]:
    """The courses that ``course`` was copied from, as far as we know them, the nearest first."""
    contexts = course.origins.get("contexts", [])
    if not contexts:
        return []
    query = _in_platform(select(Course), course)
    found = session.scalars(query.where(Course.context_id.in_(contexts), Course.id != course.id))
    return sorted(
        found,
        key=lambda one: (contexts.index(one.context_id), one.deployment_id != course.deployment_id, one.id),
    )


def _in_platform(query: Any, course: Course) -> Any:
    """``query`` over the courses of the registration and tenant of ``course``."""
    registration = (
        select(Deployment.registration_id).where(Deployment.id == course.deployment_id).scalar_subquery()
    )
    return (
        query.select_from(Course)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(Deployment.registration_id == registration, Course.tenant_id == course.tenant_id)
    )


def _placements(session: Session, course_ids: Iterable[int]) -> list[Placement]:
    """The placements of some courses, the newest first."""
    rows = session.scalars(
        select(Placement)
        .join(Community, Community.id == Placement.community_id)
        .where(Community.course_id.in_(list(course_ids)))
        .order_by(Placement.id.desc())
        .limit(MOST_COMPARED)
    )
    return list(rows)


def _my_courses(session: Session, actor: Actor) -> list[int]:
    """The other courses that the actor is in."""
    memberships = select(Membership.course_id).where(
        Membership.user_id == actor.user_id,
        Membership.active.is_(True),
        Membership.course_id != actor.course_id,
    )
    return list(session.scalars(memberships))


def _is_called(session: Session, placement: Placement, title: str) -> bool:
    """Whether that is its title, or that of a link in the LMS that leads there."""
    links = session.scalars(
        select(ResourceLink.title)
        .join(PlacementLink, PlacementLink.resource_link_id == ResourceLink.id)
        .where(PlacementLink.placement_id == placement.id)
    )
    return any(_same(one, title) for one in (placement.title, *links))


def _same(title: str, other: str) -> bool:
    """Whether two titles say the same, as people read them."""
    return bool(title.strip()) and " ".join(title.casefold().split()) == " ".join(other.casefold().split())


def _place(listed: list[str], one: str) -> int:
    return listed.index(one) if one in listed else len(listed)
