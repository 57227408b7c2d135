"""Reviewers matched to works, as many as can be. Pure, and without a recursion or a table of all pairs.

A work that lacks a review gets it from whoever has been given least. If none of those who may review it has any left
to give, somebody gives it theirs and another takes theirs over: a breadth-first search along such exchanges
(augmenting paths; Ford and Fulkerson 1956). When no path is found there is none, and the reviews that are missing are
proved to be out of reach: the matching is a maximum flow. What such a search has seen can never help another one
either and is left out from then on, so that even a hopeless pool is done in about the time of one search.
"""

import heapq
from collections import deque
from random import Random

from lmssocial.core.hooks.rating import GroupScope, Pairing, Pool, Rater, Reviewable

LOOK = 32
"""How many reviewers are passed over, at most, in the hope of one whom the authors do not review in turn."""


class Matching:
    """Who is given what so far."""

    def __init__(self, pool: Pool) -> None:
        """Begin with nothing given."""
        self._pool = pool
        self._raters = {rater.id: rater for rater in pool.raters}
        self._works = {work.id: work for work in sorted(pool.works, key=lambda work: work.id)}
        self._gives: dict[int, set[int]] = {rater: set() for rater in self._raters}
        self._gets: dict[int, set[int]] = {work: set() for work in self._works}
        self._works_of: dict[int, set[int]] = {}
        for work in pool.works:
            for author in work.authors:
                self._works_of.setdefault(author, set()).add(work.id)
        self._hopeless: set[int] = set()
        """Works that get no more, whatever is exchanged."""
        self._useless: set[int] = set()
        """Reviewers who cannot be made free."""
        self._left = sum(max(rater.asked, 0) for rater in pool.raters)
        """Reviews that are still to be given by anybody."""
        self._chance = Random(pool.seed)  # noqa: S311 – to be repeated, not to be kept secret
        self._order = {rater: self._chance.random() for rater in sorted(self._raters)}
        self._heaps: dict[int | None, list[tuple[int, float, int]]] = {}
        self._members: dict[int | None, list[int]] = {}
        for rater in sorted(self._raters):
            self._put(rater)
            for group in self._groups(self._raters[rater]):
                self._members.setdefault(group, []).append(rater)

    def raise_to(self, wanted: int) -> bool:
        """Give reviews until each work has ``wanted``, those it came with included; whether that was possible.

        Level by level: nobody gets a third one while somebody could still get a second.
        """
        loads = [work.load for work in self._works.values()]
        for level in range(min(loads, default=wanted) + 1, wanted + 1):
            lacking = [
                work for work in self._works if self._load(work) < level and work not in self._hopeless
            ]
            self._chance.shuffle(lacking)
            for work in lacking:
                if not self._give(work):
                    self._exchange(work)
        return all(self._load(work) >= wanted for work in self._works)

    def pairings(self) -> list[Pairing]:
        """Everything given, by rater and work."""
        return sorted((rater, work) for work, raters in self._gets.items() for rater in raters)

    def _load(self, work: int) -> int:
        return self._works[work].load + len(self._gets[work])

    def _may(self, rater: int, work: int) -> bool:
        return rater not in self._gets[work] and self._pool.allows(self._raters[rater], self._works[work])

    def _spare(self, rater: int) -> int:
        return self._raters[rater].asked - len(self._gives[rater])

    def _groups(self, rater: Rater) -> list[int | None]:
        """The heaps a reviewer is in. Only where groups keep to themselves there is more than one."""
        return [*sorted(rater.groups)] if self._pool.scope is GroupScope.WITHIN else [None]

    def _heaps_for(self, work: Reviewable) -> list[int | None]:
        return [*sorted(work.groups)] if self._pool.scope is GroupScope.WITHIN else [None]

    def _put(self, rater: int) -> None:
        if self._spare(rater) > 0:
            entry = (-self._spare(rater), self._order[rater], rater)
            for group in self._groups(self._raters[rater]):
                heapq.heappush(self._heaps.setdefault(group, []), entry)

    def _give(self, work: int) -> bool:
        """Give a work to the reviewer with most to give; whether there was one."""
        aside: list[tuple[int | None, tuple[int, float, int]]] = []
        found: int | None = None
        second: int | None = None
        passed = 0
        for group in self._heaps_for(self._works[work]):
            heap = self._heaps.get(group, [])
            while heap and found is None and passed < LOOK:
                entry = heapq.heappop(heap)
                spare, _drawn, rater = entry
                if -spare != self._spare(rater):
                    continue  # given something since; a newer entry says what is left
                aside.append((group, entry))
                if not self._may(rater, work):
                    continue
                if self._is_unwelcome(rater, work):
                    second = second or rater
                    passed += 1
                else:
                    found = rater
            if found is not None:
                break
        for group, entry in aside:
            heapq.heappush(self._heaps[group], entry)
        chosen = found if found is not None else second
        if chosen is None:
            return False
        self._take(chosen, work)
        self._left -= 1
        self._put(chosen)
        return True

    def _is_unwelcome(self, rater: int, work: int) -> bool:
        """Whether it is allowed, and better avoided: they review each other, or met in another activity."""
        known, authors = self._raters[rater], self._works[work].authors
        if known.met & authors or known.reviewed_by & authors:
            return True
        own = self._works_of.get(rater, ())
        return any(self._gives.get(author, set()) & set(own) for author in authors) if own else False

    def _take(self, rater: int, work: int) -> None:
        self._gives[rater].add(work)
        self._gets[work].add(rater)

    def _drop(self, rater: int, work: int) -> None:
        self._gives[rater].remove(work)
        self._gets[work].remove(rater)

    def _exchange(self, work: int) -> bool:
        """Let others exchange works until one of them can take this one; whether there is a way to."""
        if not self._left:
            return False
        came: dict[int, tuple[int, int]] = {}  # work → the reviewer who would give it up, and for which work
        seen: set[int] = set()
        unseen: dict[int | None, dict[int, None]] = {}
        waiting = deque([work])
        while waiting:
            wanting = waiting.popleft()
            for rater in self._near(wanting, unseen, seen):
                if self._spare(rater) > 0:
                    self._apply(rater, wanting, came)
                    return True
                seen.add(rater)
                for held in sorted(self._gives[rater]):
                    if held not in came and held != work:
                        came[held] = (rater, wanting)
                        waiting.append(held)
        self._hopeless |= {work, *came}
        self._useless |= seen
        return False

    def _near(self, work: int, unseen: dict[int | None, dict[int, None]], seen: set[int]) -> list[int]:
        """Reviewers who may take a work, and whom this search has not come by; it does not come by them again."""
        found: dict[int, None] = {}
        for group in self._heaps_for(self._works[work]):
            if group not in unseen:
                unseen[group] = dict.fromkeys(
                    rater for rater in self._members.get(group, ()) if rater not in self._useless
                )
            found |= {rater: None for rater in unseen[group] if rater in seen or self._may(rater, work)}
            for rater in found:
                unseen[group].pop(rater, None)
        return [rater for rater in found if rater not in seen]

    def _apply(self, rater: int, work: int, came: dict[int, tuple[int, int]]) -> None:
        """Hand each work on the path over to the one found for it."""
        wanting = work
        self._take(rater, wanting)
        while wanting in came:
            giver, wanted = came[wanting]
            self._drop(giver, wanting)
            self._take(giver, wanted)
            wanting = wanted
        self._left -= 1
        self._put(rater)
