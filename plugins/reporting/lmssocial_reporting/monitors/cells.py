"""Numbers of people as they may be said: so roughly that no reckoning with them points at a few people.

Numbers that stand on different pages, or come from different windows, cannot be weighed against each other one by one.
So each of them is said for itself, and roughly: as a multiple of the least cell, rounded down, and below twice the
least cell as no more than that it is below. What one of them, taken from another or from the exact number of members,
leaves over can then be any of at least as many numbers side by side as the least cell is large, and one of these is
nobody or enough. If it were said of few people that they are fewer than the least cell, it would not be so: of
eighteen, "10 or more" and "fewer than 5" are fourteen and four.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lmssocial_reporting.definition import LEAST_MEMBERS


@dataclass(frozen=True)
class Roughly:
    """A number of people as it may be said."""

    value: int | None
    """So many or more; 0: fewer than :attr:`below`; ``None``: nothing is said."""
    below: int = 0

    @property
    def number(self) -> int | None:
        """Where it begins, if anything but a lower border can be said of it."""
        return self.value or None


UNSAID = Roughly(None)


def roughly(number: int, *, of: int, least: int) -> Roughly:
    """A number of people, rounded; nothing, if there are fewer than ten members.

    :param of: how many members there are.
    """
    if of < LEAST_MEMBERS:
        return UNSAID
    return Roughly(number - number % least if number >= 2 * least else 0, 2 * least)


def share(some: Roughly, of: Roughly) -> float | None:
    """The share of people that follows from two numbers as they are said, 0 to 1; ``None``: none does."""
    return some.number / of.number if some.number and of.number else None


def shape_refused(members: int, tied: int, *, least: int) -> str:
    """Why the shape of a network would point at people: ``members``, ``few`` or ``alone``; empty: it does not.

    There are fewer than ten members, too few of them have ties, or too few have none.

    :param tied: how many members have ties.
    """
    if members < LEAST_MEMBERS:
        return "members"
    if tied < least:
        return "few"
    return "alone" if 0 < members - tied < least else ""


def enough(people: AbstractSet[int], everybody: AbstractSet[int], *, least: int) -> bool:
    """Whether a figure about these people, such as a median, may be said.

    It speaks of ``least`` of them at the least, and so does what it leaves out.
    """
    inside = len(people & everybody)
    outside = len(everybody) - inside
    return len(everybody) >= LEAST_MEMBERS and inside >= least and (outside == 0 or outside >= least)
