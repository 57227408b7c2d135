"""Works given out to reviewers: all of them at once, and one after the other out of a database.

At once, beside a floor in the same run: the same number of pairs by plain counting on, with nothing checked. One after
the other, beside a floor on the same database: the work with the smallest number read, one row written, the number
raised, with no rule asked.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.processes import apart, own_memory
from benchmarks.stand import Stand
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.hooks.rating import GroupScope, Pool, Rater, Reviewable
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.allocating import exact, giving
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.models import Author, Phase, Work, WorkState
from tests.support.peer_rating import set_up
from tests.support.people import Place, make_place

SIZES, EACH = (1_000, 10_000), 4
"""Works, and reviews of each."""
PULLS = 60
"""Reviews that are asked for, in each measurement."""
FLOOR = "floor"
WAYS = {
    "in a circle": (0, GroupScope.ANYBODY),
    "with conflicts": (3, GroupScope.ANYBODY),
    "across groups": (3, GroupScope.OUTSIDE),
}
"""Conflicts for each ten people, and the rule for groups."""


@dataclass(frozen=True, kw_only=True)
class Took:
    """What giving everything out took."""

    seconds: float
    """CPU."""
    grown_mib: float


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What one review that somebody asked for took, on one database."""

    ours_ms: dict[int, float]
    """Works → milliseconds."""
    floor_ms: dict[int, float]


def at_once() -> dict[str, dict[int, Took]]:
    """Give everything out, each in a process of its own. Way → works → what it took."""
    return {
        way: {works: Took(**apart("benchmarks.allocating", way, str(works))) for works in SIZES}
        for way in (FLOOR, *WAYS)
    }


