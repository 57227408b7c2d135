"""What can be reckoned from numbers of people in sets of them.

What is said about sets of members is also said about every set that can be put together from them by adding and taking
away. All of these are unions of *atoms*: the pieces into which the published sets cut the members they cover. So a set
may be published if, once it has cut them, of the members of every atom none or at least ``least`` are in each state;
sums of such numbers are such numbers. What no published set covers cannot be reckoned at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Bits = int
"""Some members: one bit for each, at their place among all, or among those from some place on."""


def bits_of(places: Iterable[int], size: int) -> Bits:
    """The set of those at these places of ``size``."""
    buffer = bytearray(size // 8 + 1)
    for place in places:
        buffer[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(buffer, "little")


@dataclass
class Atoms:
    """The pieces into which the published sets cut those whom they cover."""

    states: Sequence[Bits]
    """Sets of members: of each, and of all others, there may be none in an atom, or ``least``."""
    least: int
    courses: Sequence[tuple[int, int, "Atoms"]] = ()
    """What is published about single courses: each from a place on, for so many places."""
    pieces: list[Bits] = field(default_factory=list)
    covered: Bits = 0

    def __post_init__(self) -> None:
        """Cover whom the courses cover."""
        for start, _size, there in self.courses:
            self.covered |= there.covered << start

    def publish(self, some: Bits) -> bool:
        """Cut everything by ``some``, if then no piece tells of too few; says whether that was done."""
        fresh = some & ~self.covered
        if fresh and not self._is_safe(fresh):
            return False
        cut = self.cut(some)
        parts = [there.cut((some >> start) & ((1 << size) - 1)) for start, size, there in self.courses]
        if cut is None or None in parts:
            return False
        for (_start, _size, there), pieces in zip(self.courses, parts, strict=True):
            there.pieces = pieces or []
        self.pieces, self.covered = [*cut, fresh] if fresh else cut, self.covered | some
        return True

    def cut(self, some: Bits) -> list[Bits] | None:
        """The own pieces, cut by ``some``; ``None`` if one of them would tell of too few."""
        cut: list[Bits] = []
        for piece in self.pieces:
            inside = piece & some
            if not inside or inside == piece:
                cut.append(piece)
            elif self._is_safe(inside) and self._is_safe(piece ^ inside):
                cut += (inside, piece ^ inside)
            else:
                return None
        return cut

    def _is_safe(self, piece: Bits) -> bool:
        """Whether of its members none or enough are in each state, and none or enough are not."""
        size = piece.bit_count()
        for state in self.states:
            number = (piece & state).bit_count()
            if 0 < number < self.least or 0 < size - number < self.least:
                return False
        return True
