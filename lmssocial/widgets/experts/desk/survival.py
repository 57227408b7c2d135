"""How long something takes where some of it has not happened yet. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Waited:
    """One that was waited for."""

    hours: float
    """Until it happened, or for as long as it was watched."""
    happened: bool
    """Whether it has; otherwise nobody knows more than that it took longer."""


@dataclass(frozen=True)
class Survival:
    """The share that still waits, as a curve that goes down in steps."""

    times: tuple[float, ...]
    """Hours at which something happened, ascending."""
    waiting: tuple[float, ...]
    """The share that still waits right after each of them."""

    def still_waiting(self, hours: float) -> float:
        """The share that still waits after so many hours, 0 to 1."""
        steps = bisect_right(self.times, hours)
        return self.waiting[steps - 1] if steps else 1.0

    def within(self, share: float) -> float | None:
        """Within how many hours it happens to ``share`` of all; ``None`` if that was not seen to happen."""
        for time, waiting in zip(self.times, self.waiting, strict=True):
            if waiting <= 1 - share + 1e-12:
                return time
        return None


def survival(waited: Iterable[Waited]) -> Survival:
    """The product-limit estimate: what has not happened counts as long as it was watched, and is not left out.

    E. L. Kaplan, P. Meier: Nonparametric Estimation from Incomplete Observations. Journal of the American Statistical
    Association 53 (282), 1958, pp. 457–481, §2: S(t) = ∏ (1 - dᵢ / nᵢ) over all times tᵢ ≤ t at which something
    happened, with dᵢ to which it happened then and nᵢ that still waited. What ends at the same time as something
    happens is taken to have ended after it.
    """
    everything = list(waited)
    happened = Counter(one.hours for one in everything if one.happened)
    left = Counter(one.hours for one in everything)
    at_risk, share = len(everything), 1.0
    times: list[float] = []
    waiting: list[float] = []
    for time in sorted(left):
        if happened[time]:
            share *= 1 - happened[time] / at_risk
            times.append(time)
            waiting.append(share)
        at_risk -= left[time]
    return Survival(tuple(times), tuple(waiting))
