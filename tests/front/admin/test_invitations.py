"""Invitations: made, shown once, followed to what became of them, revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lmssocial.core.kernel.errors import Gone
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity import invitations
from lmssocial.lms.identity.models import Invitation
from lmssocial.lms.identity.platforms import tenant_named
from tests.conftest import TestClock
from tests.front.admin.conftest import ORIGIN, Browser, House
from tests.support.people import make_place
from tests.support.visitor import Page


@pytest.fixture
def tenant(house: House) -> int:
    """The id of a tenant to invite to."""
    with house.rows() as session:
        return tenant_named(session, "Northern College")[0].id


def invite(ada: Browser, **values: str) -> Page:
    """Make an invitation by form."""
    form = ada.open("/admin/invitations").form(field="days")
    return ada.submit(form, **({"name": "Moodle"} | values))


def link_on(page: Page) -> str:
    """The link that is shown, or nothing."""
    return (
        page.html.split('<code id="invitation-link">')[1].split("<")[0]
        if "invitation-link" in page.html
        else ""
    )


def invitation(house: House) -> Invitation:
    """The only invitation."""
    with house.rows() as session:
        return session.scalars(select(Invitation)).one()


def test_without_a_tenant_the_page_leads_to_one(ada: Browser) -> None:
    assert ada.open("/admin/invitations").link("Add a tenant") == f"{ORIGIN}/admin/tenants"


def test_the_link_is_shown_once_and_kept_as_a_hash(house: House, ada: Browser, tenant: int) -> None:
    page = invite(ada)
    link = link_on(page)
    token = link.partition("?invite=")[2]

    assert link.startswith(f"{ORIGIN}/lti/register?invite=")
    made = invitation(house)
    assert (made.tenant_id, made.name, made.approve) == (tenant, "Moodle", False)
    assert made.token_hash == token_hash(token)
    assert not link_on(ada.open("/admin/invitations"))
    with house.rows() as session:
        assert invitations.open_invitation(session, token).id == made.id
    assert ("ada", "invitation.created", "Moodle") in house.deeds()


def test_the_link_opens_the_registration(ada: Browser, house: House, tenant: int) -> None:  # noqa: ARG001
    link = link_on(invite(ada, name="Moodle of the evening school"))
    browser = house.browser()

    assert "Moodle of the evening school" in browser.open(link).text
    assert browser.open(link[:-1]).status == 404


def test_days_and_immediate_approval_are_kept(
    house: House, ada: Browser, tenant: int, clock: TestClock
) -> None:
    del tenant
    ada = house.sign_in()
    invite(ada, days="3", approve="y")

    made = invitation(house)
    assert made.approve
    assert made.expires_at == clock.now + timedelta(days=3)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 121}, {"days": "0"}, {"days": "366"}, {"days": ""}]
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    house: House, ada: Browser, tenant: int, wrong: dict[str, str]
) -> None:
    del tenant
    page = invite(ada, **wrong)

    assert page.status == 422
    assert "needs your attention" in page.text
    with house.rows() as session:
        assert not session.scalars(select(Invitation)).all()


def test_a_revoked_link_works_no_longer(house: House, ada: Browser, tenant: int) -> None:
    del tenant
    token = link_on(invite(ada)).partition("?invite=")[2]
    page = ada.submit(ada.open("/admin/invitations").form(action="/revoke"))

    assert "works no longer" in page.text
    assert "Over since" in page.text
    with house.rows() as session, pytest.raises(Gone):
        invitations.open_invitation(session, token)
    assert ("ada", "invitation.revoked", "Moodle") in house.deeds()


def test_an_invitation_used_meanwhile_is_not_revoked(house: House, ada: Browser, tenant: int) -> None:
    del tenant
    token = link_on(invite(ada)).partition("?invite=")[2]
    form = ada.open("/admin/invitations").form(action="/revoke")
    with house.rows() as session:
        place = make_place(session)
        claimed = invitations.claim(session, token)
        claimed.registration_id = place.registration.id
    page = ada.submit(form)

    assert "no open invitation" in page.text
    assert f"Used by {place.registration.name}" in page.text
    assert ("ada", "invitation.revoked", "Moodle") not in house.deeds()


def test_a_platform_says_with_whose_link_it_registered_itself(
    house: House, ada: Browser, tenant: int
) -> None:
    del tenant
    token = link_on(invite(ada)).partition("?invite=")[2]
    with house.rows() as session:
        place = make_place(session)
        invitations.claim(session, token).registration_id = place.registration.id
    page = ada.open(f"/admin/platforms/{place.registration.id}")
    assert "It registered itself" in page.text
    assert "with a link that ada made" in page.text
