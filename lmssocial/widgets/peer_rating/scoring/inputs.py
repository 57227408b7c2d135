"""What scores rest on: read from the database once, and written down so that it can be read again word for word."""

import hashlib
import json
from collections.abc import Iterator
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks.rating import Given, Ratings, Won
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.gates import GRACE
from lmssocial.widgets.peer_rating.models import (
    Author,
    Extension,
    Review,
    ReviewState,
    Rubric,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.settings import Mode

REFERENCE = 0
"""Stands for the staff who graded calibration examples, as a rater."""
DAY = 86_400.0
"""Seconds."""
WHOLE = 100.0
"""The most points of a work where pairs are compared by a rubric that gives none."""


def graded() -> ColumnElement[bool]:
    """Which works get a score: a WHERE clause on Work and Contribution."""
    reviewed = and_(Work.state == WorkState.SUBMITTED, Contribution.state == State.PUBLISHED)
    return or_(reviewed, Work.state == WorkState.EXCLUDED)


def rubric_of(session: Session, running: Running) -> tuple[Criterion, ...]:
    """The rubric that reviews are made by; the one of the settings until there is a review."""
    if running.activity.rubric_id is None:
        return running.settings.rubric
    return criteria.from_json(session.get_one(Rubric, running.activity.rubric_id).criteria["criteria"])


def bounds(session: Session, running: Running) -> tuple[float, float]:
    """The fewest and the most points that a work can get."""
    rubric = rubric_of(session, running)
    most = criteria.total(line.most for line in rubric)
    if running.settings.mode is Mode.PAIRS:
        return 0.0, most or WHOLE
    return criteria.total(min((points for _, points in line.levels), default=0.0) for line in rubric), most


def ratings_of(session: Session, running: Running) -> Ratings:
    """Everything a scoring decides about, in a fixed order."""
    low, high = bounds(session, running)
    works = tuple(
        session.scalars(
            select(Work.id)
            .join(Contribution, Contribution.id == Work.contribution_id)
            .where(Work.placement_id == running.placement.id, graded())
            .order_by(Work.id)
        )
    )
    if running.settings.mode is Mode.PAIRS:
        return Ratings(low=low, high=high, works=works, won=tuple(_won(session, running, frozenset(works))))
    given = [*_tries(session, running), *_reviews(session, running, frozenset(works))]
    given.sort(key=lambda one: (one.work, one.rater))
    return Ratings(low=low, high=high, works=works, given=tuple(given))


def _reviews(session: Session, running: Running, works: frozenset[int]) -> Iterator[Given]:
    rows = session.execute(
        select(Review.work_id, Review.reviewer_id, Review.points, Review.source).where(
            Review.placement_id == running.placement.id,
            Review.state == ReviewState.SUBMITTED,
            Review.source != Source.SELF,
        )
    )
    for work_id, reviewer_id, points, source in rows:
        if work_id in works and points is not None:
            yield Given(work=work_id, rater=reviewer_id, points=points, is_staff=source is Source.STAFF)


def _tries(session: Session, running: Running) -> Iterator[Given]:
    """Tries at examples, and what staff gave these: they tell how strict somebody is before any work is reviewed."""
    rows = session.execute(
        select(Try.example_id, Try.user_id, Try.points, Example.points.label("right"))
        .join(Example, Example.id == Try.example_id)
        .where(Example.placement_id == running.placement.id)
    )
    right: dict[int, float] = {}
    for row in rows:
        right[row.example_id] = row.right
        yield Given(work=-row.example_id, rater=row.user_id, points=row.points)
    for example_id, points in right.items():
        yield Given(work=-example_id, rater=REFERENCE, points=points, is_staff=True)


def _won(session: Session, running: Running, works: frozenset[int]) -> Iterator[Won]:
    rows = session.execute(
        select(Comparison.judge_id, Comparison.low_id, Comparison.high_id, Comparison.better_id)
        .where(
            Comparison.placement_id == running.placement.id,
            Comparison.state == ComparisonState.SUBMITTED,
            Comparison.better_id.is_not(None),
        )
        .order_by(Comparison.judge_id, Comparison.low_id, Comparison.high_id)
    )
    for row in rows:
        if {row.low_id, row.high_id} <= works:
            worse = row.low_id if row.better_id == row.high_id else row.high_id
            yield Won(rater=row.judge_id, better=row.better_id, worse=worse)


def late_of(session: Session, running: Running) -> dict[int, float]:
    """How much of its score each late work loses, from 0 to 1; works that lose nothing are not named.

    A team has the latest date that one of its members has.
    """
    per_day = running.settings.late_percent / 100
    if per_day <= 0:
        return {}
    rows = session.execute(
        select(Work.id, Work.submitted_at, Extension.submit_due_at)
        .join(Author, Author.work_id == Work.id)
        .outerjoin(
            Extension,
            and_(Extension.placement_id == Work.placement_id, Extension.user_id == Author.user_id),
        )
        .where(Work.placement_id == running.placement.id, Work.is_late)
    ).all()
    best: dict[int, float] = {}
    for work_id, submitted_at, own in rows:
        due = own or running.settings.submit_due_at
        over = submitted_at - due if due else GRACE
        days = ceil(over.total_seconds() / DAY) if over > GRACE else 0
        best[work_id] = min(best.get(work_id, 1.0), 1.0, days * per_day)
    return {work_id: share for work_id, share in sorted(best.items()) if share > 0}


def as_json(ratings: Ratings) -> JsonObject:
    """How :func:`from_json` finds ratings again."""
    return {
        "low": ratings.low,
        "high": ratings.high,
        "works": list(ratings.works),
        "given": [[one.work, one.rater, one.points, int(one.is_staff)] for one in ratings.given],
        "won": [[one.rater, one.better, one.worse] for one in ratings.won],
    }


def from_json(stored: JsonObject) -> Ratings:
    """Ratings as :func:`as_json` wrote them."""
    return Ratings(
        low=float(stored["low"]),
        high=float(stored["high"]),
        works=tuple(stored["works"]),
        given=tuple(
            Given(work=work, rater=rater, points=float(points), is_staff=bool(is_staff))
            for work, rater, points, is_staff in stored["given"]
        ),
        won=tuple(Won(rater=rater, better=better, worse=worse) for rater, better, worse in stored["won"]),
    )


def digest(stored: Any) -> str:
    """SHA-256, in hexadecimal, of the one way to write something as JSON."""
    plain = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()
