"""Which numbers of people may be said, so that nobody can be told from all of them together.

For each community role it is decided in a fixed order of which sets of members numbers are said; what can be reckoned
from them is told of :mod:`atoms <lmssocial_reporting.store.atoms>`, and each must have enough members or none.

A page about several courses assumes that its readers know the pages of these courses, and of every other community
across courses and of all courses together, too. Courses that are in all the same communities are a *block*, and every
page about several courses is one about some whole blocks. So it is decided block by block, the pages of single courses
first, and a page says a number if it could be said of each of its blocks: it tells no more than the sums of these, in
whatever order and by whomever the pages are read.

Who is in several of the courses is reckoned with in the first of them. What they do is reckoned over all courses there,
and over one on its own page.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lmssocial_reporting.definition import LEAST_MEMBERS, Role
from lmssocial_reporting.people import Population
from lmssocial_reporting.store.atoms import Bits
from lmssocial_reporting.store.blocks import Name, Named, States, blocks_of, ordered, shown_of
from lmssocial_reporting.store.port import By, Count, Slice

Counts = dict[Role, Count]


@dataclass(frozen=True)
class Names:
    """The same of a page, by the names it uses."""

    acting: frozenset[Name]
    sustained: frozenset[Name]
    rest: frozenset[Name]


@dataclass(frozen=True)
class Mix:
    """How those who act in any role spread over the roles."""

    shares: Mapping[Role, float]
    members: int


def slices_of(population: Population, states: Mapping[Role, States], *, least: int) -> tuple[Slice, ...]:
    """All slices of a population, with what may be said of them.

    :param states: by :func:`ordered`.
    """
    members = ordered(population)
    shown = shown_of(population, members)
    few = len(members) < LEAST_MEMBERS
    blocks = [] if few else blocks_of(population, members)
    found = [{role: block.said(states[role], least) for role in Role} for block in blocks]
    mixes = [block.mixed(states, said, least) for block, said in zip(blocks, found, strict=True)]

    def names(decided: Iterable[Collection[tuple[int, Bits]]]) -> frozenset[Name]:
        told = list(zip(blocks, decided, strict=True))
        return frozenset(
            one.name for one in shown if not few and all(block.says(one.name, among) for block, among in told)
        )

    said = {
        role: Names(
            names(one[role].acting for one in found),
            names(one[role].sustained for one in found),
            names(one[role].rest for one in found),
        )
        for role in Role
    }
    mixed = names(one.acting for one in mixes)
    acting = [states[role].acting for role in Role]
    return tuple(
        _slice(
            one,
            states,
            said,
            _mix(one.bits << one.start, acting) if one.by is By.ALL and one.name in mixed else None,
        )
        for one in shown
    )


def _mix(members: Bits, acting: Sequence[Bits]) -> Mix:
    """The mix of those members who act in a role: each gives an equal part of themselves to each of theirs."""
    anywhere = 0
    for role in acting:
        anywhere |= role
    members &= anywhere
    parts = [(members, 0)]
    for role in acting:
        parts = [
            (part, number)
            for before, roles in parts
            for part, number in ((before & role, roles + 1), (before & ~role, roles))
            if part
        ]
    size = members.bit_count()
    return Mix(
        {
            role: sum((part & bits).bit_count() / number for part, number in parts) / size if size else 0.0
            for role, bits in zip(Role, acting, strict=True)
        },
        size,
    )


def _slice(one: Named, states: Mapping[Role, States], said: Mapping[Role, Names], mix: Mix | None) -> Slice:
    """One slice, with its numbers as far as they are said."""

    def count(which: Callable[[Names], Collection[Name]], of: Callable[[States], Bits]) -> Counts:
        return {
            role: Count(
                (one.bits & (of(states[role]) >> one.start)).bit_count()
                if one.name in which(said[role])
                else None
            )
            for role in Role
        }

    return Slice(
        by=one.by,
        key=one.key,
        members=one.bits.bit_count(),
        acting=count(lambda said: said.acting, lambda state: state.acting),
        sustained=count(lambda said: said.sustained, lambda state: state.sustained),
        emerging=count(lambda said: said.rest, lambda state: state.emerging),
        nothing=count(lambda said: said.rest, lambda state: ~(state.acting | state.emerging)),
        mix=mix.shares if mix else None,
        acting_members=mix.members if mix else None,
    )
