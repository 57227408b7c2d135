"""Rubrics: where they begin, and what of one a grade keeps.

A grade keeps the words and points of the levels that were reached, not their places in the rubric: a rubric that is
changed later changes no grade that was given.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lmssocial.core.db import JsonObject
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.discussion.settings import Criterion

DECIMALS = 2
"""Points have at most so many."""
MOST_CRITERIA = 8
MOST_LEVELS = 6
MOST_POINTS = 1000.0
"""Of one level."""
HALVES_FROM = 8.0
"""With so many points in all, a level of the starting rubric gives whole and half points."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far somebody came by one criterion."""

    criterion: str
    level: str
    points: float
    most: float
    """What its best level would have given."""


def starting_points() -> tuple[Criterion, ...]:
    """Three criteria that suit most discussions, in the reader's language; instructors change them as they like."""
    return (
        Criterion(
            title=_("Contribution to the thinking of others"),
            levels=(
                (_("Opens something for others: a new angle, a connection, a question that leads on."), 3.0),
                (_("Moves the conversation on: a reason, an example, a distinction."), 2.0),
                (_("Agrees or repeats, and adds little of its own."), 1.0),
                (_("Not shown in the chosen posts."), 0.0),
            ),
        ),
        Criterion(
            title=_("Evidence and experience"),
            levels=(
                (_("Says what was tried or read, what came of it, and how far that holds."), 3.0),
                (_("Supports the point with an example or a source."), 2.0),
                (_("Gives an opinion and not what it rests on."), 1.0),
                (_("Not shown in the chosen posts."), 0.0),
            ),
        ),
        Criterion(
            title=_("Response to others"),
            levels=(
                (_("Takes up what others wrote, tests it fairly and helps them on."), 3.0),
                (_("Answers the point that was made."), 2.0),
                (_("Stands beside what others wrote."), 1.0),
                (_("Not shown in the chosen posts."), 0.0),
            ),
        ),
    )


def worth(points: float) -> tuple[Criterion, ...]:
    """The starting rubric, with best levels that give ``points`` together.

    :param points: more than 0, with at most :data:`DECIMALS` decimals.
    """
    criteria = starting_points()
    plain = total(criterion.most for criterion in criteria)
    left, made = points, []
    for number, criterion in enumerate(criteria, start=1):
        is_last = number == len(criteria)
        most = left if is_last else _handy(points * criterion.most / plain, points)
        levels = [(words, most * one / criterion.most) for words, one in criterion.levels[1:]]
        best = (criterion.levels[0][0], round(most, DECIMALS))
        made.append(
            replace(criterion, levels=(best, *((words, _handy(one, points)) for words, one in levels)))
        )
        left = round(left - most, DECIMALS)
    return tuple(made)


def _handy(share: float, points: float) -> float:
    """Half points where there are enough of them: nobody reckons with thirds."""
    return round(share * 2) / 2 if points >= HALVES_FROM else round(share, DECIMALS)


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
