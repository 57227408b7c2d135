"""Invitations: once, until a day, and never readable in the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Gone, Invalid, NotFound
from lmssocial.lms.identity import invitations, platforms
from lmssocial.lms.identity.models import Tenant
from tests.conftest import TestClock


@pytest.fixture
def owner(session: Session) -> Tenant:
    """A tenant."""
    return platforms.tenant_named(session, "Northern College")[0]


def test_the_token_is_not_in_the_database(session: Session, owner: Tenant) -> None:
    invitation, token = invitations.invite(session, owner, " Moodle  of Northern College ")
    assert invitation.name == "Moodle of Northern College"
    assert len(token) == 43
    assert token not in {invitation.token_hash, invitation.name}
    assert invitations.open_invitation(session, token).id == invitation.id


def test_it_works_once(session: Session, owner: Tenant, clock: TestClock) -> None:
    _, token = invitations.invite(session, owner, "Moodle")
    clock.tick(days=1)
    assert invitations.claim(session, token).used_at == clock.now
    for attempt in (invitations.claim, invitations.open_invitation):
        with pytest.raises(Gone) as refused:
            attempt(session, token)
        assert refused.value.title == "This registration link has been used"
        assert "2026-03-03" in refused.value.reason


def test_it_ends_after_its_days(session: Session, owner: Tenant, clock: TestClock) -> None:
    _, token = invitations.invite(session, owner, "Moodle", days=2)
    clock.tick(days=1, hours=23, minutes=59)
    invitations.open_invitation(session, token)
    clock.tick(minutes=1)
    for attempt in (invitations.claim, invitations.open_invitation):
        with pytest.raises(Gone) as refused:
            attempt(session, token)
        assert refused.value.title == "This registration link has expired"


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é"])
def test_a_token_nobody_made_opens_nothing(session: Session, owner: Tenant, token: str) -> None:
    invitations.invite(session, owner, "Moodle")
    for attempt in (invitations.claim, invitations.open_invitation):
        with pytest.raises(NotFound):
            attempt(session, token)


def test_a_failed_attempt_gives_it_back_and_a_good_one_does_not(session: Session, owner: Tenant) -> None:
    invitation, token = invitations.invite(session, owner, "Moodle")
    invitations.claim(session, token)
    invitations.release(session, invitation.id)
    claimed = invitations.claim(session, token)
    draft = platforms.PlatformDraft(
        name="Moodle", issuer="https://m.example", client_id="c", auth_login_url="https://m.example/a",
        token_url="https://m.example/t", jwks_url="https://m.example/k",
    )  # fmt: skip
    claimed.registration_id = platforms.add(session, owner, draft, "1").registration.id
    session.flush()
    invitations.release(session, invitation.id)
    with pytest.raises(Gone):
        invitations.claim(session, token)


@pytest.mark.parametrize(("name", "days"), [("", 14), ("  ", 14), ("x" * 121, 14), ("ok", 0), ("ok", 366)])
def test_what_makes_no_sense_is_refused(session: Session, owner: Tenant, name: str, days: int) -> None:
    with pytest.raises(Invalid):
        invitations.invite(session, owner, name, days=days)


def test_open_ones_are_listed_and_can_be_withdrawn(session: Session, owner: Tenant, clock: TestClock) -> None:
    late, _ = invitations.invite(session, owner, "Late", days=9)
    soon, token = invitations.invite(session, owner, "Soon", days=3)
    used, used_token = invitations.invite(session, owner, "Used")
    invitations.claim(session, used_token)
    listed = [(one.name, tenant) for one, tenant in invitations.open_invitations(session)]
    assert listed == [("Soon", "Northern College"), ("Late", "Northern College")]
    invitations.withdraw(session, soon.id)
    assert [one.id for one, _ in invitations.open_invitations(session)] == [late.id]
    with pytest.raises(Gone):
        invitations.claim(session, token)
    for gone in (soon.id, used.id, 999):
        with pytest.raises(NotFound):
            invitations.withdraw(session, gone)
    clock.tick(days=10)
    assert invitations.open_invitations(session) == []


def test_of_many_attempts_at_once_one_succeeds(engine: Engine) -> None:
    with Session(engine) as session, unit_of_work(session):
        tenant, _ = platforms.tenant_named(session, "Northern College")
        _, token = invitations.invite(session, tenant, "Moodle")

    def attempt(_number: int) -> bool:
        try:
            with Session(engine) as session, unit_of_work(session):
                invitations.claim(session, token)
        except Gone:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(16))) == 1
