"""Working scores out and keeping them. What was released stays as it is, until there is another release."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks.rating import Given, Ratings, Scored, Scores, Scoring
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.access import counted
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.guarding import Failed, guarded
from lmssocial.widgets.peer_rating.models import Review
from lmssocial.widgets.peer_rating.scoring import pairs, reviewing
from lmssocial.widgets.peer_rating.scoring.finals import allowed, wrong
from lmssocial.widgets.peer_rating.scoring.inputs import ratings_of, rubric_of
from lmssocial.widgets.peer_rating.scoring_models import Result
from lmssocial.widgets.peer_rating.settings import FAIR, Mode

log = structlog.get_logger(__name__)


_NOTHING = Ratings(low=0.0, high=0.0, works=())


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of working scores out."""

    method: str = ""
    """What was really done."""
    works: int = 0
    """How many works have a score now."""
    trouble: str = ""
    """Why nothing was changed, for the instructor; empty if all went well."""
    version: str = ""
    """Of the scoring."""
    ratings: Ratings = _NOTHING
    """What it rests on."""
    points: Mapping[int, float] = field(default_factory=dict)
    """The points of each work that has a score."""


def scoring_name(running: Running) -> str:
    """The name of the scoring that is chosen; where pairs are compared and nothing else is said, ours for pairs."""
    settings = running.settings
    return pairs.METHOD if settings.mode is Mode.PAIRS and settings.scoring == FAIR else settings.scoring


def work_out(session: Session, scorings: Mapping[str, Scoring], running: Running) -> Outcome:
    """Work out the scores of a locked activity, and what is known of its reviewers.

    A scoring that is missing, raises, or answers what cannot be, changes nothing.
    """
    name = scoring_name(running)
    scoring = scorings.get(name)
    if scoring is None or scoring.compares != (running.settings.mode is Mode.PAIRS):
        return _trouble(
            running,
            name,
            "not installed, or not for this kind of activity",
            _(
                "The way of scoring that was chosen, “%(name)s”, is not there any more. Choose another one.",
                name=name,
            ),
        )
    ratings = ratings_of(session, running)
    scores, problem = asked(scoring, ratings)
    if scores is None:
        return _trouble(
            running,
            name,
            problem,
            _(
                "“%(name)s” could not work the scores out, so those that were there stay. Try again, or choose "
                "another way of scoring.",
                name=str(scoring.title),
            ),
        )
    points = allowed(ratings, scores, running.settings.least)
    now = clock.now()
    _keep(session, running, ratings, scores, points, now)
    reviewing.work_out(session, running, ratings, scores, now)
    running.activity.scores_stale = False
    session.flush()
    return Outcome(
        method=scores.method or name,
        works=len(points),
        version=scoring.version,
        ratings=ratings,
        points=points,
    )


def asked(scoring: Scoring, ratings: Ratings) -> tuple[Scores | None, str]:
    """What a scoring answers; ``None`` and why, for the log, if it fails or answers what cannot be."""
    try:
        scores = guarded(scoring.name, lambda: scoring.score(ratings))
        problem = wrong(ratings, scores)
    except Failed as failure:
        problem = str(failure)
    except Exception as error:  # noqa: BLE001  # what it answered may be of any shape, and must harm nothing
        problem = f"it raised {type(error).__name__}: {error}"
    return (None, problem) if problem else (scores, "")


def _trouble(running: Running, name: str, problem: str, words: str) -> Outcome:
    log.warning("scoring failed", placement_id=running.placement.id, scoring=name, problem=problem)
    return Outcome(trouble=words)


def _keep(
    session: Session,
    running: Running,
    ratings: Ratings,
    scores: Scores,
    points: Mapping[int, float],
    now: datetime,
) -> None:
    placement_id = running.placement.id
    there = {
        row.work_id: row for row in session.scalars(select(Result).where(Result.placement_id == placement_id))
    }
    peers: dict[int, list[Given]] = defaultdict(list)
    staff: dict[int, list[Given]] = defaultdict(list)
    for given in ratings.given:
        (staff if given.is_staff else peers)[given.work].append(given)
    means = _criteria(session, running) if peers else {}
    compared: dict[int, int] = defaultdict(int)
    for won in ratings.won:
        compared[won.better] += 1
        compared[won.worse] += 1
    for scored in scores.works:
        row = there.get(scored.work)
        if row is None:
            row = Result(work_id=scored.work, placement_id=placement_id)
            session.add(row)
        _describe(row, peers.get(scored.work, ()), staff.get(scored.work, ()))
        row.count += compared.get(scored.work, 0)
        _score(row, scored, points.get(scored.work), scores.method)
        row.criteria = {"means": means[scored.work]} if scored.work in means else {}
        row.computed_at = now


def _describe(row: Result, peers: Sequence[Given], staff: Sequence[Given]) -> None:
    """What the reviews say by themselves, whatever the scoring."""
    given = [one.points for one in peers]
    row.count = len(given)
    row.mean = _mean(given)
    row.lowest, row.highest = min(given, default=None), max(given, default=None)
    row.staff_points = _mean([one.points for one in staff])


def _score(row: Result, scored: Scored, points: float | None, method: str) -> None:
    row.points, row.method = points, method
    row.unsure = None if points is None else scored.unsure


def _criteria(session: Session, running: Running) -> dict[int, list[float]]:
    """The mean of each criterion, work by work, over the reviews by peers that count."""
    rubric = rubric_of(session, running)
    found: dict[int, list[list[float]]] = defaultdict(lambda: [[] for _line in rubric])
    rows = session.execute(
        select(Review.work_id, Review.answers["levels"].label("levels")).where(
            Review.placement_id == running.placement.id, counted()
        )
    )
    for work_id, levels in rows:
        for index, points in _reached(rubric, levels or {}):
            found[work_id][index].append(points)
    return {work_id: [round(_mean(points) or 0.0, 4) for points in lines] for work_id, lines in found.items()}


def _reached(rubric: Sequence[Criterion], levels: JsonObject) -> Iterator[tuple[int, float]]:
    """The index of each criterion that was answered, and the points of its level."""
    for index, line in enumerate(rubric):
        level = levels.get(str(index))
        if isinstance(level, int) and 0 <= level < len(line.levels):
            yield index, line.levels[level][1]


def _mean(points: Sequence[float]) -> float | None:
    return math.fsum(points) / len(points) if points else None
