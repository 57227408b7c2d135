"""Out of the frame, into a tab of its own: once, within a minute, as the same person."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Gone
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity import handover
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
from tests.conftest import TestClock


@pytest.fixture
def actor(clock: TestClock, session: Session) -> Actor:
    """Somebody signed in to a course in a frame."""
    now = clock.now
    with unit_of_work(session):
        tenant = Tenant(name="Hand-over", created_at=now)
        session.add(tenant)
        session.flush()
        registration = Registration(
            tenant_id=tenant.id, public_key="k", name="LMS", issuer="https://lms.test", client_id="c",
            auth_login_url="https://lms.test/a", token_url="https://lms.test/t", jwks_url="https://lms.test/j",
            created_at=now,
        )  # fmt: skip
        session.add(registration)
        session.flush()
        deployment = Deployment(
            registration_id=registration.id, deployment_id="1", standing=Standing.APPROVED, created_at=now
        )
        session.add(deployment)
        session.flush()
        course = Course(tenant_id=tenant.id, deployment_id=deployment.id, context_id="c1", created_at=now)
        user = User(
            tenant_id=tenant.id,
            registration_id=registration.id,
            sub="u",
            name="Ana",
            created_at=now,
            last_seen_at=now,
        )
        session.add_all([course, user])
        session.flush()
        membership = Membership(course_id=course.id, user_id=user.id, joined_at=now, last_launch_at=now)
        session.add(membership)
        session.flush()
        row = WebSession(
            browser_hash=token_hash("frame"), membership_id=membership.id, course_id=course.id,
            registration_id=registration.id, created_at=now, expires_at=now + timedelta(hours=12),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return Actor(
            user_id=user.id,
            name="Ana",
            tenant_id=tenant.id,
            course_id=course.id,
            community_id=0,
            session_id=row.id,
        )


def ask(session: Session, actor: Actor) -> str:
    with unit_of_work(session):
        return handover.begin(session, actor, placement_id=7)


def redeem(session: Session, code: str, browser: str = "tab") -> handover.Landing:
    with unit_of_work(session):
        return handover.redeem(session, code, browser)


def memberships_in(session: Session, browser: str) -> list[int]:
    """Who is signed in in a browser."""
    signed_in = select(WebSession.membership_id).where(WebSession.browser_hash == token_hash(browser))
    return list(session.scalars(signed_in))


def test_the_tab_is_signed_in_as_the_same_person(session: Session, actor: Actor) -> None:
    assert redeem(session, ask(session, actor)).placement_id == 7
    assert memberships_in(session, "tab") == memberships_in(session, "frame") != []


def test_a_code_is_good_once(session: Session, actor: Actor) -> None:
    code = ask(session, actor)
    redeem(session, code)
    with pytest.raises(Gone) as refusal:
        redeem(session, code, "another tab")
    assert refusal.value.title == "This link is used up"
    assert memberships_in(session, "another tab") == []


def test_a_code_is_good_for_a_minute(clock: TestClock, session: Session, actor: Actor) -> None:
    code = ask(session, actor)
    clock.tick(61)
    with pytest.raises(Gone):
        redeem(session, code)


def test_an_invented_code_opens_nothing(session: Session, actor: Actor) -> None:
    ask(session, actor)
    with pytest.raises(Gone):
        redeem(session, "invented")
    assert memberships_in(session, "tab") == []


def test_a_sign_in_that_is_over_hands_nothing_over(clock: TestClock, session: Session, actor: Actor) -> None:
    clock.tick(12 * 3600 - 30)
    code = ask(session, actor)
    clock.tick(40)
    with pytest.raises(Gone):
        redeem(session, code)


def test_the_tab_ends_when_the_frame_would(session: Session, actor: Actor) -> None:
    redeem(session, ask(session, actor))
    assert len(set(session.scalars(select(WebSession.expires_at)))) == 1
