"""Everything given out at once: each work gets exactly as many reviews as are wanted, if that can be done. Pure."""

from collections.abc import Sequence
from random import Random

from lmssocial.core.hooks.rating import GroupScope, Pairing, Pool
from lmssocial.widgets.peer_rating.allocating.matching import Matching


def plan(pool: Pool) -> Sequence[Pairing]:
    """Who reviews what, so that each work has ``pool.wanted`` reviews, or as many as can be had.

    Where nothing stands in the way that is a circle: people in an order drawn by the seed, and each reviews those who
    sit a few fixed places further on. Everything else is matched, works with the fewest reviews first.
    """
    circle = _circle(pool)
    if circle is not None:
        return circle
    matching = Matching(pool)
    matching.raise_to(pool.wanted)
    return matching.pairings()


def _circle(pool: Pool) -> list[Pairing] | None:
    """The pairings of a circle; ``None`` where it cannot be one: teams, conflicts, late work, groups' rules."""
    size, each = len(pool.works), pool.wanted
    authors = [next(iter(work.authors)) for work in pool.works if len(work.authors) == 1 and not work.load]
    plain = all(
        rater.asked >= each and not (rater.had or rater.avoids or rater.met or rater.reviewed_by)
        for rater in pool.raters
    )
    ids = [rater.id for rater in pool.raters]
    if len(authors) < size or sorted(authors) != sorted(ids):
        return None
    if pool.scope is not GroupScope.ANYBODY or not plain or each >= size:
        return None
    chance = Random(pool.seed)  # noqa: S311 – to be repeated, not to be kept secret
    order = sorted(pool.works, key=lambda work: work.id)
    chance.shuffle(order)
    offsets = _offsets(chance, size, each)
    return [
        (next(iter(order[place].authors)), order[(place + offset) % size].id)
        for place in range(size)
        for offset in offsets
    ]


def _offsets(chance: Random, size: int, each: int) -> list[int]:
    """So many places further on.

    No two of them add up to the circle, as far as that can be: two people at such distances review each other.
    """
    left = list(range(1, size))
    chance.shuffle(left)
    left.sort(key=lambda offset: 2 * offset == size)  # half a circle leads there and back: last of all
    found: list[int] = []
    for offset in left:
        if len(found) < each and size - offset not in found:
            found.append(offset)
    found += [offset for offset in left if offset not in found][: each - len(found)]
    return found
