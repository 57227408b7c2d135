"""Trying a policy out where it is set: with its settings there, through the runner, writing nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Answer, Level, Manifest, Need, PluginHost, Reach, Ruling, Stance, Verdict
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.plugin import Attachment, Submission, hookimpl
from lmssocial.social.moderation import stances
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.moderation.screening import HOOK
from lmssocial.social.moderation.trying_out import Parts, Spot, setup_of, try_out
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.social.moderation.conftest import Shelf, book
from tests.support.people import Place


@dataclass(frozen=True)
class Limit:
    """Settings of a policy."""

    words: int = 3
    roles: tuple[str, ...] = ("instructor",)


@hookimpl
def judges_words(submission: Submission, settings: Limit) -> None:
    """Only there so that it is a policy; the fake below answers."""
    del submission, settings


@hookimpl
def judges_files(attachment: Attachment) -> None:
    """Likewise."""
    del attachment


@dataclass
class Asked:
    """Policies that hold what has more words than is set, and remember how they were asked."""

    calls: list[tuple[str, Reach, tuple[str, ...], Submission]] = field(default_factory=list)

    def ask(
        self, hook: str, reach: Reach, names: Sequence[str], facts: Mapping[str, Any], locale: str = ""
    ) -> Iterable[Answer]:
        """One answer, or none."""
        del locale
        submission = facts["submission"]
        self.calls.append((hook, reach, tuple(names), submission))
        if len(submission.text.split()) <= reach.settings("limit").words:
            return []
        return [Answer("limit", Verdict(ruling=Ruling.HOLD, reason="long", message="Long."))]


@pytest.fixture
def asked() -> Asked:
    """Who answers."""
    return Asked()


@pytest.fixture
def parts(shelf: Shelf, asked: Asked) -> Parts:
    """A host with a policy about words, one about files, and something that is no policy."""
    host = PluginHost()
    manifests = {
        "limit": Manifest(
            name="limit", title="", summary="", settings=Limit, needs=frozenset({Need.STANDING})
        ),
        "files": Manifest(name="files", title="", summary=""),
        "widget": Manifest(name="widget", title="", summary=""),
    }
    host.register(
        SimpleNamespace(manifest=manifests["limit"], lmssocial_screen_submission=judges_words), "limit"
    )
    host.register(
        SimpleNamespace(manifest=manifests["files"], lmssocial_screen_attachment=judges_files), "files"
    )
    host.register(SimpleNamespace(manifest=manifests["widget"]), "widget")
    assert not host.broken
    return Parts(host=host, policies=asked, ports={"shelf": shelf})


def test_a_policy_is_asked_alone_with_the_settings_of_the_place_and_nothing_is_written(
    session: Session, place: Place, author: Actor, parts: Parts, asked: Asked
) -> None:
    for source in ("one", "one two three four", "one two three four five six"):
        book(session, author, place, source)
    plugin_settings.configure(session, "limit", {"words": 5}, level=Level.TENANT, place_id=place.tenant.id)
    session.flush()
    spot = Spot(level=Level.COURSE, place_id=place.course.id, tenant_id=place.tenant.id)
    found = try_out(session, parts, "limit", spot, by_id=author.user_id)
    assert (found.looked_at, found.would_hold + found.would_advise, found.complete) == (3, 1, True)
    assert found.values == {"words": 5, "roles": ["instructor"]}
    assert found.ran_by_id == author.user_id
    hook, reach, names, first = asked.calls[0]
    assert (hook, names, first.text) == (HOOK, ("limit",), "one")
    assert (reach.enabled, reach.stance("limit")) == (frozenset({"limit"}), Stance.ENFORCE)
    assert [one.standing.published for *_call, one in asked.calls if one.standing] == [0, 1, 2]
    assert not session.new
    assert session.scalar(select(Backtest)) is None


def test_what_it_gives_lets_the_policy_be_enforced_there_until_its_settings_change(
    session: Session, place: Place, author: Actor, parts: Parts
) -> None:
    book(session, author, place, "one")
    spot = Spot(level=Level.COURSE, place_id=place.course.id, tenant_id=place.tenant.id)
    manifest = parts.host.manifests["limit"]

    def speaks() -> bool:
        setup = setup_of(session, manifest, spot)
        found = stances.latest_backtest(
            session,
            "limit",
            level=Level.COURSE,
            place_id=place.course.id,
            values=setup.values,
            version=setup.version,
        )
        return found is not None

    assert not speaks()
    session.add(try_out(session, parts, "limit", spot))
    session.flush()
    assert speaks()
    plugin_settings.configure(session, "limit", {"words": 1}, level=Level.COURSE, place_id=place.course.id)
    session.flush()
    assert not speaks()


def test_a_tenant_and_the_installation_are_places_too(
    session: Session, place: Place, author: Actor, parts: Parts
) -> None:
    book(session, author, place, "one two three four")
    tenant = try_out(session, parts, "limit", Spot(level=Level.TENANT, place_id=place.tenant.id))
    everywhere = try_out(session, parts, "limit", Spot(level=Level.INSTALLATION))
    elsewhere = try_out(session, parts, "limit", Spot(level=Level.TENANT, place_id=place.tenant.id + 1))
    assert (tenant.looked_at, everywhere.looked_at, elsewhere.looked_at) == (1, 1, 0)


def test_a_policy_about_files_is_not_asked_about_words(
    session: Session, place: Place, author: Actor, parts: Parts, asked: Asked
) -> None:
    book(session, author, place, "one two three four")
    found = try_out(session, parts, "files", Spot(level=Level.COURSE, place_id=place.course.id))
    assert (found.would_hold, found.failed, asked.calls) == (0, 0, [])


@pytest.mark.parametrize("name", ["nobody", "widget"])
def test_only_policies_that_are_there_are_tried_out(session: Session, parts: Parts, name: str) -> None:
    with pytest.raises(NotFound):
        try_out(session, parts, name, Spot(level=Level.INSTALLATION))


def test_it_stops_when_its_time_is_over(session: Session, place: Place, author: Actor, parts: Parts) -> None:
    book(session, author, place, "one")
    found = try_out(session, parts, "limit", Spot(level=Level.INSTALLATION), seconds=-1)
    assert (found.complete, found.looked_at) == (False, 0)
