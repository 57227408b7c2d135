"""Platforms that register themselves, for the first time and again."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.identity import invitations, platforms, registering
from lmssocial.lms.identity.models import Deployment, Registration, Standing
from lmssocial.lms.lti.registration import PlatformConfiguration, Registered

BOX = SecretBox("a secret for tests, of forty characters.")
MOODLE = PlatformConfiguration(
    issuer="https://moodle.example.edu",
    authorization_endpoint="https://moodle.example.edu/auth",
    token_endpoint="https://moodle.example.edu/token",
    jwks_uri="https://moodle.example.edu/certs",
    registration_endpoint="https://moodle.example.edu/register",
    family="moodle",
)
URL = "https://moodle.example.edu/mod/lti/openid-configuration.php"


def register(
    session: Session,
    registered: Registered,
    *,
    tenant: str = "Northern College",
    approve: bool = False,
    public_key: str = "k" * 43,
    renews_id: int | None = None,
    configuration: PlatformConfiguration = MOODLE,
) -> Registration:
    """Keep what a platform answered, under a fresh invitation."""
    owner, _ = platforms.tenant_named(session, tenant)
    invitation, _ = invitations.invite(session, owner, "Our Moodle", approve=approve)
    draft = registering.draft_of(invitation.name, configuration, registered)
    kept = registering.store_registered(
        session, BOX, invitation, draft, registered, public_key=public_key, renews_id=renews_id
    )
    assert invitation.registration_id == kept.id
    session.flush()
    return session.scalars(
        select(Registration)
        .where(Registration.id == kept.id)
        .options(selectinload(Registration.deployments))
        .execution_options(populate_existing=True)
    ).one()


def standings(registration: Registration) -> dict[str, Standing]:
    """Deployment ids and how they stand."""
    return {one.deployment_id: one.standing for one in registration.deployments}


def test_a_new_platform_waits_unless_its_invitation_approves(session: Session) -> None:
    waiting = register(session, Registered(client_id="a", deployment_id="1"))
    assert (waiting.name, waiting.issuer, waiting.client_id) == ("Our Moodle", MOODLE.issuer, "a")
    assert (waiting.family, waiting.public_key) == ("moodle", "k" * 43)
    assert standings(waiting) == {"1": Standing.PENDING}
    let_in = register(
        session, Registered(client_id="b", deployment_id="2"), approve=True, public_key="l" * 43
    )
    assert standings(let_in) == {"2": Standing.APPROVED}
    assert let_in.id != waiting.id


def test_without_a_deployment_id_none_is_made_up(session: Session) -> None:
    assert standings(register(session, Registered(client_id="a"), approve=True)) == {}


def test_the_management_token_is_sealed(session: Session) -> None:
    registered = Registered(client_id="a", management_url="https://m.example/r", management_token="secret")
    kept = register(session, registered)
    assert kept.management_url == "https://m.example/r"
    assert kept.sealed_management_token is not None
    assert "secret" not in kept.sealed_management_token
    assert BOX.open(kept.sealed_management_token) == b"secret"
    assert register(session, Registered(client_id="a")).sealed_management_token is None


def test_the_same_client_id_lands_on_the_same_row_whatever_was_chosen(session: Session) -> None:
    first = register(session, Registered(client_id="a", deployment_id="1"), approve=True)
    moved = replace(MOODLE, jwks_uri="https://moodle.example.edu/new-certs")
    again = register(
        session, Registered(client_id="a", deployment_id="1"), configuration=moved, public_key="n" * 43
    )
    assert again.id == first.id
    assert again.jwks_url == "https://moodle.example.edu/new-certs"
    assert again.public_key == "n" * 43, "the platform was told this login address, so it must lead there"
    assert standings(again) == {"1": Standing.APPROVED}
    assert session.scalar(select(func.count(Registration.id))) == 1


def test_renewing_keeps_the_row_and_its_one_deployment_under_their_new_names(session: Session) -> None:
    first = register(session, Registered(client_id="a", deployment_id="1"), approve=True)
    deployment = first.deployments[0].id
    again = register(session, Registered(client_id="b", deployment_id="2"), renews_id=first.id)
    assert (again.id, again.client_id) == (first.id, "b")
    assert [(one.id, one.deployment_id, one.standing) for one in again.deployments] == [
        (deployment, "2", Standing.APPROVED)
    ]


def test_renewing_a_platform_with_several_deployments_guesses_nothing(session: Session) -> None:
    first = register(session, Registered(client_id="a", deployment_id="1"), approve=True)
    platforms.deployment_of(first, "2")
    session.flush()
    again = register(session, Registered(client_id="b", deployment_id="3"), renews_id=first.id)
    assert standings(again) == {"1": Standing.APPROVED, "2": Standing.PENDING, "3": Standing.PENDING}


def test_renewing_switches_a_platform_on_again_but_no_deployment(session: Session) -> None:
    first = register(session, Registered(client_id="a", deployment_id="1"))
    first.enabled = False
    first.deployments[0].standing = Standing.DISABLED
    session.flush()
    again = register(session, Registered(client_id="a", deployment_id="1"))
    assert again.enabled
    assert standings(again) == {"1": Standing.DISABLED}


def test_nobody_renews_a_platform_of_another_tenant_or_issuer(session: Session) -> None:
    first = register(session, Registered(client_id="a", deployment_id="1"))
    other = register(
        session,
        Registered(client_id="b", deployment_id="1"),
        tenant="Other",
        renews_id=first.id,
        public_key="o" * 43,
    )
    assert other.id != first.id
    sakai = replace(MOODLE, issuer="https://sakai.example.edu")
    third = register(
        session, Registered(client_id="c"), configuration=sakai, renews_id=first.id, public_key="p" * 43
    )
    assert third.id not in {first.id, other.id}
    session.refresh(first)
    assert (first.client_id, first.issuer) == ("a", MOODLE.issuer)


def test_a_deployment_of_another_tenant_is_refused(session: Session) -> None:
    register(session, Registered(client_id="a", deployment_id="1"))
    with pytest.raises(Conflict, match="Northern College"):
        register(session, Registered(client_id="a", deployment_id="1"), tenant="Other")
    assert session.scalar(select(func.count(Deployment.id))) == 1


def test_candidates_are_those_of_the_tenant_that_the_address_may_speak_for(session: Session) -> None:
    mine = register(session, Registered(client_id="a", deployment_id="1"))
    register(session, Registered(client_id="b", deployment_id="1"), tenant="Other", public_key="o" * 43)
    sakai = replace(MOODLE, issuer="https://sakai.example.edu")
    register(session, Registered(client_id="c"), configuration=sakai, public_key="p" * 43)
    found = registering.candidates_for_renewal(session, mine.tenant_id, URL)
    assert [one.id for one in found] == [mine.id]
    assert (
        registering.candidates_for_renewal(session, mine.tenant_id, "https://canvas.instructure.com/x") == []
    )
