"""Where support may be needed, role by role: tools, motivation, guidance or training. Pure, from counts.

Three rates say it: who had the chance, who tried, and what came of it. One of them is low only where it is below those
of both windows before, and below half of what is usual in the other communities of this place; else there is no sign of
a need. It is never more than a suggestion: the members are asked first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from statistics import median

from lmssocial_reporting.definition import LEAST_MEMBERS, Kind, Role
from lmssocial_reporting.monitors.cells import roughly, share
from lmssocial_reporting.store.port import Deed

TRIES: Mapping[Role, frozenset[Deed]] = {
    Role.CONSUMER: frozenset({Deed.READ, Deed.SEARCHED, Deed.KEPT, Deed.FOLLOWED, Deed.ASKED}),
    Role.CREATOR: frozenset({Deed.POSTED, Deed.REPLIED, Deed.EDITED}),
    Role.CONNECTOR: frozenset({Deed.REFERRED, Deed.INTRODUCED, Deed.LINKED, Deed.NAMED}),
    Role.CARRIER: frozenset({Deed.SHARED, Deed.HELPFUL, Deed.RATED, Deed.ENDORSED, Deed.MENTIONED}),
    Role.CARETAKER: frozenset({Deed.FLAGGED, Deed.MODERATED, Deed.GOVERNED, Deed.HOSTED}),
}
"""What trying to act in a role is."""
AWAIT: Mapping[Role, tuple[frozenset[Deed], frozenset[Kind]]] = {
    Role.CONSUMER: (frozenset({Deed.SEARCHED}), frozenset({Kind.SEARCH_USED})),
    Role.CREATOR: (frozenset({Deed.POSTED}), frozenset({Kind.ITEM_POSTED})),
    Role.CONNECTOR: (
        frozenset({Deed.REFERRED, Deed.LINKED, Deed.NAMED}),
        frozenset({Kind.QUESTION_REFERRED, Kind.ITEM_POINTED, Kind.MEMBER_BROUGHT}),
    ),
    Role.CARRIER: (frozenset({Deed.SHARED}), frozenset({Kind.ITEM_SHARED})),
    Role.CARETAKER: (frozenset({Deed.FLAGGED, Deed.MODERATED}), frozenset({Kind.CARE_MODERATED})),
}
"""The tries that wait for somebody to take them up, and the evidence that is there once somebody did."""
COMMUNITIES = 3
"""Other communities that there have to be for anything to be usual."""


class Need(StrEnum):
    """What may help."""

    NONE = "none"
    UNKNOWN = "unknown"
    """Too few members, or nothing to compare with."""
    TOOLS = "tools"
    """Few had the chance: placement, permission, accessibility."""
    MOTIVATION = "motivation"
    """Many had the chance, and few tried."""
    GUIDANCE = "guidance"
    """Many tried once, and few again."""
    TRAINING = "training"
    """They keep trying, and little comes of it."""


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Shares from 0 to 1; ``None`` where there was nothing to take a share of."""

    chance: float | None = None
    """Members who did anything here, reading included, of all: who had the acts of the role before them."""
    trying: float | None = None
    """Of them, those who tried."""
    again: float | None = None
    """Of these, those who tried more than once."""
    success: float | None = None
    """Of the tries that wait for somebody, those that somebody took up."""


@dataclass(frozen=True, kw_only=True)
class Tries:
    """What happened in one community and window."""

    members: AbstractSet[int]
    acts: Mapping[int, Mapping[Deed, int]] = field(default_factory=dict)
    """By member and deed."""
    taken: Mapping[Kind, int] = field(default_factory=dict)
    """Items that somebody took up, by kind of evidence."""

    @cached_property
    def seen(self) -> frozenset[int]:
        """Members who did anything."""
        return frozenset(self.acts.keys() & self.members)

    @cached_property
    def _done(self) -> Counter[Deed]:
        """How often each thing was done, by whomever."""
        found: Counter[Deed] = Counter()
        for deeds in self.acts.values():
            found.update(deeds)
        return found

    @cached_property
    def _times(self) -> Mapping[Role, Mapping[int, int]]:
        """How often each member tried to act in each role."""
        roles = {deed: role for role, deeds in TRIES.items() for deed in deeds}
        found: dict[Role, Counter[int]] = {role: Counter() for role in Role}
        for member, deeds in self.acts.items():
            if member in self.members:
                for deed, number in deeds.items():
                    if deed in roles:
                        found[roles[deed]][member] += number
        return found

    def tried(self, role: Role, times: int = 1) -> frozenset[int]:
        """Members who tried so many times."""
        return frozenset(member for member, number in self._times[role].items() if number >= times)

    def rates(self, role: Role) -> Rates:
        """The rates of a role."""
        seen, tried, again = self.seen, self.tried(role), self.tried(role, 2)
        waiting, kinds = AWAIT[role]
        tries = sum(self._done[deed] for deed in waiting)
        taken = sum(self.taken.get(kind, 0) for kind in kinds)
        return Rates(
            chance=_share(len(seen), len(self.members)),
            trying=_share(len(tried), len(seen)),
            again=_share(len(again), len(tried)),
            success=_share(min(taken, tries), tries),
        )

    def sayable(self, role: Role, least: int) -> Rates:
        """The same as it may be said: shares of people follow from numbers of them as these may be said.

        How often tries succeed is about tries.
        """
        size = len(self.members)
        everybody, seen, tried, again = (
            roughly(len(some), of=size, least=least)
            for some in (self.members, self.seen, self.tried(role), self.tried(role, 2))
        )
        return Rates(
            chance=share(seen, everybody),
            trying=share(tried, seen),
            again=share(again, tried),
            success=self.rates(role).success if size >= LEAST_MEMBERS else None,
        )


