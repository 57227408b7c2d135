"""Somebody looked for who knows, among thousands of experts and hundreds of thousands of past answers.

Beside two floors in the same run and on the same database. A match: one full-text query with the same words, any of
them, the ten best by the database's own rank, over the same answers in the database's own full-text index. An answer
that is taken into the index of words: one row inserted, and committed as well.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import Engine

from benchmarks.experts_course import ExpertsCourse
from benchmarks.stand import Stand
from lmssocial.core.db import make_engine

FULL, QUICK = (10_000, 200_000), (500, 5_000)
"""Experts, and past answers."""
QUESTIONS, ANSWERS = 65, 30
"""Questions that somebody is looked for, and answers that are taken in, in each measurement."""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What was measured on one kind of database, in milliseconds."""

    experts: int
    answers: int
    match_p50_ms: float
    match_p95_ms: float
    text_p50_ms: float
    text_p95_ms: float
    answer_ms: float
    insert_ms: float

    @property
    def ratio(self) -> float:
        """A match at the 95th percentile in multiples of a full-text query there."""
        return self.match_p95_ms / self.text_p95_ms

    @property
    def median_ratio(self) -> float:
        """Likewise in the middle."""
        return self.match_p50_ms / self.text_p50_ms


def measure(stand: Stand, sizes: tuple[int, int]) -> Matched:
    """Fill a course with experts and answers, look for people, and take more answers in."""
    engine = make_engine(stand.tool.settings.database)
    try:
        return measured(engine, *sizes)
    finally:
        engine.dispose()


def measured(engine: Engine, experts: int, answers: int) -> Matched:
    """As :func:`measure`, on a database of ours."""
    course = ExpertsCourse(engine, experts, answers)
    course.fill()
    queries = [course.question(number) for number in range(QUESTIONS)]
    matches = [_timed(partial(course.match, number)) for number, _ in queries[5:]]
    texts = [_timed(partial(course.full_text, words)) for _, words in queries[5:]]
    given = [course.answer(number) for number in range(ANSWERS)]
    taken_in = [_timed(partial(course.take_in, one)) for one in given]
    inserted = [_timed(partial(course.insert_bare, number)) for number in range(ANSWERS)]
    return Matched(
        experts=experts,
        answers=answers,
        match_p50_ms=median(matches),
        match_p95_ms=_p95(matches),
        text_p50_ms=median(texts),
        text_p95_ms=_p95(texts),
        answer_ms=median(taken_in),
        insert_ms=median(inserted),
    )


def table(backend: str, found: Matched) -> str:
    """What was measured, in a few sentences."""
    return "\n".join(
        [
            (
                f"  {backend}: somebody found among {found.experts:,} experts with {found.answers:,} answers: "
                f"{found.match_p95_ms:.1f} ms p95, {found.match_p50_ms:.1f} ms in the middle; one full-text query "
                f"there: {found.text_p95_ms:.1f} and {found.text_p50_ms:.1f} ms. A match takes "
                f"{found.ratio:.2f} times as long at the 95th percentile, {found.median_ratio:.2f} times in the middle."
            ),
            (
                f"  An answer taken into the index: {found.answer_ms:.2f} ms; one row inserted: "
                f"{found.insert_ms:.2f} ms; {found.answer_ms / found.insert_ms:.1f} times as long."
            ),
        ]
    )


def as_json(found: dict[str, Matched]) -> dict[str, Any]:
    """For the kept figures."""
    return {
        kind: asdict(one) | {"ratio": one.ratio, "median_ratio": one.median_ratio}
        for kind, one in found.items()
    }


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
