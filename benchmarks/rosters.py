"""A large course's roster, read in pages of 50 from an LMS that refuses one page once.

Beside a floor in the same run: the same pages, fetched by the same client in a loop, and everybody on them written into
two bare tables, with nothing looked up and nothing kept of where it stands. ``python -m benchmarks.rosters`` is what
runs in a process of its own, so that its memory and CPU are those of one worker.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.orm import sessionmaker

from benchmarks.processes import SECRET, apart, own_memory
from benchmarks.stand import Stand
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.lti.services.addresses import link_to
from lmssocial.lms.roster import patience, schedule
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities.lms_groups import HOOKS
from tests.fakes.rosters import person, roster_lms
from tests.support.loopback import says
from tests.support.queries import counted_queries
from tests.support.rosters import active_in, caller_of, course_at

FULL, QUICK = 10_000, 1_000
"""Members."""
PAGE = 50

_tables = MetaData()
_user = Table(
    "roster_user", _tables,
    Column("id", Integer, primary_key=True),
    Column("sub", String(255), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
)  # fmt: skip
_membership = Table(
    "roster_membership", _tables,
    Column("id", Integer, primary_key=True),
    Column("sub", String(255), nullable=False, unique=True),
    Column("role", String(32), nullable=False),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Read:
    """What reading everything took."""

    seconds: float
    """By the clock; what the LMS asked to wait is left out."""
    cpu_seconds: float
    statements: int
    mib: float
    """The process's memory at its highest."""
    grown_mib: float
    """Of that, what reading added."""


@dataclass(frozen=True, kw_only=True)
class RostersFound:
    """Everything measured about rosters on one kind of database."""

    members: int
    pages: int
    first: Read
    """The first time, when nobody is known."""
    again: Read
    """Once more, when everybody is."""
    floor: Read

    @property
    def ratio(self) -> float:
        """Our time by the clock in multiples of the floor's, the first time."""
        return self.first.seconds / self.floor.seconds


def measure(stand: Stand, number: int) -> RostersFound:
    """Read a roster twice, and as many pages bare.

    :raises AssertionError: if not everybody is known after each time, or the page that failed was not asked for again.
    """
    settings = stand.tool.settings
    engine = make_engine(settings.database)
    sessions, secret = sessionmaker(engine, expire_on_commit=False), settings.secret()
    people = [person(member) for member in range(number)]
    pages = number // PAGE
    busy = says(b'{"error": "slow down"}', status=429, Retry_After="1")
    fails = f"/members?page={min(50, pages) - 1}"
    with roster_lms(people, page=PAGE) as lms:
        with sessions() as session:
            place = course_at(session, lms)
            session.commit()
        taken = []
        for _turn in range(2):
            with sessions() as session, unit_of_work(session):
                schedule.source_of(session, place.course.id).next_at = clock.now()
            lms.asked.clear()
            lms.faults[fails] = [busy]
            taken.append(_measured("read", settings.database, secret=secret, course=place.course.id))
            with sessions() as session:
                if len(active_in(session, place)) != number or len(lms.asked) != pages + 1:
                    raise AssertionError("the roster was not read to its end")
        floor = _measured("floor", stand.floor_url, url=lms.roster_url)
    engine.dispose()
    return RostersFound(members=number, pages=pages, first=taken[0], again=taken[1], floor=floor)


def table(backend: str, found: RostersFound) -> str:
    """What was measured, in a few sentences."""
    first, again, floor = found.first, found.again, found.floor
    return "\n".join(
        [
            (
                f"  {backend}: a roster of {found.members:,} in {found.pages} pages, one of which is refused once: "
                f"{first.seconds:.1f} s, {first.statements / found.pages:.1f} statements a page; "
                f"once more {again.seconds:.1f} s and {again.statements / found.pages:.1f}."
            ),
            (
                f"  Bare pages into bare tables: {floor.seconds:.1f} s; ours take {found.ratio:.1f} times as long, and "
                f"{first.cpu_seconds / floor.cpu_seconds:.1f} times the CPU."
            ),
            f"  The worker had {first.mib:.0f} MiB at most; reading added {first.grown_mib:.1f} MiB.",
        ]
    )


def as_json(found: dict[str, RostersFound]) -> dict[str, object]:
    """The figures by kind of database."""
    return {backend: asdict(one) | {"ratio": one.ratio} for backend, one in found.items()}


def _measured(what: str, database: str, *, secret: str = "", course: int = 0, url: str = "") -> Read:
    """Run this module's ``what`` in a process of its own."""
    return Read(**apart("benchmarks.rosters", what, database, str(course), url, secret=secret))


def _read(database: str, course_id: int) -> float:
    """Read what is due until the course's run has ended; gives how many seconds were waited because the LMS asked."""
    sessions = sessionmaker(make_engine(database))
    caller = caller_of(sessions, secret=os.environ[SECRET])
    with sessions() as session:
        runs = session.scalar(select(func.count(RosterRun.id)).where(RosterRun.course_id == course_id)) or 0
    waited = 0.0
    while True:
        read_due(sessions, caller, HOOKS)
        with sessions() as session:
            ended = session.scalar(
                select(func.count(RosterRun.id)).where(
                    RosterRun.course_id == course_id, RosterRun.outcome == Outcome.COMPLETE
                )
            )
        if ended == runs + 1:
            return waited
        time.sleep(1.0)
        waited += 1.0


def _read_bare(database: str, url: str) -> float:
    """Fetch the same pages and write everybody down."""
    engine = make_engine(database)
    _tables.drop_all(engine)
    _tables.create_all(engine)
    outbound = Outbound("lmssocial bench", AllowList.parse(("127.0.0.1",)))
    while url:
        reply = outbound.get_json(url, headers={"Authorization": "Bearer let-me-in"}, cap=8_000_000)
        said: Any = reply.data
        rows = [
            {"sub": one["user_id"], "name": one["name"], "email": one["email"]} for one in said["members"]
        ]
        with engine.begin() as connection:
            connection.execute(insert(_user), rows)
            connection.execute(insert(_membership), [{"sub": row["sub"], "role": "learner"} for row in rows])
        url = link_to(reply.headers, "next")
    return 0.0


def main() -> None:
    """Do one of the two, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["read", "floor"])
    parser.add_argument("database")
    parser.add_argument("course", type=int)
    parser.add_argument("url")
    given = parser.parse_args()
    patience.THEN, patience.PAUSES = timedelta(seconds=1), patience.PAUSES[:0]
    before, began, cpu = own_memory("VmRSS"), time.perf_counter(), time.process_time()
    with counted_queries() as queries:
        reads = given.what == "read"
        waited = _read(given.database, given.course) if reads else _read_bare(given.database, given.url)
    took = Read(
        seconds=time.perf_counter() - began - waited,
        cpu_seconds=time.process_time() - cpu,
        statements=len(queries),
        mib=own_memory(),
        grown_mib=own_memory() - before,
    )
    print(json.dumps(asdict(took)))


if __name__ == "__main__":
    main()
