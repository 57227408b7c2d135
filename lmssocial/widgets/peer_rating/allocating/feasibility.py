"""How many reviews each work can get at all, so that nobody is promised what cannot be. Pure.

By Hall's theorem each work can get a number of reviews unless some works have too few reviewers between them; the
matching of :mod:`.matching` finds such works if there are any.
"""

from collections import Counter
from dataclasses import dataclass

from lmssocial.core.hooks.rating import GroupScope, Pool
from lmssocial.widgets.peer_rating.allocating.matching import Matching


@dataclass(frozen=True, kw_only=True)
class Feasible:
    """What can be had."""

    wanted: int
    each: int
    """So many reviews each work can get; never more than are wanted."""


def most_each(pool: Pool) -> Feasible:
    """How many of the reviews that are wanted each work can get."""
    bound = min(pool.wanted, quick_bound(pool))
    matching = Matching(pool)
    each = 0
    while each < bound and matching.raise_to(each + 1):
        each += 1
    return Feasible(wanted=pool.wanted, each=each)


def quick_bound(pool: Pool) -> int:
    """No work can get more reviews than this, whatever is tried; often that is the answer, and it costs nothing.

    The reviews that all give together are shared out, and a work that nobody of its own group may review, or nobody of
    another one, has only the others, or its own.
    """
    if not pool.works:
        return pool.wanted
    shared = sum(rater.asked for rater in pool.raters) + sum(work.load for work in pool.works)
    bound = shared // len(pool.works)
    willing = [rater for rater in pool.raters if rater.asked > 0]
    ids = {rater.id for rater in willing}
    in_group = Counter(group for rater in willing for group in rater.groups)
    for work in pool.works:
        others = len(willing) - len(work.authors & ids)
        if pool.scope is GroupScope.WITHIN:
            others = min(others, sum(in_group[group] for group in work.groups))
        elif pool.scope is GroupScope.OUTSIDE:
            others = min(others, len(willing) - max((in_group[group] for group in work.groups), default=0))
        bound = min(bound, others + work.load)
    return bound
