"""The skills of the five roles, as far as acts tell of them: which figure stands for which, and who is told what.

A figure of one member is for that member alone. A community is told medians and quartiles, and only where enough
members had enough chances.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import isinf

from lmssocial_reporting.monitors.cells import UNSAID, Roughly, roughly
from lmssocial_reporting.roles.words import SKILLS, Skill
from lmssocial_reporting.skills import caretaker, carrier, connector, consumer, creator
from lmssocial_reporting.skills.figure import Indicator
from lmssocial_reporting.skills.told import Told, Value

ENOUGH = 10
"""Members with enough chances, from whom on medians and quartiles are said."""


INDICATORS: tuple[Indicator, ...] = (
    *consumer.INDICATORS,
    *creator.INDICATORS,
    *connector.INDICATORS,
    *carrier.INDICATORS,
    *caretaker.INDICATORS,
)
"""All figures, in the order of the skills.

``switched_on`` has none: how well somebody understands what moves a community is not in what they do; colleagues and
they themselves can say.
"""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a figure says of a community."""

    indicator: Indicator
    people: Roughly
    """Members who had enough chances."""
    enough: bool
    """Whether there are enough of them for the rest to be said."""
    left_out: bool = False
    """Whether it was not reckoned, because there is too much reading to look at."""
    lower: float = 0.0
    """A quarter of them has at most this."""
    median: float = 0.0
    upper: float = 0.0
    """A quarter of them has at least this."""


@dataclass(frozen=True, kw_only=True)
class SkillMeasures:
    """A skill with its figures."""

    skill: Skill
    measures: tuple[Measure, ...]
    """None, where acts say nothing about it."""


@dataclass(frozen=True, kw_only=True)
class OwnMeasure:
    """What a figure says of one member, for that member."""

    indicator: Indicator
    skill: Skill
    value: float | None
    """``None``: too few chances for it to say anything."""
    chances: int


def measures_of(told: Told, members: AbstractSet[int], *, least: int) -> list[SkillMeasures]:
    """All skills in order, with what may be said of these members.

    :param least: from how many people on a number of people is said.
    """
    known = {one.key: _values(one, told, members) for one in INDICATORS if not (one.reads and told.too_large)}
    measures = [
        _measure(one, sorted(known[one.key].values()), of=len(members), least=least)
        if one.key in known
        else Measure(indicator=one, people=UNSAID, enough=False, left_out=True)
        for one in INDICATORS
    ]
    return [
        SkillMeasures(
            skill=skill,
            measures=tuple(measure for measure in measures if measure.indicator.skill == skill.key),
        )
        for skill in SKILLS.values()
    ]


def own_measures(told: Told, member: int) -> list[OwnMeasure]:
    """What acts say of the skills of one member; for that member alone."""
    found = []
    for indicator in INDICATORS:
        value = indicator.reckon(told).get(member, Value(0.0, 0))
        enough = value.chances >= indicator.chances and not (indicator.reads and told.too_large)
        found.append(
            OwnMeasure(
                indicator=indicator,
                skill=SKILLS[indicator.skill],
                value=value.value if enough else None,
                chances=value.chances,
            )
        )
    return found


def _values(indicator: Indicator, told: Told, members: AbstractSet[int]) -> dict[int, float]:
    """What it says of those members who had enough chances."""
    return {
        member: value.value
        for member, value in indicator.reckon(told).items()
        if member in members and value.chances >= indicator.chances
    }


def _measure(indicator: Indicator, values: Sequence[float], *, of: int, least: int) -> Measure:
    """:param values: in ascending order; :param of: how many members there are."""
    if len(values) < max(least, ENOUGH):
        return Measure(indicator=indicator, people=UNSAID, enough=False)
    return Measure(
        indicator=indicator,
        people=roughly(len(values), of=of, least=least),
        enough=True,
        lower=quantile(values, 0.25),
        median=quantile(values, 0.5),
        upper=quantile(values, 0.75),
    )


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value below which ``part`` of some values lies, in between two of them where it has to be.

    :param ordered: in ascending order, at least one; infinite ones are at the end.
    """
    place = part * (len(ordered) - 1)
    low = int(place)
    rest = place - low
    if not rest:
        return ordered[low]
    return (
        ordered[low + 1]
        if isinf(ordered[low + 1])
        else ordered[low] + rest * (ordered[low + 1] - ordered[low])
    )
