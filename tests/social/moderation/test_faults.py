"""Policies that misbehave, in a real course: nobody loses a post, and nothing is published against the tier's rule."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.hooks import Level, Stance
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.models import Case, CaseState, Origin
from lmssocial.social.plugin_settings import breaker
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.models import PluginFailure
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.support.people import Place, sign_in
from tests.support.plugins import Site, open_site
from tests.support.seat import Seat, text_of

_numbers = itertools.count(1)

RAISES = """
@hookimpl
def lmssocial_screen_submission(submission):
    raise RuntimeError("no")
"""
HANGS = """
@hookimpl
def lmssocial_screen_submission(submission):
    while True:
        pass
"""
ENDS = """
import os
@hookimpl
def lmssocial_screen_submission(submission):
    os._exit(3)
"""
NONSENSE = """
@hookimpl
def lmssocial_screen_submission(submission):
    return "hold"
"""
EXPLODES = """
import re
@hookimpl
def lmssocial_screen_submission(submission):
    re.match(r"(a+)+$", "a" * 64 + "!")
"""
MISSING = "import a_module_that_is_nowhere"

FAULTS = {
    "raises": RAISES,
    "hangs": HANGS,
    "ends": ENDS,
    "nonsense": NONSENSE,
    "explodes": EXPLODES,
    "missing": MISSING,
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


Write = Callable[..., Contribution]


@pytest.fixture
def tool(settings: Settings, site: Site) -> Iterator[Callable[[], Flask]]:
    """Start the application, with whatever was installed until then."""
    del site
    started: list[Flask] = []

    def start() -> Flask:
        if not started:
            started.append(create_app(settings, load_plugins(settings)))
        return started[0]

    yield start
    for app in started:
        with app.app_context():
            program().policies.close()
            scope.db.engine.dispose()


@pytest.fixture
def write(tool: Callable[[], Flask], session: Session, place: Place, author: Actor) -> Write:
    """Post something as a learner would: ``write("faulty", tier=Tier.OPEN)`` with that policy enforced."""

    def write(*policies: str, tier: Tier = Tier.REVIEWED, source: str = "Words.") -> Contribution:
        place.community.tier = tier
        for name in policies:
            course = place.course.id
            plugin_settings.switch(session, name, on=True, level=Level.COURSE, place_id=course)
            plugin_settings.take_stance(session, name, Stance.ENFORCE, level=Level.COURSE, place_id=course)
            session.flush()
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, author, browser)
        session.commit()
        seat = Seat(tool(), browser, f"/w/{place.placement.id}/discussion")
        title = f"Title {next(_numbers)}"
        page = seat.fill_in("/threads/new", "/threads/new", title=title, source=source)
        assert title in text_of(page), "the author reads what became of it"
        session.rollback()  # a reading that began before would not see it
        return session.scalars(select(Contribution).where(Contribution.title == title)).one()

    return write


def case_of(session: Session, contribution: Contribution) -> Case:
    """The one case about something."""
    return session.scalars(select(Case).where(Case.contribution_id == contribution.id)).one()


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_policy_at_fault_is_looked_at_later_or_first_as_the_tier_says(
    session: Session, site: Site, write: Write, fault: str
) -> None:
    site.install("faulty", FAULTS[fault])
    open_, reviewed = write("faulty", tier=Tier.OPEN), write("faulty", tier=Tier.REVIEWED)
    assured = write("faulty", tier=Tier.ASSURED)

    assert [one.state for one in (open_, reviewed, assured)] == [
        State.PUBLISHED,
        State.PUBLISHED,
        State.HELD,
    ]
    cases = [case_of(session, one) for one in (open_, reviewed, assured)]
    assert [case.origin for case in cases] == [Origin.LATER, Origin.LATER, Origin.POLICY]
    assert {case.state for case in cases} == {CaseState.OPEN}
    assert {case.verdicts["verdicts"][0]["reason"] for case in cases} == {"policy-failed"}


def test_an_uninstalled_policy_with_settings_in_place_is_a_failed_check(
    session: Session, write: Write
) -> None:
    published, held = write("gone", tier=Tier.REVIEWED), write("gone", tier=Tier.ASSURED)

    assert (published.state, held.state) == (State.PUBLISHED, State.HELD)
    assert case_of(session, published).origin is Origin.LATER


def test_a_good_policy_has_its_say_beside_one_that_hangs(session: Session, site: Site, write: Write) -> None:
    site.install("faulty", HANGS)
    site.install(
        "wary",
        """
        @hookimpl
        def lmssocial_screen_submission(submission):
            return Verdict(ruling=Ruling.HOLD, reason="wary", message="Somebody looks first.")
        """,
    )
    found = write("faulty", "wary")

    assert found.state is State.HELD
    assert "Somebody looks first." in found.note
    reasons = {verdict["reason"] for verdict in case_of(session, found).verdicts["verdicts"]}
    assert reasons == {"wary", "policy-failed"}


def test_nobody_waits_longer_than_the_budget_for_a_policy_that_hangs(
    site: Site, write: Write, settings: Settings
) -> None:
    site.install("faulty", HANGS)
    write("faulty")  # starts the process
    began = time.monotonic()
    write("faulty")
    took = time.monotonic() - began

    # Two pages and two writes beside it; without a bound this would never end.
    assert took < settings.policy_budget_ms / 1000 + 10


def test_the_administrator_reads_which_plugin_which_hook_and_why(
    session: Session, site: Site, write: Write, place: Place
) -> None:
    site.install("faulty", RAISES)
    write("faulty")
    failure = session.scalars(select(PluginFailure)).one()

    assert (failure.plugin, failure.tenant_id, failure.hook, failure.count) == (
        "faulty",
        place.tenant.id,
        "lmssocial_screen_submission",
        1,
    )
    assert "RuntimeError" in failure.error


def test_a_policy_that_keeps_failing_is_switched_off_and_assured_still_holds(
    session: Session, site: Site, write: Write, place: Place
) -> None:
    site.install("faulty", RAISES)
    for _ in range(breaker.MOST):
        write("faulty", tier=Tier.OPEN)
    session.commit()
    assert breaker.tripped(session, place.tenant.id) == {"faulty"}
    held = write("faulty", tier=Tier.ASSURED)
    session.expire_all()

    assert held.state is State.HELD
    assert session.scalars(select(PluginFailure.count)).one() == breaker.MOST, "it was not asked again"


def test_a_policy_whose_settings_changed_their_schema_goes_on_with_what_fits(
    session: Session, site: Site, write: Write, place: Place
) -> None:
    site.install(
        "limits",
        """
        @hookimpl
        def lmssocial_screen_submission(submission, settings):
            if len(submission.text) > settings.most:
                return Verdict(ruling=Ruling.HOLD, reason="long", message="Somebody looks first.")
        """,
        manifest=(
            "@dataclass(frozen=True)\nclass Limits:\n    most: int = 20\n"
            'manifest = Manifest(name="limits", title="Limits", summary="S.", settings=Limits)'
        ),
    )
    old = {"most": "twenty", "least": 3}
    plugin_settings.configure(session, "limits", old, level=Level.COURSE, place_id=place.course.id)
    session.flush()

    assert write("limits", source="Short.").state is State.PUBLISHED
    assert write("limits", source="Rather longer than twenty.").state is State.HELD


def test_too_long_a_text_is_refused_with_every_word_kept(site: Site, write: Write) -> None:
    site.install("faulty", RAISES)
    with pytest.raises(AssertionError, match="longer than"):
        write("faulty", source="a" * 100_000)
