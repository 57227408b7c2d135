"""Whatever happens on the way, in whatever order: in the end the LMS says what was said here last."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.outbound import Reply
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from lmssocial.social.gradebook import claiming
from lmssocial.social.gradebook.models import Condition, Score
from tests.conftest import TestClock
from tests.fakes.grade_service import Fault, GradeService, grade_service
from tests.support.grades import Gradebook, caller_of, open_gradebook

STEPS = 45
SEEDS = 8
FAULTS = {
    Fault.NONE: 8,
    Fault.UNAUTHORIZED: 1,
    Fault.FORBIDDEN: 1,
    Fault.CONFLICT: 1,
    Fault.TOO_MANY: 1,
    Fault.UNAVAILABLE: 2,
    Fault.DONE_AND_UNAVAILABLE: 2,
    Fault.NOT_GRADABLE: 1,
    Fault.HTML: 1,
    Fault.LOST: 1,
    Fault.DOUBLED: 2,
}


class Killed(BaseException):
    """The worker is no more."""


class FrailCaller(Caller):
    """Calls like any other, and sometimes the worker dies of it, or what was sent arrives much later."""

    chance: random.Random
    frailty = 0.0
    late: list[Callable[[], object]]

    def post(self, endpoint: Any, scopes: Any, url: str, payload: object, **more: Any) -> Reply:
        """Post, or die before it or after it, or give up waiting for what is still on its way."""
        fate = self.chance.random() if url.partition("?")[0].endswith("/scores") else 1.0
        if fate < self.frailty:
            raise Killed
        if fate < self.frailty * 2:
            super().post(endpoint, scopes, url, payload, **more)
            raise Killed
        if fate < self.frailty * 3:
            usual = super().post
            self.late.append(lambda: usual(endpoint, scopes, url, payload, **more))
            raise ServiceTrouble(Kind.AWAY, "no answer in time")
        return super().post(endpoint, scopes, url, payload, **more)


def frail(sessions: sessionmaker[Session], chance: random.Random) -> FrailCaller:
    usual = caller_of(sessions)
    caller = FrailCaller(usual._outbound, usual._box, sessions, seconds=5.0)
    caller.chance, caller.late = chance, []
    return caller


def work(book: Gradebook) -> None:
    """One round of a worker, which may die in it."""
    with suppress(Killed):
        book.send()


def arrive_late(caller: FrailCaller) -> None:
    """Something that was given up for lost arrives now, and nobody hears what became of it."""
    with suppress(ServiceTrouble, Killed):
        caller.late.pop(caller.chance.randrange(len(caller.late)))()


def live_through(book: Gradebook, caller: FrailCaller, lms: GradeService, clock: TestClock) -> None:
    """A random life of some grades; ``said`` is what was said last of each learner."""
    chance = caller.chance
    kinds, weights = list(FAULTS), list(FAULTS.values())
    lms.choose = lambda: chance.choices(kinds, weights)[0]
    caller.frailty = 0.06
    for _step in range(STEPS):
        match chance.randrange(8):
            case 0 | 1 | 2:
                book.give(chance.randrange(3), chance.choice([None, 10, 20, 30, 40]))
            case 3 | 4 | 5:
                work(book)
            case 6 if caller.late:
                arrive_late(caller)
            case _:
                clock.tick(seconds=chance.choice([0.0004, 0.3, 1, 40, 400, 9000, -3, -1000]))


def settle(book: Gradebook, caller: FrailCaller, lms: GradeService, clock: TestClock) -> None:
    """The LMS is well again, what was late arrives, and somebody looks after what was given up."""
    lms.choose = lambda: Fault.NONE
    caller.frailty = 0.0
    clock.tick(seconds=2)
    book.give(0, 77)  # that a line item was lost is noticed by what is sent next
    for round_ in range(12):
        clock.tick(minutes=10)
        while caller.late:
            arrive_late(caller)
        if round_ % 3 == 2:
            with book.sessions() as session, unit_of_work(session):
                for score in session.scalars(select(Score).where(Score.condition == Condition.GIVEN_UP)):
                    score.condition, score.attempts = Condition.WAITING, 0
        book.hurry()
        work(book)


def is_true(book: Gradebook, lms: GradeService) -> bool:
    """Whether the LMS says what is said here, of everybody."""
    with book.sessions() as session:
        ours = {
            score.user_id: None if score.given is None else score.given / score.maximum
            for score in session.scalars(select(Score))
        }
        sent = all(score.condition is Condition.SENT for score in session.scalars(select(Score)))
    theirs = lms.grades()
    return sent and all(
        theirs.get(sub) == ours.get(user) for sub, user in zip(book.subs, book.user_ids, strict=True)
    )


def run(
    sessions: sessionmaker[Session], clock: TestClock, seed: int, *, family: str = "", strict: bool = True
) -> bool:
    """One life; whether it ended well."""
    chance = random.Random(seed)  # noqa: S311  # the same life for the same seed
    caller = frail(sessions, chance)
    with grade_service(looks_at_stamps=strict, retry_after=20) as lms:
        book = open_gradebook(sessions, caller, lms, family=family)
        live_through(book, caller, lms, clock)
        settle(book, caller, lms, clock)
        return is_true(book, lms)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_lms_says_in_the_end_what_was_said_here_last(
    sessions: sessionmaker[Session], clock: TestClock, seed: int
) -> None:
    assert run(sessions, clock, seed, family="moodle" if seed % 3 == 0 else "")


def test_a_sender_that_forgets_changes_is_found_out(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would notice: here what was changed on the way counts as sent."""

    def note_sent(score: Score, _result: claiming.Result, _url: str) -> None:
        score.condition = Condition.SENT

    monkeypatch.setattr(claiming, "_note_sent", note_sent)
    with grade_service() as lms:
        book = open_gradebook(sessions, caller_of(sessions), lms)
        lms.before = lambda _path: change(book)
        book.give(0, 10)
        work(book)
        assert not is_true(book, lms)
        settle_without_news(book)
        assert not is_true(book, lms)


def change(book: Gradebook) -> None:
    book.give(0, 90)


def settle_without_news(book: Gradebook) -> None:
    """Rounds in which nobody says anything new."""
    book.lms.before = lambda _path: None
    for _round in range(3):
        book.hurry()
        work(book)


def test_stamps_that_follow_a_clock_that_was_set_back_are_found_out(
    sessions: sessionmaker[Session], clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would notice: here a stamp is what the clock says."""
    monkeypatch.setattr("lmssocial.lms.lti.profiles.Profile.next_stamp", lambda _self, now, _last: now)
    with grade_service() as lms:
        book = open_gradebook(sessions, caller_of(sessions), lms)
        book.give(0, 10)
        work(book)
        clock.tick(hours=-1)
        book.give(0, 20)
        work(book)
        assert lms.stale
        assert not is_true(book, lms)
