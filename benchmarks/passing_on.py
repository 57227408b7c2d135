"""How long questions wait for an answer, by how many people are asked at once and how long each is waited for.

A simulation with a fixed seed: of those who are asked, 35 % answer (each further one a little less likely; half of
them within 7 hours), 20 % decline (half of them within 4) and the others say nothing. Everybody is open around the
clock. The same pure plan decides as in expert connect. ``python -m benchmarks.passing_on`` prints the table alone.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import exp, inf
from random import Random

from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.clockwork import plan
from lmssocial.widgets.experts.clockwork.plan import Deed, Facts, Waits
from lmssocial.widgets.experts.models import Audience, Level, State, Urgency
from lmssocial.widgets.experts.settings import ExpertSettings

QUESTIONS, QUICK = 4_000, 500
ANSWERS, FEWER, DECLINES, SPREAD = 0.35, 0.93, 0.20, 1.1
ANSWER_HOURS, DECLINE_HOURS = 7.0, 4.0
START = datetime(2026, 3, 2, tzinfo=UTC)
WAYS = ((1, 48), (1, 24), (2, 12), (3, 12))
"""People waited for at the same time, and the hours of each; the third is how expert connect comes."""
SETTINGS = ExpertSettings(opens=0, closes=24, days="1234567")


@dataclass(frozen=True, kw_only=True)
class Waited:
    """One line of the table."""

    at_once: int
    hours: int
    within_12: float
    within_24: float
    within_48: float
    never: float
    median: float
    """Hours until there is an answer, where one comes."""
    invited: float
    """People asked for each question."""


def simulate(questions: int = QUESTIONS) -> list[Waited]:
    """Every line, each over the same questions."""
    return [_line(at_once, hours, questions) for at_once, hours in WAYS]


def _line(at_once: int, hours: int, questions: int) -> Waited:
    how = replace(SETTINGS, per_wave=at_once, answer_hours=hours)
    lives = [_Life(how, Random(f"question:{number}")).live() for number in range(questions)]  # noqa: S311
    waits = [hours for hours, _invited in lives]

    def share(most: float) -> float:
        return sum(wait <= most for wait in waits) / questions

    return Waited(
        at_once=at_once,
        hours=hours,
        within_12=share(12),
        within_24=share(24),
        within_48=share(48),
        never=waits.count(inf) / questions,
        median=statistics.median(wait for wait in waits if wait < inf),
        invited=statistics.fmean(invited for _hours, invited in lives),
    )


class _Life:
    """One question, from its asking to its first answer."""

    def __init__(self, how: ExpertSettings, chance: Random) -> None:
        self.how, self.chance = how, chance
        self.answers: list[datetime] = []
        self.declines: dict[int, datetime] = {}
        self.facts = Facts(
            state=State.OPEN,
            level=Level.EXPERTS,
            audience=Audience.EVERYBODY,
            urgency=Urgency.NORMAL,
            visible=Visible.PUBLISHED,
            counted_from=START,
        )

    def live(self) -> tuple[float, int]:
        """After how many hours somebody answers, and how many were asked until then."""
        now = START
        while True:
            self._look(now)
            moments = [one.due_at for one in self.facts.waiting]
            moments += [self.declines[one.user_id] for one in self.facts.waiting if self._will_decline(one)]
            first = min(self.answers, default=None)
            if first is not None and all(first <= moment for moment in moments):
                return (first - START) / timedelta(hours=1), self.facts.invited
            if not moments:
                return inf, self.facts.invited
            now = min(moments)
            stay = tuple(
                one
                for one in self.facts.waiting
                if not self._will_decline(one) or self.declines[one.user_id] > now
            )
            self.facts = replace(self.facts, waiting=stay, tried=False)

    def _will_decline(self, one: Waits) -> bool:
        return self.declines.get(one.user_id, one.due_at) < one.due_at

    def _look(self, now: datetime) -> None:
        """Do what is due, as the clockwork does."""
        while (deed := plan.step(self.how, self.facts, now)) is not None:
            if deed is Deed.LAPSE:
                there = tuple(one for one in self.facts.waiting if one.due_at > now)
                self.facts = replace(self.facts, waiting=there)
            elif deed is Deed.FILL:
                for _one in range(plan.lacks(self.how, self.facts)):
                    self._ask(now)
                self.facts = replace(self.facts, tried=True)
            else:
                level = Level.EVERYBODY if deed is Deed.OPEN else Level.STEWARDS
                self.facts = replace(self.facts, level=level)

    def _ask(self, now: datetime) -> None:
        rank, drawn = self.facts.invited, self.chance.random()
        answers = ANSWERS * FEWER**rank
        takes = timedelta(hours=exp(self.chance.gauss(0, SPREAD)))
        if drawn < answers:
            self.answers.append(now + takes * ANSWER_HOURS)
        elif drawn < answers + DECLINES:
            self.declines[rank] = now + takes * DECLINE_HOURS
        due_at = now + timedelta(hours=self.how.answer_hours)
        asked = Waits(invitation_id=rank, user_id=rank, due_at=due_at, is_here=True)
        waiting = (*self.facts.waiting, asked)
        self.facts = replace(self.facts, waiting=waiting, invited=rank + 1)


def table(lines: Sequence[Waited]) -> str:
    """The lines for people."""
    names = f"{'≤ 12 h':>7} {'≤ 24 h':>7} {'≤ 48 h':>7} {'never':>6} {'median':>8} {'asked':>6}"
    shown = [
        "Waiting for an answer (simulated; the plan of expert connect decides):",
        f"  {'asked':<24} {names}",
    ]
    for line in lines:
        way = f"{line.at_once} at once, {line.hours} h each"
        shown.append(
            f"  {way:<24} {line.within_12:>7.1%} {line.within_24:>7.1%} {line.within_48:>7.1%} {line.never:>6.1%} "
            f"{line.median:>6.1f} h {line.invited:>6.1f}"
        )
    return "\n".join(shown)


def as_json(lines: Sequence[Waited]) -> list[dict[str, object]]:
    """The figures by line."""
    return [vars(line) for line in lines]


if __name__ == "__main__":
    print(table(simulate()))
