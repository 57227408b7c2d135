"""Tenants: listed, added, renamed, and removed while nobody ever came."""

from collections.abc import Callable

from sqlalchemy import select

from lmssocial.core.hooks import Level
from lmssocial.lms.identity.invitations import invite
from lmssocial.lms.identity.models import Invitation, Tenant
from lmssocial.lms.identity.platforms import tenant_named
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.front.admin.conftest import Browser, House, said
from tests.support.people import make_person, make_place
from tests.support.visitor import Page


def add(ada: Browser, name: str) -> Page:
    """Add a tenant by form."""
    return ada.submit(ada.open("/admin/tenants").form(field="name"), name=name)


def names(house: House) -> list[str]:
    """The names of all tenants."""
    with house.rows() as session:
        return list(session.scalars(select(Tenant.name).order_by(Tenant.name)))


def test_an_empty_page_says_what_a_tenant_is_for(ada: Browser) -> None:
    assert "Most installations have exactly one" in ada.open("/admin/tenants").text


def test_a_tenant_is_added_with_tidy_spaces(house: House, ada: Browser) -> None:
    page = add(ada, "  Northern   College ")

    assert "The tenant Northern College is there." in page.text
    assert names(house) == ["Northern College"]
    assert ("ada", "tenant.added", "Northern College") in house.deeds()


def test_a_name_is_taken_once_and_what_was_typed_stays(house: House, ada: Browser) -> None:
    add(ada, "Northern College")
    page = add(ada, "Northern College")

    assert page.status == 422
    assert "already a tenant called Northern College" in page.text
    assert ("name", "Northern College") in page.form(field="name").fields
    assert names(house) == ["Northern College"]


def test_a_name_is_needed_and_not_endless(ada: Browser) -> None:
    assert add(ada, "   ").status == 422
    assert "At most 120" in add(ada, "x" * 121).text


def test_the_list_counts_what_is_in_a_tenant(house: House, ada: Browser) -> None:
    with house.rows() as session:
        place = make_place(session)
        for _ in range(3):
            make_person(session, place)
    page = ada.open("/admin/tenants")

    assert f"{place.tenant.name} 1 1 3" in said(page)


def test_a_tenant_is_renamed(house: House, ada: Browser) -> None:
    add(ada, "Old")
    page = ada.open(ada.open("/admin/tenants").link("Old"))
    done = ada.submit(page.form(field="name"), name="New")

    assert "New is saved" in done.text
    assert names(house) == ["New"]
    assert ("ada", "tenant.renamed", "Old → New") in house.deeds()
    assert not [deed for deed in house.deeds() if deed[1] == "tenant.language_chosen"]


def test_a_tenant_speaks_its_own_language(house: House, ada: Browser) -> None:
    add(ada, "Hochschule Nord")
    page = ada.open(ada.open("/admin/tenants").link("Hochschule Nord"))
    assert ada.submit(page.form(field="locale"), locale="xx").status == 422
    ada.submit(page.form(field="locale"), locale="de")
    with house.rows() as session:
        assert session.scalars(select(Tenant.locale)).one() == "de"
    assert ("ada", "tenant.language_chosen", "Hochschule Nord: de") in house.deeds()
    again = ada.open(ada.open("/admin/tenants").link("Hochschule Nord")).form(field="locale")
    assert ("locale", "de") in again.fields


def test_a_tenant_is_not_renamed_to_anothers_name(house: House, ada: Browser) -> None:
    add(ada, "One")
    add(ada, "Two")
    page = ada.open(ada.open("/admin/tenants").link("One"))

    assert ada.submit(page.form(field="name"), name="Two").status == 422
    assert names(house) == ["One", "Two"]


def test_an_unused_tenant_goes_with_its_invitations_and_settings(house: House, ada: Browser) -> None:
    with house.rows() as session:
        tenant, _ = tenant_named(session, "Never used")
        invite(session, tenant, "Never sent")
        plugin_settings.switch(session, "linklimit", on=True, level=Level.TENANT, place_id=tenant.id)
    page = ada.open(ada.open("/admin/tenants").link("Never used"))
    wrong = ada.submit(page.form(action="/remove"), **{"remove-typed": "Never"})
    assert wrong.status == 422
    assert names(house) == ["Never used"]
    done = ada.submit(wrong.form(action="/remove"), **{"remove-typed": "Never used"})

    assert "Never used is removed" in done.text
    assert names(house) == []
    with house.rows() as session:
        assert not session.scalars(select(Invitation)).all()
        assert not session.scalars(select(PluginSetting)).all()


def test_a_tenant_with_people_is_never_removed(house: House, ada: Browser) -> None:
    with house.rows() as session:
        place = make_place(session)
        make_person(session, place)
    page = ada.open(f"/admin/tenants/{place.tenant.id}")
    token = dict(page.form(field="name").fields)["csrf_token"]
    assert not [form for form in page.forms if form.action.endswith("/remove")]
    sent = {"remove-csrf_token": token, "remove-typed": place.tenant.name}
    answer = ada.http.post(f"/admin/tenants/{place.tenant.id}/remove", data=sent)

    assert "so it stays" in answer.text
    assert names(house) == [place.tenant.name]


def test_a_tenant_that_is_gone_is_not_found(press: Callable[..., Page], ada: Browser) -> None:
    page = ada.open("/admin/tenants/999")

    assert page.status == 404
    assert "does not exist any more" in page.text
    del press
