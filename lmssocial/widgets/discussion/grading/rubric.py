"""The rubric that grading a discussion begins with."""

from dataclasses import replace

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.rubrics.criteria import DECIMALS, Criterion, total

HALVES_FROM = 8.0
"""With so many points in all, a level of the starting rubric gives whole and half points."""


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
