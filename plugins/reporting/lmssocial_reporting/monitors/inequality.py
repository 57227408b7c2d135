"""How unequally something is spread over the members, those who have nothing of it included."""

from collections.abc import Sequence


def gini(counts: Sequence[int]) -> float:
    """0 where all have the same, towards 1 where one has it all; 0, too, where there is nothing.

    With the counts in ascending order, ``Σ (2i − n − 1) x_i / (n Σ x)``.
    """
    ordered, total = sorted(counts), sum(counts)
    size = len(ordered)
    if not total:
        return 0.0
    return sum((2 * place - size - 1) * count for place, count in enumerate(ordered, start=1)) / (
        size * total
    )


def top_share(counts: Sequence[int], part: float = 0.1) -> float:
    """What the most active tenth has of all, from 0 to 1.

    A tenth of 25 people is two and a half: half of the third one counts.
    """
    total = sum(counts)
    if not total:
        return 0.0
    wanted = len(counts) * part
    share = 0.0
    for count in sorted(counts, reverse=True):
        if wanted <= 0:
            break
        share += count * min(1.0, wanted)
        wanted -= 1
    return share / total


def absence_factor(counts: Sequence[int], part: float = 0.5) -> int:
    """The fewest people who have half of all of it between them; 0 if there is none of it.

    It is the Contributor Absence Factor of CHAOSS.
    """
    total, so_far = sum(counts), 0
    for place, count in enumerate(sorted(counts, reverse=True), start=1):
        so_far += count
        if total and so_far >= total * part:
            return place
    return 0
