"""Rubrics: criteria with levels, as they are stored, and what of one a grade keeps.

A grade keeps the words and points of the levels that were reached, not their places in the rubric: a rubric that is
changed later changes no grade that was given.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lmssocial.core.db import JsonObject

DECIMALS = 2
"""Points have at most so many."""
MOST_CRITERIA = 8
MOST_LEVELS = 6
MOST_POINTS = 1000.0
"""Of one level."""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One line of a rubric."""

    title: str
    levels: tuple[tuple[str, float], ...]
    """What each level means, and its points; the best first."""

    @property
    def most(self) -> float:
        """The points of its best level."""
        return max((points for _text, points in self.levels), default=0.0)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far somebody came by one criterion."""

    criterion: str
    level: str
    points: float
    most: float
    """What its best level would have given."""


def total(points: Iterable[float]) -> float:
    """A sum of points, without the dust that binary fractions leave."""
    return round(math.fsum(points), DECIMALS)


def kept(rubric: Sequence[Criterion], chosen: Sequence[int]) -> JsonObject:
    """What a grade keeps of ``rubric``.

    :param chosen: for each criterion the index of the level that was reached.
    :raises IndexError: if there is no such level.
    :raises ValueError: if not every criterion has one.
    """
    return {
        "criteria": [
            {
                "title": criterion.title,
                "level": criterion.levels[index][0],
                "points": criterion.levels[index][1],
                "most": criterion.most,
            }
            for criterion, index in zip(rubric, chosen, strict=True)
        ]
    }


def reached(levels: JsonObject) -> tuple[Reached, ...]:
    """What :func:`kept` kept."""
    return tuple(
        Reached(
            criterion=line["title"],
            level=line["level"],
            points=float(line["points"]),
            most=float(line["most"]),
        )
        for line in levels.get("criteria", [])
    )


def points_of(levels: JsonObject) -> float:
    """The points of all levels that were reached."""
    return total(line.points for line in reached(levels))


def most_of(levels: JsonObject) -> float:
    """The most that could have been reached when the grade was given."""
    return total(line.most for line in reached(levels))


def found_again(rubric: Sequence[Criterion], levels: JsonObject) -> tuple[int | None, ...]:
    """For each criterion of ``rubric`` the level a grade kept; ``None`` where the rubric has changed since."""
    before = {line.criterion: (line.level, line.points) for line in reached(levels)}
    found: list[int | None] = []
    for criterion in rubric:
        level = before.get(criterion.title)
        found.append(criterion.levels.index(level) if level in criterion.levels else None)
    return tuple(found)


def fingerprint(rubric: Sequence[Criterion]) -> str:
    """The same for the same rubric: a form says with it which one it was made for."""
    plain = json.dumps([[line.title, line.levels] for line in rubric], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def as_json(rubric: Sequence[Criterion]) -> list[JsonObject]:
    """How :func:`from_json` finds a rubric again."""
    return [{"title": line.title, "levels": [list(level) for level in line.levels]} for line in rubric]


def from_json(stored: Sequence[JsonObject]) -> tuple[Criterion, ...]:
    """A rubric as :func:`as_json` stored it."""
    return tuple(
        Criterion(
            title=str(line["title"]),
            levels=tuple((str(text), float(points)) for text, points in line["levels"]),
        )
        for line in stored
    )
