"""Two peer ratings of a customer, one in which people review and one whose scores are out."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course, Membership, Registration, Tenant, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Community, Placement
from lmssocial.widgets.peer_rating.models import Phase
from tests.support.people import Place, make_placement
from tests.support.rated import fill

PHASES = (Phase.REVIEW, Phase.RELEASED)
"""Where the activities of each side are."""


def rate(session: Session, word: str, tenant_id: int, registration_id: int) -> None:
    """Make both activities, by the people of a course that is there, with ``word`` in all that they write."""
    place = place_of(session, tenant_id, registration_id)
    for phase in PHASES:
        placement = make_placement(session, place.community, widget="peer_rating")
        placement.uuid = f"{word}-{phase}"
        placement.title = f"Rating of {word}"
        here = replace(place, placement=placement)
        fill(session, here, people_of(session, here)[:3], phase, word)


def place_of(session: Session, tenant_id: int, registration_id: int) -> Place:
    """The first course of a customer, with the first placement in it."""
    course = session.scalars(
        select(Course).where(Course.tenant_id == tenant_id, Course.context_id == "course-1")
    ).one()
    community = session.scalars(
        select(Community).where(Community.course_id == course.id).order_by(Community.id).limit(1)
    ).one()
    return Place(
        session.get_one(Tenant, tenant_id),
        session.get_one(Registration, registration_id),
        course,
        community,
        session.scalars(
            select(Placement).where(Placement.community_id == community.id).order_by(Placement.id).limit(1)
        ).one(),
    )


def people_of(session: Session, place: Place) -> list[Actor]:
    """Who teaches, and the learners, as they came."""
    rows = session.execute(
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == place.course.id)
        .order_by(User.sub)
    )
    return [
        Actor(
            user_id=user.id,
            name=user.name,
            tenant_id=place.tenant.id,
            course_id=place.course.id,
            community_id=place.community.id,
            roles=frozenset({LmsRole(membership.lead_role)}),
        )
        for user, membership in rows
    ]
