"""Grades on their way: thousands of them, drained into an LMS that fails one call in ten.

Beside a floor in the same run: the same scores, posted by the same client in a loop and posted again when they fail,
with nothing kept and nothing found. ``python -m benchmarks.grades`` is what runs in a process of its own, so that its
memory and CPU are those of one worker.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import count

from sqlalchemy import func, select, update
from sqlalchemy.orm import sessionmaker

from benchmarks.processes import SECRET, apart, own_memory
from benchmarks.stand import Stand
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.outbound import AllowList, Outbound, OutboundError
from lmssocial.lms.lti.services.grades import SCORE_TYPE
from lmssocial.social.gradebook.models import Condition, Score
from lmssocial.social.gradebook.sending import send_due
from tests.fakes.grade_service import Fault, GradeService, grade_service
from tests.support.grades import Gradebook, caller_of, open_gradebook

FULL, QUICK = 5_000, 200
"""Grades."""
EVERY = 10
"""One call in so many fails."""


@dataclass(frozen=True, kw_only=True)
class Drained:
    """What sending everything took."""

    seconds: float
    cpu_seconds: float
    rounds: int
    """Of the worker; between two of them, what failed waits."""
    mib: float
    """The process's memory at its highest."""
    grown_mib: float
    """Of that, what sending added."""


@dataclass(frozen=True, kw_only=True)
class GradesFound:
    """Everything measured about grades on one kind of database."""

    grades: int
    ours: Drained
    floor: Drained
    calls_per_grade: float
    """All calls: tokens, line items, and scores that had to be sent again."""
    floor_calls_per_grade: float

    @property
    def ratio(self) -> float:
        """Our time by the clock in multiples of the floor's."""
        return self.ours.seconds / self.floor.seconds


def measure(stand: Stand, number: int) -> GradesFound:
    """Fill a gradebook, drain it, and post as many scores bare."""
    settings = stand.tool.settings
    engine = make_engine(settings.database)
    sessions, secret = sessionmaker(engine), settings.secret()
    with grade_service() as lms:
        book = open_gradebook(
            sessions, caller_of(sessions, secret=secret), lms, learners=number, secret=secret
        )
        book.give_all(70)
        lms.choose = one_in_ten()
        ours = _measured("drain", settings.database, secret=secret)
        calls = len(lms.calls)
        if lms.grades() != dict.fromkeys(book.subs, 0.7):
            raise AssertionError("not every grade arrived")
        lms.calls.clear()
        floor = _measured("floor", _bare(book, lms), str(number))
        floor_calls = len(lms.calls)
    engine.dispose()
    return GradesFound(
        grades=number,
        ours=ours,
        floor=floor,
        calls_per_grade=calls / number,
        floor_calls_per_grade=floor_calls / number,
    )


def one_in_ten() -> Callable[[], Fault]:
    """The fault of each call: every tenth is answered with 503."""
    numbers = count(1)
    return lambda: Fault.UNAVAILABLE if next(numbers) % EVERY == 0 else Fault.NONE


def table(backend: str, found: GradesFound) -> str:
    """What was measured, in a few sentences."""
    ours, floor = found.ours, found.floor
    return "\n".join(
        [
            (
                f"  {backend}: {found.grades:,} grades into an LMS that fails one call in {EVERY}: "
                f"{ours.seconds:.1f} s ({ours.seconds / found.grades * 1000:.1f} ms each), "
                f"{found.calls_per_grade:.3f} calls for each, "
                f"{ours.rounds} rounds."
            ),
            (
                f"  Bare posts by the same client: {floor.seconds:.1f} s, {found.floor_calls_per_grade:.3f} calls for "
                f"each; ours take {found.ratio:.1f} times as long, and {ours.cpu_seconds / floor.cpu_seconds:.1f} "
                f"times the CPU."
            ),
            f"  The worker had {ours.mib:.0f} MiB at most; sending added {ours.grown_mib:.1f} MiB.",
        ]
    )


def as_json(found: dict[str, GradesFound]) -> dict[str, object]:
    """The figures by kind of database."""
    return {backend: asdict(one) | {"ratio": one.ratio} for backend, one in found.items()}


def _bare(book: Gradebook, lms: GradeService) -> str:
    return f"{lms.url}/items/{next(iter(lms.items))}/item/scores?type_id=1&bench={book.column_id}"


def _measured(what: str, *arguments: str, secret: str = "") -> Drained:
    """Run this module's ``what`` in a process of its own."""
    return Drained(**apart("benchmarks.grades", what, *arguments, secret=secret))


def _drain(database: str) -> int:
    """Send all that waits; what is waited for after a failure is left out. Says how many rounds that took."""
    sessions = sessionmaker(make_engine(database))
    caller = caller_of(sessions, secret=os.environ[SECRET])
    for rounds in count(1):
        send_due(sessions, caller)
        with sessions() as session, unit_of_work(session):
            left = session.scalar(select(func.count(Score.id)).where(Score.condition == Condition.WAITING))
            session.execute(
                update(Score).where(Score.condition == Condition.WAITING).values(next_at=clock.now())
            )
        if not left:
            return rounds
    raise AssertionError("counting does not end")


def _post_bare(url: str, number: int) -> int:
    """Post as many scores; again, as often as they fail."""
    outbound = Outbound("lmssocial bench", AllowList.parse(("127.0.0.1",)))
    for learner in range(number):
        payload = {
            "userId": f"bare-{learner}",
            "timestamp": clock.now().isoformat(timespec="milliseconds"),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": 70,
            "scoreMaximum": 100,
        }
        while not _arrives(outbound, url, payload):
            pass
    return 1


def _arrives(outbound: Outbound, url: str, payload: dict[str, object]) -> bool:
    try:
        outbound.post_json(
            url, payload, headers={"Authorization": "Bearer let-me-in"}, content_type=SCORE_TYPE
        )
    except OutboundError:
        return False
    return True


def main() -> None:
    """Do one of the two, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["drain", "floor"])
    parser.add_argument("arguments", nargs="+")
    given = parser.parse_args()
    before, began, cpu = own_memory("VmRSS"), time.perf_counter(), time.process_time()
    if given.what == "drain":
        rounds = _drain(given.arguments[0])
    else:
        rounds = _post_bare(given.arguments[0], int(given.arguments[1]))
    took = Drained(
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu,
        rounds=rounds,
        mib=own_memory(),
        grown_mib=own_memory() - before,
    )
    print(json.dumps(asdict(took)))


if __name__ == "__main__":
    main()