@dataclass(frozen=True, kw_only=True)
class Support:
    """What may help in a role, with the numbers it rests on."""

    role: Role
    need: Need
    rates: Rates
    """Those that may be said; the others are ``None``."""
    usual: Rates
    """Medians of those of other communities that may be said; ``None`` where there are too few."""
    communities: int
    """How many these are."""


def support(now: Tries, before: Sequence[Tries], others: Collection[Tries], *, least: int) -> list[Support]:
    """What may help in each role.

    :param before: the two windows before, the newer one first.
    :param others: the same window in other communities; only those with enough members are compared with.
    :param least: from how many people on a number of people is said.
    """
    comparable = [one for one in others if len(one.members) >= LEAST_MEMBERS]
    return [_support(role, now, before, comparable, least) for role in Role]


def tries_of(
    rows: Collection[tuple[int, int, Deed, int]],
    taken: Mapping[tuple[int, Kind], int],
    members: Mapping[int, AbstractSet[int]],
) -> dict[int, Tries]:
    """What happened in each of some courses.

    :param rows: (course, member, deed, acts).
    :param taken: items taken up, by course and kind.
    :param members: of each course.
    """
    acts: defaultdict[int, defaultdict[int, dict[Deed, int]]] = defaultdict(lambda: defaultdict(dict))
    for course, member, deed, number in rows:
        if deed is not Deed.JOINED:
            acts[course][member][deed] = number
    kinds: defaultdict[int, dict[Kind, int]] = defaultdict(dict)
    for (course, kind), number in taken.items():
        kinds[course][kind] = number
    return {
        course: Tries(members=those, acts=acts.get(course, {}), taken=kinds.get(course, {}))
        for course, those in members.items()
    }


def together(parts: Collection[Tries], members: AbstractSet[int]) -> Tries:
    """Several courses as one community."""
    if len(parts) == 1:
        return replace(next(iter(parts)), members=members)
    acts: defaultdict[int, defaultdict[Deed, int]] = defaultdict(lambda: defaultdict(int))
    taken: defaultdict[Kind, int] = defaultdict(int)
    for part in parts:
        for member, deeds in part.acts.items():
            for deed, number in deeds.items():
                acts[member][deed] += number
        for kind, number in part.taken.items():
            taken[kind] += number
    return Tries(members=members, acts=acts, taken=taken)


def _support(role: Role, now: Tries, before: Sequence[Tries], others: Sequence[Tries], least: int) -> Support:
    past = [window.rates(role) for window in before]
    usual = _usual_rates([other.rates(role) for other in others])
    enough = len(now.members) >= LEAST_MEMBERS
    return Support(
        role=role,
        need=_need(now.rates(role), past, usual) if enough else Need.UNKNOWN,
        rates=now.sayable(role, least),
        usual=_usual_rates([other.sayable(role, least) for other in others]),
        communities=len(others),
    )


def _usual_rates(rates: Sequence[Rates]) -> Rates:
    return Rates(
        chance=_usual([one.chance for one in rates]),
        trying=_usual([one.trying for one in rates]),
        again=_usual([one.again for one in rates]),
        success=_usual([one.success for one in rates]),
    )


def _need(rates: Rates, past: Sequence[Rates], usual: Rates) -> Need:
    """The first of the rates that is low says what may help."""
    if usual.chance is None:
        return Need.UNKNOWN
    steps = (
        (Need.TOOLS, rates.chance, [one.chance for one in past], usual.chance),
        (Need.MOTIVATION, rates.trying, [one.trying for one in past], usual.trying),
        (Need.GUIDANCE, rates.again, [one.again for one in past], usual.again),
        (Need.TRAINING, rates.success, [one.success for one in past], usual.success),
    )
    return next((need for need, value, earlier, other in steps if _low(value, earlier, other)), Need.NONE)


def _low(value: float | None, earlier: Sequence[float | None], usual: float | None) -> bool:
    """Below both windows before, and below half of what is usual."""
    if value is None or usual is None or len(earlier) < 2:
        return False
    return value < usual / 2 and all(one is not None and value < one for one in earlier)


def _usual(rates: Sequence[float | None]) -> float | None:
    known = [rate for rate in rates if rate is not None]
    return median(known) if len(known) >= COMMUNITIES else None


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
