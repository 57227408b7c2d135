"""How far somebody has read: every number up to one, and some ranges beyond it. Pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """The posts of one thread that one person has read."""

    last: int = 0
    """Every number up to this one."""
    ahead: frozenset[int] = frozenset()
    """Further numbers, all greater than ``last`` + 1 or separated from it."""

    def has_read(self, number: int) -> bool:
        """Whether post ``number`` was read."""
        return number <= self.last or number in self.ahead

    def and_read(self, numbers: Iterable[int]) -> "Progress":
        """The progress after having read ``numbers`` as well."""
        ahead = self.ahead.union(number for number in numbers if number > self.last)
        last = self.last
        while last + 1 in ahead:
            last += 1
        return Progress(last, frozenset(number for number in ahead if number > last))

    def first_unread(self, highest: int) -> int | None:
        """The lowest number up to ``highest`` that was not read."""
        return next((n for n in range(self.last + 1, highest + 1) if n not in self.ahead), None)

    def unread_count(self, highest: int) -> int:
        """How many numbers up to ``highest`` were not read."""
        return max(0, highest - self.last - len(self.ahead))


def write_ranges(numbers: Iterable[int]) -> str:
    """``numbers`` as text: ``5,8-12``."""
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in _ranges(numbers))


def read_ranges(text: str) -> frozenset[int]:
    """The numbers in a text that :func:`write_ranges` made."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in sorted(numbers):
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last
