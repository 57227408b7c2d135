"""Keys of LTI 1.1: added, never shown again, removed."""

import pytest
from sqlalchemy import select

from lmssocial.lms.identity.launch_models import LegacyConsumer
from tests.front.admin.conftest import Browser, House
from tests.support.people import Place, make_place

SECRET = "a secret of LTI 1.1"


@pytest.fixture
def place(house: House) -> Place:
    """A platform."""
    with house.rows() as session:
        return make_place(session)


def consumers(house: House) -> list[LegacyConsumer]:
    with house.rows() as session:
        return list(session.scalars(select(LegacyConsumer)))


def test_a_key_is_added_sealed_and_removed(house: House, ada: Browser, place: Place) -> None:
    address = f"/admin/platforms/{place.registration.id}"
    page = ada.open(address)
    assert "Before: LTI 1.1" in page.text
    new = ada.open(f"{address}/lti11/new")
    page = ada.submit(new.form(field="secret"), key=" old-key ", secret=SECRET)
    assert "old-key" in page.text
    assert SECRET not in page.text
    (kept,) = consumers(house)
    assert kept.consumer_key == "old-key"
    assert SECRET not in kept.sealed_secret
    again = ada.submit(new.form(field="secret"), key="old-key", secret="yet-some-other")
    assert again.status == 422
    assert "has that key already" in again.text
    assert "yet-some-other" not in again.html
    remove = next(form for form in ada.open(address).forms if form.action.endswith(f"/{kept.id}/remove"))
    page = ada.submit(remove)
    assert "old-key is removed" in page.text
    assert consumers(house) == []
    log = ada.open("/admin/log").text
    assert "added a key that a platform had in LTI 1.1" in log
    assert "removed a key that a platform had in LTI 1.1" in log


def test_what_is_missing_is_said(house: House, ada: Browser, place: Place) -> None:
    new = ada.open(f"/admin/platforms/{place.registration.id}/lti11/new").form(field="secret")
    for sent in ({"key": "", "secret": "x"}, {"key": "k", "secret": ""}, {"key": "x" * 256, "secret": "x"}):
        assert ada.submit(new, **sent).status == 422
    assert consumers(house) == []
