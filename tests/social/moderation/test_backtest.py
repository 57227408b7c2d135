"""Trying a policy out on the past, and what may be enforced after that."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Answer, Level, ReplyTo, Ruling, Stance, Submission, Verdict
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import State
from lmssocial.social.moderation import backtest, flags, stances
from lmssocial.social.moderation.backtest import Trial
from lmssocial.social.moderation.models import Backtest, CaseState, FlagReason
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.conftest import TestClock
from tests.social.moderation.conftest import Shelf, book, held
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


@dataclass(frozen=True)
class Words:
    """Settings of the policy of these tests."""

    wrong: tuple[str, ...] = ("cheap",)


def strict(submission: Submission) -> Answer | None:
    """Holds what says cheap, advises where something is dear."""
    if "cheap" in submission.text:
        return Answer("words", Verdict(ruling=Ruling.HOLD, reason="cheap", message="Not here."))
    if "dear" in submission.text:
        return Answer("words", Verdict(ruling=Ruling.ANNOTATE, reason="dear", message="Really?"))
    return None


def nothing(_ids: Sequence[int]) -> Mapping[int, ReplyTo]:
    """Nobody answered anything."""
    return {}


def trial(place: Place, settings: object = None, **more: object) -> Trial:
    """A trial in the course of ``place``."""
    values = {"policy": "words", "version": "1.0", "level": Level.COURSE, "place_id": place.course.id}
    return Trial(**{**values, "settings": settings or Words(), **more})  # type: ignore[arg-type]


@pytest.fixture
def past(session: Session, place: Place, author: Actor, clock: TestClock) -> list[int]:
    """Five posts of the last weeks, one of last year, and one in another course."""
    place.community.tier = Tier.REVIEWED
    clock.tick(days=-200)
    book(session, author, place, "cheap, long ago")
    clock.tick(days=150)
    ids = []
    for words in ("fine", "cheap watches", "rather dear", "cheap bags", "good"):
        ids.append(book(session, author, place, words).id)
        clock.tick(days=5)
    elsewhere = make_place(session, beside=place)
    book(session, make_person(session, elsewhere), elsewhere, "cheap elsewhere")
    clock.tick(days=20)
    return ids


def test_a_backtest_says_what_would_have_been_held(session: Session, place: Place, past: list[int]) -> None:
    found = backtest.run(session, strict, nothing, trial(place))

    assert (found.looked_at, found.would_hold, found.would_advise, found.failed) == (5, 2, 1, 0)
    assert found.complete
    assert found.examples == {"ids": [past[3], past[1]]}


def test_a_backtest_of_a_tenant_looks_at_all_its_courses(
    session: Session, place: Place, past: list[int]
) -> None:
    del past
    whole = trial(place, level=Level.TENANT, place_id=place.tenant.id)
    found = backtest.run(session, strict, nothing, whole)

    assert found.looked_at == 6
    assert found.would_hold == 2, "the other course is in Open practice, where a machine only advises"


def test_a_backtest_knows_what_people_made_of_it(
    session: Session, place: Place, past: list[int], shelf: Shelf
) -> None:
    flags.flag(session, make_person(session, place), shelf, past[1], FlagReason.SPAM)
    session.flush()
    found = backtest.run(session, strict, nothing, trial(place))

    assert (found.of_them_flagged, found.of_them_upheld) == (1, 0)


def test_what_a_second_look_did_not_bear_out_is_not_held_against_a_post(
    session: Session, place: Place, past: list[int], author: Actor
) -> None:
    cases = [held(session, author, place, past[at]) for at in (1, 3)]
    for case in cases:
        case.state = CaseState.REJECTED
    session.flush()
    assert backtest.run(session, strict, nothing, trial(place)).of_them_upheld == 2

    again = held(session, author, place, past[1])
    again.appeal_of_id, again.state = cases[0].id, CaseState.APPROVED
    session.flush()
    assert backtest.run(session, strict, nothing, trial(place)).of_them_upheld == 1


def test_a_backtest_shows_the_policy_what_was_known_then(
    session: Session, place: Place, past: list[int]
) -> None:
    del past
    seen: list[tuple[int, int]] = []

    def look(submission: Submission) -> None:
        assert submission.standing is not None
        seen.append((submission.standing.published, len(submission.standing.recent)))

    backtest.run(session, look, nothing, trial(place))

    assert [published for published, _ in seen] == [1, 2, 3, 4, 5], "the one of last year counts"


def test_a_backtest_asks_a_constant_number_of_queries(
    session: Session,
    place: Place,
    author: Actor,
    past: list[int],
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    del past
    with count_queries() as few:
        backtest.run(session, strict, nothing, trial(place))
    for number in range(40):
        book(session, author, place, f"cheap {number}")
    session.flush()
    with count_queries() as many:
        backtest.run(session, strict, nothing, trial(place))

    assert len(few) == len(many)


def test_a_policy_that_keeps_failing_is_not_asked_for_ever(
    session: Session, place: Place, author: Actor
) -> None:
    for number in range(30):
        book(session, author, place, f"words {number}")
    asked = []

    def fail(submission: Submission) -> Answer:
        asked.append(submission)
        return Answer("words", error=ValueError("no"))

    found = backtest.run(session, fail, nothing, trial(place))

    assert len(asked) == backtest.GIVES_UP_AFTER
    assert (found.complete, found.failed) == (False, backtest.GIVES_UP_AFTER)


def test_a_backtest_ends_when_its_time_is_over(session: Session, place: Place, past: list[int]) -> None:
    del past
    found = backtest.run(session, strict, nothing, trial(place, seconds=-1.0))

    assert (found.looked_at, found.complete) == (0, False)


def enforce(session: Session, place: Place, settings: object, version: str = "1.0") -> None:
    """Enforce the policy in the course."""
    values = trial(place, settings).values
    stances.take(
        session,
        "words",
        Stance.ENFORCE,
        level=Level.COURSE,
        place_id=place.course.id,
        values=values,
        version=version,
    )


def test_nothing_is_enforced_that_was_not_tried_out(session: Session, place: Place) -> None:
    with pytest.raises(Conflict, match="see what it would have done"):
        enforce(session, place, Words())


def test_what_was_tried_out_may_be_enforced(session: Session, place: Place, past: list[int]) -> None:
    del past
    session.add(backtest.run(session, strict, nothing, trial(place)))
    session.flush()
    enforce(session, place, Words())
    session.flush()

    assert session.scalars(select(PluginSetting.stance)).one() is Stance.ENFORCE


@pytest.mark.parametrize("change", ["settings", "version", "age", "place"])
def test_a_backtest_speaks_only_for_what_it_tried(
    session: Session, place: Place, past: list[int], clock: TestClock, change: str
) -> None:
    del past
    session.add(backtest.run(session, strict, nothing, trial(place)))
    session.flush()
    if change == "age":
        clock.tick(days=8)
    elsewhere = make_place(session, beside=place) if change == "place" else place
    settings = Words(("dear",)) if change == "settings" else Words()
    with pytest.raises(Conflict):
        enforce(session, elsewhere, settings, "1.1" if change == "version" else "1.0")


def test_a_policy_that_failed_on_everything_is_not_enforced(
    session: Session, place: Place, past: list[int]
) -> None:
    del past
    failed = backtest.run(session, lambda _: Answer("words", error=ValueError("no")), nothing, trial(place))
    session.add(failed)
    session.flush()
    with pytest.raises(Conflict, match="failed on every post"):
        enforce(session, place, Words())


@pytest.mark.parametrize("stance", [Stance.OFF, Stance.SHADOW, Stance.ADVISE])
def test_what_stops_nothing_needs_no_trial(session: Session, place: Place, stance: Stance) -> None:
    stances.take(
        session, "words", stance, level=Level.COURSE, place_id=place.course.id, values={}, version=""
    )
    session.flush()

    assert session.scalars(select(PluginSetting.stance)).one() is stance


def test_removed_posts_are_left_alone(session: Session, place: Place, author: Actor) -> None:
    gone = book(session, author, place, "cheap")
    gone.state = State.REMOVED
    session.flush()

    assert backtest.run(session, strict, nothing, trial(place)).looked_at == 0


def test_a_trial_writes_nothing(session: Session, place: Place, past: list[int]) -> None:
    del past
    backtest.run(session, strict, nothing, trial(place))
    session.flush()

    assert session.scalars(select(Backtest.id)).all() == []
