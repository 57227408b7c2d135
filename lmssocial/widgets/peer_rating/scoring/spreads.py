"""How scores lie, and how far reviews lie apart, as data for pictures. The pages draw it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Work
from lmssocial.widgets.peer_rating.scoring.inputs import bounds, graded
from lmssocial.widgets.peer_rating.scoring_models import Override, Result

BINS = 10
"""Bars in a picture."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of a picture."""

    low: float
    high: float
    works: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How scores lie, and how far reviews of the same work lie apart."""

    scored: int
    lacking: int
    """Works without a score."""
    middle: float | None
    """The mean of all scores."""
    scores: tuple[Bar, ...]
    apart: tuple[Bar, ...]
    """From the highest review of a work to its lowest, where it has two."""


def spread(session: Session, running: Running) -> Spread:
    """The data for pictures of an activity's scores: staff's points where there are some, before any penalty."""
    low, high = bounds(session, running)
    points: list[float] = []
    ranges: list[float] = []
    lacking = 0
    rows: Any = session.execute(  # outer joins leave holes that the types do not know of
        select(Result.points, Result.count, Result.highest - Result.lowest, Override.points)
        .select_from(Work)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(Result, Result.work_id == Work.id)
        .outerjoin(Override, and_(Override.work_id == Work.id, Override.withdrawn_at.is_(None)))
        .where(Work.placement_id == running.placement.id, graded())
    )
    for scored, count, apart, given in rows:
        score = scored if given is None else given
        if score is None:
            lacking += 1
        else:
            points.append(score)
        if count and count > 1 and apart is not None:
            ranges.append(apart)
    return Spread(
        scored=len(points),
        lacking=lacking,
        middle=math.fsum(points) / len(points) if points else None,
        scores=bars(points, low, high),
        apart=bars(ranges, 0.0, high - low),
    )


def bars(values: Iterable[float], low: float, high: float, number: int = BINS) -> tuple[Bar, ...]:
    """How many of ``values`` lie in each of ``number`` equal parts between ``low`` and ``high``."""
    width = (high - low) / number
    if width <= 0:
        return ()
    counts = [0] * number
    for value in values:
        counts[min(number - 1, max(0, int((value - low) / width)))] += 1
    return tuple(
        Bar(low=low + index * width, high=low + (index + 1) * width, works=count)
        for index, count in enumerate(counts)
    )
