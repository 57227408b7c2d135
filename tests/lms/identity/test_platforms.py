"""Platforms in an administrator's hands."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.lms.identity import platforms
from lmssocial.lms.identity.models import Course, Deployment, Registration, Standing, Tenant, User
from lmssocial.lms.identity.platforms import PlatformDraft, problems_of

MOODLE = PlatformDraft(
    name="Moodle of Northern College",
    issuer="https://moodle.example.edu",
    client_id="DN4ZcEItehWiFsG",
    auth_login_url="https://moodle.example.edu/mod/lti/auth.php",
    token_url="https://moodle.example.edu/mod/lti/token.php",
    jwks_url="https://moodle.example.edu/mod/lti/certs.php",
)


def tenant(session: Session, name: str = "Northern College") -> Tenant:
    """A tenant of this name."""
    return platforms.tenant_named(session, name)[0]


def standings(registration: Registration) -> dict[str, Standing]:
    """Deployment ids and how they stand."""
    return {one.deployment_id: one.standing for one in registration.deployments}


def someone_came(session: Session, registration: Registration) -> None:
    """A course and a person came through the platform."""
    now = clock.now()
    session.add(
        User(
            tenant_id=registration.tenant_id, registration_id=registration.id, sub="3", name="Tina",
            created_at=now, last_seen_at=now,
        )
    )  # fmt: skip
    session.add(
        Course(
            tenant_id=registration.tenant_id, deployment_id=registration.deployments[0].id, context_id="2",
            created_at=now,
        )
    )  # fmt: skip
    session.flush()


def test_what_an_administrator_typed_is_approved_at_once(session: Session) -> None:
    added = platforms.add(session, tenant(session), MOODLE, "1")
    assert added.is_new
    assert added.registration.enabled
    assert standings(added.registration) == {"1": Standing.APPROVED}
    assert len(added.registration.public_key) == 43


@pytest.mark.parametrize(
    ("issuer", "origins"),
    [
        ("https://moodle.example.edu", None),
        ("https://canvas.instructure.com", ["https://*.instructure.com", "https://*.canvaslms.com"]),
        ("https://blackboard.com", ["https://*.blackboard.com"]),
    ],
)
def test_pages_of_every_institution_of_a_shared_issuer_may_frame_us(
    session: Session, issuer: str, origins: list[str] | None
) -> None:
    added = platforms.add(session, tenant(session), replace(MOODLE, issuer=issuer), "1")
    assert added.registration.frame_origins.get("origins") == origins


def test_adding_it_again_changes_nothing(session: Session) -> None:
    first = platforms.add(session, tenant(session), MOODLE, "1").registration
    again = platforms.add(session, tenant(session), MOODLE, "1")
    assert not again.is_new
    assert again.registration.id == first.id
    assert session.scalar(select(func.count(Registration.id))) == 1
    assert session.scalar(select(func.count(Deployment.id))) == 1


def test_another_deployment_joins_the_same_platform(session: Session) -> None:
    platforms.add(session, tenant(session), MOODLE, "1")
    again = platforms.add(session, tenant(session), MOODLE, "2")
    assert standings(again.registration) == {"1": Standing.APPROVED, "2": Standing.APPROVED}


def test_other_addresses_replace_the_known_ones_only_when_asked_to(session: Session) -> None:
    platforms.add(session, tenant(session), MOODLE, "1")
    moved = replace(
        MOODLE, jwks_url="https://moodle.example.edu/keys", token_url="https://moodle.example.edu/t"
    )
    with pytest.raises(Conflict, match=r"token_url, jwks_url.*--update"):
        platforms.add(session, tenant(session), moved, "1")
    updated = platforms.add(session, tenant(session), moved, "1", update=True)
    assert updated.registration.jwks_url == "https://moodle.example.edu/keys"
    assert not updated.is_new


def test_a_deployment_of_another_tenant_is_refused(session: Session) -> None:
    platforms.add(session, tenant(session), MOODLE, "1")
    with pytest.raises(Conflict, match="Northern College"):
        platforms.add(session, tenant(session, "Other"), MOODLE, "1")
    other = platforms.add(session, tenant(session, "Other"), MOODLE, "2")
    assert other.is_new, "a vendor-wide client id (Blackboard) has one deployment for each customer"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = PlatformDraft(
        name=" ",
        issuer="",
        client_id="x" * 256,
        auth_login_url="moodle.example.edu/auth",
        token_url="ftp://moodle.example.edu/",
        jwks_url="https://moodle.example.edu/#keys",
        token_audience="nonsense",
    )
    said = "\n".join(problems_of(wrong, "dé"))
    for word in (
        "name",
        "issuer",
        "client id",
        "auth login URL",
        "token URL",
        "JWKS URL",
        "audience",
        "deployment",
    ):
        assert word in said
    assert len(said.splitlines()) == 8


@pytest.mark.parametrize(
    "url", ["https://a:b@moodle.example.edu/", "javascript:alert(1)", "https://", "https://x y/"]
)
def test_what_is_no_web_address_is_refused(session: Session, url: str) -> None:
    with pytest.raises(Invalid, match="auth login URL"):
        platforms.add(session, tenant(session), replace(MOODLE, auth_login_url=url), "1")


def test_plain_http_is_let_in_for_development() -> None:
    local = "http://moodle.localhost:8100"
    draft = replace(
        MOODLE, issuer=local, auth_login_url=f"{local}/a", token_url=f"{local}/t", jwks_url=f"{local}/k"
    )
    assert problems_of(draft, "1") == []


def test_the_only_tenant_needs_no_name(session: Session) -> None:
    made, is_new = platforms.tenant_named(session, "")
    assert (made.name, is_new) == ("Default", True)
    assert platforms.tenant_named(session, "  ") == (made, False)
    other, is_new = platforms.tenant_named(session, "  Southern   College ")
    assert (other.name, is_new) == ("Southern College", True)
    with pytest.raises(Invalid, match="Default, Southern College"):
        platforms.tenant_named(session, "")


def test_a_tenant_with_an_endless_name_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        platforms.tenant_named(session, "x" * 121)


def test_a_platform_goes_by_number_name_and_issuer(session: Session) -> None:
    added = platforms.add(session, tenant(session), MOODLE, "1").registration
    for word in (str(added.id), f" {added.name} ", added.issuer):
        assert platforms.platform_called(session, word).id == added.id
    for word in ("Moodle", "0", "9" * 30, "", "²"):
        with pytest.raises(NotFound):
            platforms.platform_called(session, word)


def test_a_name_that_several_have_is_answered_with_their_numbers(session: Session) -> None:
    ids = [
        platforms.add(session, tenant(session), replace(MOODLE, client_id=client), "1").registration.id
        for client in ("a", "b")
    ]
    with pytest.raises(Conflict, match=", ".join(map(str, ids))):
        platforms.platform_called(session, MOODLE.name)
    assert platforms.platform_called(session, str(ids[1])).client_id == "b"


def test_approving_lets_in_whoever_waits_and_nobody_who_was_switched_off(session: Session) -> None:
    registration = platforms.add(session, tenant(session), MOODLE, "1").registration
    for name, standing in (("2", Standing.PENDING), ("3", Standing.DISABLED)):
        platforms.deployment_of(registration, name).standing = standing
    session.flush()
    assert [one.deployment_id for one in platforms.approve(session, registration)] == ["2"]
    assert standings(registration)["3"] is Standing.DISABLED
    assert [one.deployment_id for one in platforms.approve(session, registration, "3")] == ["3"]
    assert platforms.approve(session, registration) == []
    with pytest.raises(NotFound, match="no deployment 4"):
        platforms.approve(session, registration, "4")


def test_a_platform_nobody_came_through_is_deleted(session: Session) -> None:
    registration = platforms.add(session, tenant(session), MOODLE, "1").registration
    removed = platforms.remove(session, registration)
    assert not removed.is_switched_off
    assert session.scalar(select(func.count(Registration.id))) == 0
    assert session.scalar(select(func.count(Deployment.id))) == 0


def test_a_platform_people_came_through_is_switched_off_and_adding_it_switches_it_on(
    session: Session,
) -> None:
    registration = platforms.add(session, tenant(session), MOODLE, "1").registration
    someone_came(session, registration)
    removed = platforms.remove(session, registration)
    assert (removed.kept_courses, removed.kept_people) == (1, 1)
    assert not registration.enabled
    assert session.scalar(select(func.count(User.id))) == 1
    again = platforms.add(session, tenant(session), MOODLE, "1")
    assert again.registration.id == registration.id
    assert again.registration.enabled


def test_platforms_are_listed_by_tenant_and_name(session: Session) -> None:
    for owner, name in (("B", "2"), ("A", "3"), ("A", "1")):
        platforms.add(
            session, tenant(session, owner), replace(MOODLE, name=name, client_id=owner + name), owner + name
        )
    session.expunge_all()
    listed = [(one.tenant.name, one.name, len(one.deployments)) for one in platforms.all_platforms(session)]
    assert listed == [("A", "1", 1), ("A", "3", 1), ("B", "2", 1)]
