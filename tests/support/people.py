"""People, courses and placements for tests, made directly as rows: what a launch would have left behind."""

import itertools
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import (
    Course,
    Deployment,
    Membership,
    Registration,
    Standing,
    Tenant,
    User,
    WebSession,
)
from lmssocial.lms.identity.roles import LmsRole, lead_role
from lmssocial.social.communities.models import Community, Kind, Placement, Tier

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A course with a community and one placement in it."""

    tenant: Tenant
    registration: Registration
    course: Course
    community: Community
    placement: Placement


def make_place(session: Session, *, widget: str = "discussion", beside: Place | None = None) -> Place:
    """A course with a placement; in the same tenant as ``beside``, if given. Flushed, not committed."""
    number, now = next(_numbers), clock.now()
    if beside is None:
        tenant = Tenant(name=f"Tenant {number}", created_at=now)
        session.add(tenant)
        session.flush()
        registration = Registration(
            tenant_id=tenant.id,
            public_key=f"key-{number}",
            name=f"Platform {number}",
            issuer=f"https://lms{number}.example",
            client_id="client",
            auth_login_url=f"https://lms{number}.example/auth",
            token_url=f"https://lms{number}.example/token",
            jwks_url=f"https://lms{number}.example/jwks",
            trusted_audiences={},
            frame_origins={},
            created_at=now,
        )
        session.add(registration)
        session.flush()
    else:
        tenant, registration = beside.tenant, beside.registration
    deployment = Deployment(
        registration_id=registration.id,
        deployment_id=f"d{number}",
        standing=Standing.APPROVED,
        created_at=now,
    )
    session.add(deployment)
    session.flush()
    course = Course(
        tenant_id=tenant.id,
        deployment_id=deployment.id,
        context_id=f"course-{number}",
        title=f"Course {number}",
        created_at=now,
    )
    session.add(course)
    session.flush()
    community = Community(
        tenant_id=tenant.id,
        course_id=course.id,
        kind=Kind.COURSE,
        title=course.title,
        tier=Tier.OPEN,
        ground_rules="Be kind.\nSpeak from experience.",
        created_at=now,
    )
    session.add(community)
    session.flush()
    return Place(tenant, registration, course, community, make_placement(session, community, widget=widget))


def make_placement(session: Session, community: Community, *, widget: str = "discussion") -> Placement:
    """One more placement in ``community``."""
    placement = Placement(
        uuid=f"00000000-0000-0000-0000-{next(_numbers):012d}",
        community_id=community.id,
        tenant_id=community.tenant_id,
        widget=widget,
        title="Discussion",
        settings={},
        created_at=clock.now(),
    )
    session.add(placement)
    session.flush()
    return placement


def make_person(session: Session, place: Place, name: str = "", *roles: LmsRole) -> Actor:
    """Somebody in the course of ``place``, a learner unless other roles are given, as the actor they are there."""
    number, now = next(_numbers), clock.now()
    all_roles = frozenset(roles or (LmsRole.LEARNER,))
    user = User(
        tenant_id=place.tenant.id,
        registration_id=place.registration.id,
        sub=f"sub-{number}",
        name=name or f"Person {number}",
        created_at=now,
        last_seen_at=now,
    )
    session.add(user)
    session.flush()
    membership = Membership(
        course_id=place.course.id,
        user_id=user.id,
        roles=" ".join(sorted(all_roles)),
        lead_role=lead_role(all_roles),
        joined_at=now,
        last_launch_at=now,
    )
    session.add(membership)
    session.flush()
    return Actor(
        user_id=user.id,
        name=user.name,
        tenant_id=place.tenant.id,
        course_id=place.course.id,
        community_id=place.community.id,
        roles=all_roles,
    )


def sign_in(session: Session, place: Place, actor: Actor, browser: str, *, hours: int = 12) -> None:
    """Sign ``actor`` in to ``place`` in the browser that keeps the token ``browser``. Flushed, not committed."""
    membership_id = session.scalars(
        select(Membership.id).where(
            Membership.course_id == place.course.id, Membership.user_id == actor.user_id
        )
    ).one()
    now = clock.now()
    session.add(
        WebSession(
            browser_hash=token_hash(browser),
            membership_id=membership_id,
            course_id=place.course.id,
            registration_id=place.registration.id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    session.flush()
