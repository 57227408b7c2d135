"""Of whom a page about members speaks, and in which parts and order it is decided what it says of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from lmssocial.plugin import LmsRole
from lmssocial_reporting.definition import LEAST_MEMBERS, Role
from lmssocial_reporting.people import Member, Population
from lmssocial_reporting.store.atoms import Atoms, Bits, bits_of
from lmssocial_reporting.store.port import By

LEARNERS, EVERYBODY, STAFF = "learners", "all", "staff"
MIXED = (LEARNERS, EVERYBODY)
"""The slices whose mix of roles is said: those that a target may speak of."""

Name = tuple[By, str]
"""How a page names some members."""


@dataclass(frozen=True)
class States:
    """What the members of a population do in one role."""

    sustained: Bits
    acting: Bits
    """With those who keep it up."""
    emerging: Bits
    """Nobody of those."""


@dataclass(frozen=True)
class Named:
    """Some members, as a page names them."""

    by: By
    key: str
    bits: Bits
    start: int = 0
    """The place of its first bit."""

    @property
    def name(self) -> Name:
        """How it is named."""
        return self.by, self.key

    @property
    def same(self) -> tuple[int, Bits]:
        """Equal for the same members."""
        return self.start, self.bits


_NOBODY = Named(By.ALL, "", 0)


@dataclass(frozen=True)
class Course:
    """What the page of one of several courses speaks of."""

    start: int
    size: int
    sets: Sequence[Named]


@dataclass(frozen=True)
class Said:
    """Of which sets of members it is said how many are in a role, and what they did otherwise."""

    acting: frozenset[tuple[int, Bits]] = frozenset()
    sustained: frozenset[tuple[int, Bits]] = frozenset()
    rest: frozenset[tuple[int, Bits]] = frozenset()
    """How many only began, and how many did nothing."""


@dataclass(frozen=True)
class Decided:
    """The sets a page is about, in the order in which it is decided about them."""

    courses: Sequence[Course]
    """Their own pages, which come first; none on the page of a course."""
    wide: Sequence[Named]

    def said(self, states: States, least: int) -> Said:
        """Decide for one role what is said."""
        acting = self.published([states.acting], least, None)
        kept_up = [states.sustained, states.acting & ~states.sustained]
        others = [states.emerging, ~(states.acting | states.emerging)]
        return Said(acting, self.published(kept_up, least, acting), self.published(others, least, acting))

    def published(
        self, states: Sequence[Bits], least: int, among: frozenset[tuple[int, Bits]] | None
    ) -> frozenset[tuple[int, Bits]]:
        """The sets of which numbers are said.

        :param among: only these are asked for; ``None``: all.
        """
        said: set[tuple[int, Bits]] = set()
        parts = []
        for course in self.courses:
            whole = (1 << course.size) - 1
            there = Atoms([(state >> course.start) & whole for state in states], least)
            for one in course.sets:
                if (among is None or one.same in among) and there.publish(one.bits):
                    said.add(one.same)
            parts.append((course.start, course.size, there))
        atoms = Atoms(states, least, parts)
        for one in self.wide:
            if (among is None or one.same in among) and atoms.publish(one.bits):
                said.add(one.same)
        return frozenset(said)


@dataclass(frozen=True)
class Block:
    """Members of courses that are in all the same communities, side by side."""

    start: int
    size: int
    decided: Decided
    sets: Mapping[Name, Named | None]
    """What pages name, as far as it is about these members; ``None``: of which nothing is said."""

    def said(self, states: States, least: int) -> Said:
        """Decide for one role what is said."""
        here = States(*(self._here(bits) for bits in (states.sustained, states.acting, states.emerging)))
        return self.decided.said(here, least)

    def mixed(self, states: Mapping[Role, States], said: Mapping[Role, Said], least: int) -> Said:
        """Decide of whom it may be said how they spread over the roles.

        Where it is said of every role how many act in it, and where those who act in it alone, those who act in others
        as well, and those who act in any at all are none or enough.
        """
        acting = [self._here(states[role].acting) for role in Role]
        anywhere, several = 0, 0
        for role in acting:
            several |= anywhere & role
            anywhere |= role
        cells = [anywhere, *(role & several for role in acting), *(role & ~several for role in acting)]
        sets = [*self.decided.wide, *(one for course in self.decided.courses for one in course.sets)]
        whole = frozenset(one.same for one in sets if one.by is By.ALL and one.key in MIXED)
        among = whole.intersection(*(said[role].acting for role in Role))
        return Said(acting=self.decided.published(cells, least, among))

    def says(self, name: Name, among: Collection[tuple[int, Bits]]) -> bool:
        """Whether these members do not stand in the way of saying something of those who are named so."""
        one = self.sets.get(name, _NOBODY)
        return one is _NOBODY or (one is not None and one.same in among)

    def _here(self, bits: Bits) -> Bits:
        return (bits >> self.start) & ((1 << self.size) - 1)


def ordered(population: Population) -> list[Member]:
    """The members as bits stand for them: block by block, and those of a course side by side."""
    if len(population.course_ids) == 1:
        return sorted(population.members, key=attrgetter("id"))
    first = _first_of_blocks(population)
    return sorted(
        population.members, key=lambda member: (first.get(_home(member), 0), _home(member), member.id)
    )


def _home(member: Member) -> int:
    """The course with whose members somebody stands."""
    return min(member.courses, default=0)


def _first_of_blocks(population: Population) -> dict[int, int]:
    """Of every course the first one of its block."""
    first: dict[tuple[bool, ...], int] = {}
    return {
        course_id: first.setdefault(tuple(course_id in span for span in population.spans), course_id)
        for course_id in sorted(population.course_ids)
    }


def shown_of(population: Population, members: Sequence[Member]) -> list[Named]:
    """What the page of a population names."""
    shown = _named(members, range(len(members)))
    if len(population.course_ids) == 1:
        return shown + _groups(members, range(len(members)))
    places = _places(members)
    return shown + [
        _learners_of(course_id, members, places[course_id])
        for course_id in population.course_ids
        if course_id in places
    ]


def _places(members: Sequence[Member]) -> dict[int, list[int]]:
    """Where the members of each course stand."""
    places: dict[int, list[int]] = {}
    for place, member in enumerate(members):
        for course_id in member.courses:
            places.setdefault(course_id, []).append(place)
    return places


def _learners_of(course_id: int, members: Sequence[Member], there: Sequence[int]) -> Named:
    learners = [place for place in there if members[place].role is LmsRole.LEARNER]
    whole = range(there[0], there[-1] + 1)
    return _from(whole, By.COURSE, str(course_id), learners)


def blocks_of(population: Population, members: Sequence[Member]) -> list[Block]:
    """In which parts it is decided what a page says."""
    if len(population.course_ids) == 1:
        decided = Decided([], shown_of(population, members))
        return [Block(0, len(members), decided, {one.name: one for one in decided.wide})]
    first = _first_of_blocks(population)
    sizes = {course_id: len(there) for course_id, there in _places(members).items()}
    found, start = [], 0
    for _first, some in groupby(members, key=lambda member: first.get(_home(member), 0)):
        those = list(some)
        found.append(_block(start, those, sizes))
        start += len(those)
    return found


def _block(start: int, members: Sequence[Member], sizes: Mapping[int, int]) -> Block:
    """The members of a block: the pages of its courses first, then all of it, then who is in several of the courses.

    :param sizes: how many members each course has; a page of fewer than ten says nothing.
    """
    homes: dict[int, list[int]] = {}
    for place, member in enumerate(members):
        homes.setdefault(_home(member), []).append(place)
    courses = {
        course_id: Course(there[0], len(there), _named(members, there) + _groups(members, there))
        for course_id, there in homes.items()
        if sizes.get(course_id, 0) >= LEAST_MEMBERS
    }
    wide = _named(members, range(len(members)))
    sets: dict[Name, Named | None] = {one.name: one for one in wide}
    late = []
    for course_id, there in _places(members).items():
        one = _learners_of(course_id, members, there)
        sets[one.name] = None
        if course_id in courses and there == homes[course_id]:
            sets[one.name] = courses[course_id].sets[0]
        elif sizes[course_id] >= LEAST_MEMBERS:
            sets[one.name] = one
            late.append(one)
    late.sort(key=lambda one: int(one.key))
    return Block(start, len(members), Decided(list(courses.values()), wide + late), sets)


def _named(members: Sequence[Member], places: Sequence[int]) -> list[Named]:
    """Those at some places, as every page names them, in the order in which it is decided about them."""
    roles: dict[LmsRole, list[int]] = {}
    for place in places:
        roles.setdefault(members[place].role, []).append(place)
    learners = roles.get(LmsRole.LEARNER, [])
    staff = [place for place in places if members[place].role is not LmsRole.LEARNER]
    named = [(By.ALL, LEARNERS, learners), (By.ALL, EVERYBODY, places), (By.ALL, STAFF, staff)]
    named += [(By.LMS_ROLE, role.value, roles[role]) for role in LmsRole if role in roles]
    return [_from(places, by, key, some) for by, key, some in named]


def _groups(members: Sequence[Member], places: Sequence[int]) -> list[Named]:
    """The groups of the learners at some places."""
    groups: dict[int, list[int]] = {}
    for place in places:
        if members[place].role is LmsRole.LEARNER:
            for group in members[place].groups:
                groups.setdefault(group, []).append(place)
    return [_from(places, By.GROUP, str(group), groups[group]) for group in sorted(groups)]


def _from(places: Sequence[int], by: By, key: str, some: Iterable[int]) -> Named:
    start, size = (places[0], places[-1] - places[0] + 1) if places else (0, 0)
    return Named(by, key, bits_of((place - start for place in some), size), start)
