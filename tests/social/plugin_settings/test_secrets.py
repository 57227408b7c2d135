"""Settings that are secrets are sealed where they are stored; some settings are decided further up only."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, PluginHost
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.social.plugin_settings import sealing, service
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.support.people import make_place


@dataclass(frozen=True)
class Post:
    """Settings of the plugin of these tests."""

    words: str = "none"
    url: str = ""
    key: str = ""


MANIFEST = Manifest(
    name="post",
    title="Post",
    summary="",
    settings=Post,
    secrets=frozenset({"key"}),
    set_above={"url": Level.TENANT, "key": Level.TENANT},
)


@pytest.fixture(autouse=True)
def _box() -> None:
    sealing.keep_in(lambda: SecretBox("a secret for tests, of forty characters."))


@pytest.fixture
def host() -> PluginHost:
    """A host with the plugin."""
    host = PluginHost()
    host.register(SimpleNamespace(manifest=MANIFEST), "post")
    return host


@pytest.fixture
def put(session: Session) -> Callable[..., None]:
    """Set the plugin somewhere, as the pages and the command line do."""

    def put(values: dict[str, object], level: Level, place_id: int = 0, *keep: str) -> None:
        service.configure(
            session, "post", values, level=level, place_id=place_id, secrets=MANIFEST.secrets, keep=keep
        )
        session.flush()

    return put


def kept(session: Session, level: Level = Level.TENANT) -> dict[str, object]:
    """What is stored."""
    return session.scalars(select(PluginSetting).where(PluginSetting.level == level)).one().values


def test_a_secret_cannot_be_read_in_the_database_and_can_by_the_plugin(
    session: Session, host: PluginHost, put: Callable[..., None]
) -> None:
    place = make_place(session)
    put({"url": "https://lrs.example", "key": "open sesame"}, Level.TENANT, place.tenant.id)
    service.switch(session, "post", on=True, level=Level.TENANT, place_id=place.tenant.id)
    rows = session.execute(text("SELECT * FROM plugin_settings_setting")).all()
    assert "sesame" not in repr(rows)
    found = service.reach(session, host, tenant_id=place.tenant.id, course_id=place.course.id)
    assert found.settings("post").key == "open sesame"
    at = service.settings_at(session, MANIFEST, level=Level.TENANT, place_id=place.tenant.id)
    assert at.key == "open sesame"


def test_a_secret_stays_unless_another_or_none_is_given(session: Session, put: Callable[..., None]) -> None:
    def key() -> str:
        found: str = service.settings_at(session, MANIFEST, level=Level.TENANT, place_id=1).key
        return found

    put({"key": "first"}, Level.TENANT, 1)
    put({"words": "some"}, Level.TENANT, 1, "key")
    assert key() == "first"
    put({"key": "second"}, Level.TENANT, 1, "key")
    assert key() == "second"
    put({"key": ""}, Level.TENANT, 1)
    assert key() == ""
    assert "key" not in kept(session)


def test_one_that_was_sealed_under_another_key_counts_as_none(
    session: Session, put: Callable[..., None]
) -> None:
    put({"key": "open sesame", "words": "some"}, Level.TENANT, 1)
    sealing.keep_in(lambda: SecretBox("another secret for tests, of forty chars"))
    assert service.settings_at(session, MANIFEST, level=Level.TENANT, place_id=1) == Post(words="some")


def test_what_was_stored_before_it_was_a_secret_still_counts_and_is_sealed_when_saved(
    session: Session, put: Callable[..., None]
) -> None:
    service.configure(session, "post", {"key": "plain"}, level=Level.TENANT, place_id=1)
    session.flush()
    found = service.settings_at(session, MANIFEST, level=Level.TENANT, place_id=1)
    assert found.key == "plain"
    put({"key": found.key}, Level.TENANT, 1)
    assert "plain" not in json.dumps(kept(session))


def test_what_a_course_stored_of_a_setting_that_is_decided_above_does_not_count(
    session: Session, host: PluginHost, put: Callable[..., None]
) -> None:
    place = make_place(session)
    put({"url": "https://lrs.example", "key": "ours"}, Level.TENANT, place.tenant.id)
    service.switch(session, "post", on=True, level=Level.TENANT, place_id=place.tenant.id)
    put({"words": "own", "url": "https://thief.example", "key": "theirs"}, Level.COURSE, place.course.id)
    expected = Post("own", "https://lrs.example", "ours")
    found = service.reach(session, host, tenant_id=place.tenant.id, course_id=place.course.id)
    assert found.settings("post") == expected
    at = service.settings_at(
        session, MANIFEST, level=Level.COURSE, place_id=place.course.id, tenant_id=place.tenant.id
    )
    assert at == expected


@pytest.mark.parametrize("wrong", [{"secrets": frozenset({"ky"})}, {"set_above": {"ky": Level.TENANT}}])
def test_a_manifest_that_speaks_of_a_setting_there_is_not_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="ky"):
        Manifest(name="post", title="", summary="", settings=Post, **wrong)  # type: ignore[arg-type]