def made_up(works: int, way: str) -> Pool:
    """So many people who all handed in, some at odds, in groups of about twenty-five."""
    tenths, scope = WAYS.get(way, (0, GroupScope.ANYBODY))
    chance = Random(works)  # noqa: S311 – a simulation
    avoids: dict[int, set[int]] = {}
    for _number in range(works * tenths // 10):
        one, other = chance.sample(range(works), 2)
        avoids.setdefault(one, set()).add(other)
        avoids.setdefault(other, set()).add(one)
    groups = [frozenset({number // 25}) for number in range(works)]
    return Pool(
        works=tuple(
            Reviewable(id=one, authors=frozenset({one}), groups=groups[one], order=one)
            for one in range(works)
        ),
        raters=tuple(
            Rater(id=one, asked=EACH, groups=groups[one], avoids=frozenset(avoids.get(one, ())))
            for one in range(works)
        ),
        wanted=EACH,
        scope=scope,
        seed="bench",
    )


def bare(pool: Pool) -> list[tuple[int, int]]:
    """As many pairs, by counting on."""
    ids = [work.id for work in pool.works]
    return [
        (one, ids[(place + step) % len(ids)]) for place, one in enumerate(ids) for step in range(1, EACH + 1)
    ]


def pulled(stand: Stand) -> Pulled:
    """Ask for reviews among few and among many works."""
    engine = make_engine(stand.tool.settings.database)
    ours, floor = {}, {}
    try:
        for works in SIZES:
            place, people = _filled(engine, works)
            ours[works] = _each(lambda number: _pull(engine, place, people[number]))  # noqa: B023 – called at once
            floor[works] = _each(lambda number: _pull_bare(engine, place.placement.id, number))  # noqa: B023
    finally:
        engine.dispose()
    return Pulled(ours_ms=ours, floor_ms=floor)


def _each(pull: Callable[[int], None]) -> float:
    pull(0)  # everything is imported, connected and cached after this
    began = time.perf_counter()
    for number in range(1, PULLS + 1):
        pull(number)
    return (time.perf_counter() - began) / PULLS * 1000


def _pull(engine: Engine, place: Place, person: Actor) -> None:
    ours = {allocator.name: allocator for allocator in ALLOCATORS}
    with Session(engine) as session, unit_of_work(session):
        if giving.next_review(session, ours, person, place.placement.id) is None:
            raise AssertionError("there was nothing to review")


def _pull_bare(engine: Engine, placement_id: int, number: int) -> None:
    with Session(engine) as session, unit_of_work(session):
        least = text(
            "SELECT id FROM peer_rating_work WHERE placement_id = :place AND state = 'submitted'"
            " ORDER BY load, submitted_at, id LIMIT 1"
        )
        work = session.scalar(least, {"place": placement_id})
        session.execute(
            text(
                "INSERT INTO peer_rating_edge (placement_id, edge, epoch, made_at, reason, facts)"
                " VALUES (:place, :edge, 0, :now, '', '{}')"
            ),
            {"place": placement_id, "edge": f"bench:{number}", "now": clock.now()},
        )
        session.execute(text("UPDATE peer_rating_work SET live = live + 1 WHERE id = :work"), {"work": work})


def _filled(engine: Engine, works: int) -> tuple[Place, list[Actor]]:
    """An activity in which so many people have handed in."""
    with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
        place, now = make_place(session, widget="peer_rating"), clock.now()
        set_up(session, place, Phase.REVIEW)
        tenant, community = place.tenant.id, place.community.id
        common = {"tenant_id": tenant, "created_at": now}
        here = {"tenant_id": tenant, "community_id": community, "placement_id": place.placement.id}
        users = _put(
            session,
            User,
            [
                common
                | {"registration_id": place.registration.id, "sub": f"bench-{number}", "name": f"P {number}"}
                for number in range(works)
            ],
        )
        _put(
            session,
            Membership,
            [{"course_id": place.course.id, "user_id": one, "joined_at": now} for one in users],
        )
        words = _put(
            session,
            Contribution,
            [
                here
                | {
                    "kind": "peer_rating.work",
                    "author_id": one,
                    "author_role": "learner",
                    "state": State.PUBLISHED,
                    "source": "x",
                    "html": "x",
                    "cooked_version": 1,
                    "created_at": now,
                }
                for one in users
            ],
        )
        rows = [
            here
            | {"contribution_id": one, "alias": number, "state": WorkState.SUBMITTED, "submitted_at": now}
            for number, one in enumerate(words)
        ]
        ids = _put(session, Work, rows)
        authors = [
            {"work_id": work, "user_id": one, "placement_id": place.placement.id}
            for work, one in zip(ids, users, strict=True)
        ]
        session.execute(insert(Author), authors)
        asking = Random(works).sample(users, PULLS + 1)  # noqa: S311 – a simulation
        people = [
            Actor(
                user_id=one,
                name="",
                tenant_id=tenant,
                course_id=place.course.id,
                community_id=community,
                roles=frozenset({LmsRole.LEARNER}),
            )
            for one in asking
        ]
    return place, people


def _put(session: Session, model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert many rows; gives their ids."""
    last = session.scalar(select(model.id).order_by(model.id.desc()).limit(1)) or 0
    session.execute(insert(model), rows)
    return list(session.scalars(select(model.id).where(model.id > last).order_by(model.id)))


def table(found: dict[str, dict[int, Took]]) -> str:
    """What giving everything out took, in a few lines."""
    few, many = SIZES
    lines = [
        f"{many:,} works given out {EACH} times at once (the floor: {found[FLOOR][many].seconds * 1000:.0f} ms):"
    ]
    for way in WAYS:
        took = found[way]
        ratio = took[many].seconds / found[FLOOR][many].seconds
        lines.append(
            f"  {way:<15} {took[many].seconds:.2f} s, {ratio:.0f} times the floor; "
            f"{took[many].grown_mib:.0f} MiB more; one of {many:,} costs {_growth(took):.2f} times one of {few:,}."
        )
    return "\n".join(lines)


def pull_table(backend: str, found: Pulled) -> str:
    """What asking for the next one took."""
    few, many = SIZES
    ratios = [found.ours_ms[works] / found.floor_ms[works] for works in (few, many)]
    return (
        f"  {backend}: one review asked for among {many:,} works: {found.ours_ms[many]:.1f} ms, "
        f"{ratios[1]:.1f} times the floor; among {few:,} it is {ratios[0]:.1f} times."
    )


def as_json(at_once_found: dict[str, dict[int, Took]], pulls: dict[str, Pulled]) -> dict[str, object]:
    """All figures."""
    return {
        "at_once": {
            way: {str(works): asdict(took) for works, took in sizes.items()}
            for way, sizes in at_once_found.items()
        },
        "pulled": {backend: asdict(found) for backend, found in pulls.items()},
    }


def _growth(took: dict[int, Took]) -> float:
    """What one review costs among many works, in multiples of what it costs among few: 1 is linear."""
    few, many = SIZES
    return (took[many].seconds / many) / (took[few].seconds / few)


def main() -> None:
    """Give everything out once, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=[FLOOR, *WAYS])
    parser.add_argument("works", type=int)
    given = parser.parse_args()
    pool = made_up(given.works, given.way)
    before, best = own_memory("VmHWM"), float("inf")
    for _turn in range(3):
        began = time.process_time()
        pairs = bare(pool) if given.way == FLOOR else exact.plan(pool)
        best = min(best, time.process_time() - began)
    if len(pairs) != EACH * given.works:
        raise AssertionError(f"only {len(pairs)} were given out")
    print(json.dumps(asdict(Took(seconds=best, grown_mib=own_memory() - before))))


if __name__ == "__main__":
    main()
