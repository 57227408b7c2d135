"""Health and signing keys."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.models import ToolKey
from lmssocial.settings import Settings
from tests.conftest import TestClock
from tests.front.admin.conftest import Browser, House, said
from tests.support.visitor import Page


@pytest.fixture
def box(settings: Settings) -> SecretBox:
    """What the installation seals its keys with."""
    return SecretBox(settings.secret())


@pytest.fixture
def key(house: House, box: SecretBox) -> str:
    """The id of the key that signs."""
    with house.rows() as session:
        return tool_keys.signing_key(session, box).kid


def signing(house: House, box: SecretBox) -> str:
    """Which key signs now."""
    with house.rows() as session:
        return tool_keys.signing_key(session, box).kid


def test_health_shows_every_check(ada: Browser, backend: str) -> None:
    page = ada.open("/admin/health")

    said = "sqlite answers" if backend == "sqlite" else "postgresql answers"
    assert f"database Fine {said}" in page.text
    assert "schema Fine" in page.text
    assert "plugins" in page.text


def test_what_is_wrong_stands_on_the_overview_as_well(house: House, ada: Browser, key: str) -> None:
    with house.rows() as session:
        session.execute(
            update(ToolKey).where(ToolKey.kid == key).values(sealed_private_pem="another secret's")
        )

    for at in ("/admin/health", "/admin/"):
        assert "LMSSOCIAL_SECRET_KEY is not the one" in ada.open(at).text


def test_before_the_first_key_nothing_is_to_be_done(ada: Browser) -> None:
    page = ada.open("/admin/keys")

    assert "There is no key yet" in page.text
    assert not [form for form in page.forms if "/keys/" in form.action]


def test_a_new_key_signs_after_a_day(
    house: House, box: SecretBox, clock: TestClock, press: Callable[..., Page]
) -> None:
    with house.rows() as session:
        key = tool_keys.signing_key(session, box).kid
    clock.tick(60)
    page = press("/admin/keys", "/rotate")

    assert "Signs until Mar 3, 2026" in said(page)
    assert "Published; signs from Mar 3, 2026" in said(page)
    assert signing(house, box) == key
    clock.tick(hours=24)
    clock.tick(1)
    assert signing(house, box) != key
    assert [deed[1] for deed in house.deeds()] == ["account.added", "key.rotated"]
    assert "Signs no more; published until Mar 4, 2026" in said(house.sign_in().open("/admin/keys"))


def test_an_old_key_is_called_old(house: House, ada: Browser, key: str) -> None:
    assert "More than a year old" not in ada.open("/admin/keys").text
    with house.rows() as session:
        row = session.get_one(ToolKey, key)
        row.created_at -= timedelta(days=400)

    assert "More than a year old" in ada.open("/admin/keys").text


def test_every_key_is_replaced_at_once_after_the_word_is_typed(
    house: House, ada: Browser, box: SecretBox, key: str
) -> None:
    form = ada.open("/admin/keys").form(action="/replace")
    wrong = ada.submit(form, **{"replace-typed": "yes"})
    assert wrong.status == 422
    assert "nothing was done" in wrong.text
    assert signing(house, box) == key
    ada.submit(form, **{"replace-typed": "replace"})

    with house.rows() as session:
        assert key not in set(session.scalars(select(ToolKey.kid)))
    assert signing(house, box) != key
