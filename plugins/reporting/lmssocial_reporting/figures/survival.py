"""How long something takes that has not happened to everybody yet."""

from collections import Counter
from collections.abc import Iterable


def kaplan_meier_median(times: Iterable[tuple[float, bool]]) -> float | None:
    """The time by which it has happened to half of them (Kaplan and Meier 1958); ``None`` if it has not.

    The median of those to whom it has happened would flatter whoever lets others wait.

    :param times: for each how long, and whether it happened then (``True``) or had not happened until then.
    """
    happened, left = Counter[float](), Counter[float]()
    for time, did in times:
        (happened if did else left)[time] += 1
    waiting = happened.total() + left.total()
    still = 1.0
    for time in sorted(happened.keys() | left.keys()):
        if happened[time]:
            still *= 1 - happened[time] / waiting
            if still <= 0.5:
                return time
        waiting -= happened[time] + left[time]
    return None
