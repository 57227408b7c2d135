"""``kill -9`` of the worker that sends grades, again and again: in the end the LMS says what was said here last."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.social.gradebook.models import Condition, Score
from tests.fakes.grade_service import Fault, GradeService, grade_service
from tests.support.grades import Gradebook, caller_of, open_gradebook

WORKER = Path(__file__).with_name("sends_grades.py")
LEARNERS = 40
DEATHS = 4
PATIENCE = 60.0


@contextmanager
def worker(db_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, gone without a chance to tidy up when the block ends."""
    running = subprocess.Popen([sys.executable, str(WORKER), db_url])
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def until(what: threading.Event) -> None:
    assert what.wait(PATIENCE), "the worker sends nothing"


def everything_sent(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        left = session.scalar(select(func.count(Score.id)).where(Score.condition != Condition.SENT))
    return left == 0


def give_some(book: Gradebook, chance: random.Random, said: dict[str, float]) -> None:
    for number in chance.sample(range(LEARNERS), 12):
        points = float(chance.randrange(1, 100))
        book.give(number, points)
        said[book.subs[number]] = round(points / 100, 6)


def test_the_last_grade_arrives_although_workers_are_killed_again_and_again(
    engine: Engine, db_url: str
) -> None:
    chance = random.Random(4)  # noqa: S311  # the same course of events each time
    said: dict[str, float] = {}
    sessions = sessionmaker(engine)
    with grade_service() as lms:
        book = open_gradebook(sessions, caller_of(sessions), lms, learners=LEARNERS)
        book.give_all(1)
        said |= dict.fromkeys(book.subs, 0.01)
        for death in range(DEATHS):
            give_some(book, chance, said)
            die_in_the_middle(lms, db_url, after=3 + 4 * death, answered=death % 2 == 0)
        give_some(book, chance, said)
        arrived = len(lms.scores)
        assert not everything_sent(sessions)
        lms.choose = faults(chance)
        with worker(db_url):
            end = time.monotonic() + PATIENCE
            while not everything_sent(sessions):
                assert time.monotonic() < end
                book.hurry()
                time.sleep(0.2)
        assert lms.grades() == said
        assert 0 < arrived < LEARNERS, "they died in the middle of it"
        assert len(lms.items) == 1, "nobody made the column twice"


def die_in_the_middle(lms: GradeService, db_url: str, *, after: int, answered: bool) -> None:
    """Let a worker live until it has sent ``after`` scores; the last arrives, and is answered or not."""
    reached, dead = threading.Event(), threading.Event()
    count = [0]

    def hold(_path: str) -> None:
        count[0] += 1
        if count[0] == after:
            reached.set()
            if not answered:
                dead.wait(PATIENCE)

    lms.before = hold
    with worker(db_url):
        until(reached)
    dead.set()
    lms.before = lambda _path: None


def faults(chance: random.Random) -> Callable[[], Fault]:
    """One call in five goes wrong in a way that passes."""
    kinds = [Fault.NONE] * 8 + [Fault.UNAVAILABLE, Fault.DONE_AND_UNAVAILABLE]
    return lambda: chance.choice(kinds)
