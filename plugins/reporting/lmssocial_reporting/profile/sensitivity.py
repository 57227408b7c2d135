"""Whether another bar would have given another verdict. Verdicts only: numbers by several rules could be subtracted."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import RULE, Bar, Role, Rule
from lmssocial_reporting.people import Population
from lmssocial_reporting.profile.figures import Figures, figures_of, listed
from lmssocial_reporting.profile.verdicts import Verdict
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.store.counting import profile_of
from lmssocial_reporting.store.port import Tally
from lmssocial_reporting.targets.values import Target

BARS = (Bar(1, 1), Bar(2, 2), Bar(3, 3))


@dataclass(frozen=True)
class ByBar:
    """The verdicts by one bar; ``None`` where there are too few to say."""

    bar: Bar
    verdicts: dict[Role, Verdict | None]

    @property
    def title(self) -> str:
        """Its two numbers."""
        if self.bar == Bar(1, 1):
            return _("1 day, 1 person")
        return _("%(days)d days, %(others)d people", days=self.bar.days, others=self.bar.others)


@dataclass(frozen=True)
class Sensitivity:
    """The verdicts by the rule, and by other bars."""

    by_rule: dict[Role, Verdict | None]
    by_bars: tuple[ByBar, ...]

    @property
    def sentence(self) -> str:
        """Whether it matters."""
        moved = [
            role_title(role)
            for role in Role
            if any(_differs(self.by_rule[role], one.verdicts[role]) for one in self.by_bars)
        ]
        if not moved:
            return _("No verdict would change.")
        return _("The verdict would change for: %(roles)s.", roles=listed(moved))

    def rows(self) -> list[tuple[str, list[Verdict | None]]]:
        """For each role its title and its verdicts: by the rule, then by each bar."""
        return [
            (role_title(role), [self.by_rule[role], *(one.verdicts[role] for one in self.by_bars)])
            for role in Role
        ]


def sensitivity_of(
    population: Population, tallies: Sequence[Tally], figures: Figures, target: Target, *, least: int
) -> Sensitivity:
    """Ask again with other bars.

    :param tallies: of the window.
    """
    found = []
    for bar in BARS:
        rule = Rule.same(bar.days, bar.others)
        profile = profile_of(population, tallies, least=least, rule=rule)
        found.append(ByBar(bar, _verdicts(figures_of(profile, target))))
    return Sensitivity(_verdicts(figures), tuple(found))


def rule_words(bars: Sequence[tuple[Role, Bar]] | None = None) -> str:
    """The rule in force in a few words."""
    of = dict(bars or RULE.bars.items())
    return _(
        "%(days)d days and %(others)d people, for Consumers %(reading)d days",
        days=of[Role.CREATOR].days,
        others=of[Role.CREATOR].others,
        reading=of[Role.CONSUMER].days,
    )


def _verdicts(figures: Figures) -> dict[Role, Verdict | None]:
    return {one.role: one.verdict for one in figures.roles}


def _differs(one: Verdict | None, other: Verdict | None) -> bool:
    return one is not None and other is not None and one is not other
