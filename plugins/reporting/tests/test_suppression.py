"""Numbers of people, and an attacker who knows the roster and everything that is published, and does linear algebra."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from lmssocial.plugin import LmsRole
from lmssocial_reporting.definition import RULE, Role
from lmssocial_reporting.people import Member, Population
from lmssocial_reporting.store.counting import profile_of
from lmssocial_reporting.store.port import By, Count, Profile, Slice, Strength, Tally
from tests.support.reporting import WINDOW, a_population

NOTHING, EMERGING, ACTING, SUSTAINED = range(4)
"""What a member does in a role."""
DAYS_AND_OTHERS = {EMERGING: (1, 1), ACTING: (3, 2), SUSTAINED: (4, 3)}
SINGLE_STATES = (SUSTAINED, ACTING, EMERGING)
"""The unknowns of an attacker: who is in none of these is in the fourth."""
QUESTIONS = {
    "acts": (1, 1, 0),
    "keeps it up": (1, 0, 0),
    "acts and does not keep it up": (0, 1, 0),
    "only began": (0, 0, 1),
    "did something": (1, 1, 1),
    "keeps it up or only began": (1, 0, 1),
    "acts no more than a little": (0, 1, 1),
}
"""What one may want to know of a set of members, by state; the opposite of each is the complement."""

Doing = Mapping[Role, Sequence[int]]
"""By role, the state of each member of a population."""
Vector = list[Fraction]
Page = tuple[Population, Profile]
"""What is said, and of whom."""


@dataclass(frozen=True)
class Case:
    """Some members, what they do, and how few may not be told from a number."""

    population: Population
    doing: Doing
    least: int

    def page(self, least: int | None = None) -> Profile:
        """The page about all of them."""
        return _page(self.population, self._states(), self.least if least is None else least)

    def pages(self, least: int | None = None) -> list[Page]:
        """The page of all of them, those of the communities across courses, and those of the single courses."""
        asked, states = self.least if least is None else least, self._states()
        course_ids = self.population.course_ids
        scopes = [course_ids]
        if len(course_ids) > 1 and all(len(member.courses) == 1 for member in self.population.members):
            scopes += [tuple(sorted(span)) for span in self.population.spans]
            scopes += [(one,) for one in course_ids]
        found = [self._of(scope) for scope in scopes]
        return [(people, _page(people, states, asked)) for people in found if people.members]

    def _of(self, course_ids: tuple[int, ...]) -> Population:
        """The members of some of the courses, with the communities that have any of these, as a page is given them."""
        there = frozenset(course_ids)
        return replace(
            self.population,
            course_ids=course_ids,
            members=tuple(member for member in self.population.members if member.courses & there),
            spans=tuple(span for span in self.population.spans if span & there),
        )

    def _states(self) -> dict[tuple[int, Role], int]:
        return {
            (member.id, role): states[place]
            for role, states in self.doing.items()
            for place, member in enumerate(self.population.members)
        }


def _page(population: Population, states: Mapping[tuple[int, Role], int], least: int) -> Profile:
    there = population.ids
    tallies = [
        Tally(Strength(member, role, *DAYS_AND_OTHERS[state], weak=False), 1)
        for (member, role), state in states.items()
        if state and member in there
    ]
    return profile_of(population, tallies, least=least, rule=RULE)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Rosters of up to three courses with overlapping groups and all LMS roles, and what their members do."""
    courses = draw(st.integers(1, 4))
    spans = draw(st.lists(st.frozensets(st.integers(1, courses), min_size=1), max_size=3, unique=True))
    overlap = draw(st.booleans())
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 – nobody is protected by it
    likely = draw(st.lists(st.integers(1, 9), min_size=4, max_size=4))
    size = draw(st.integers(8, 44))
    members = []
    for number in range(size):
        home = dice.randrange(courses) + 1
        also = {dice.randrange(courses) + 1} if overlap and dice.random() < 0.3 else set()
        role = LmsRole.LEARNER if dice.random() < 0.75 else dice.choice(list(LmsRole))
        groups = {10 * home + group for group in range(3) if dice.random() < 0.45}
        members.append(Member(number + 1, role, frozenset(groups), frozenset({home} | also)))
    return Case(
        Population(
            course_ids=tuple(range(1, courses + 1)),
            window=WINDOW,
            members=tuple(members),
            group_names={},
            spans=tuple(spans),
        ),
        {role: dice.choices(range(4), likely, k=size) for role in (Role.CREATOR, Role.CARRIER)},
        draw(st.integers(3, 6)),
    )


# -- the attacker


def of_whom(one: Slice, population: Population) -> frozenset[int]:
    """Whom a slice is about."""
    learners = population.learners
    if one.by is By.ALL:
        return {"all": population.ids, "learners": learners, "staff": population.staff}[one.key]
    if one.by is By.LMS_ROLE:
        return frozenset(member.id for member in population.members if member.role == one.key)
    named = int(one.key)
    return frozenset(
        member.id
        for member in population.members
        if named in (member.groups if one.by is By.GROUP else member.courses) and member.id in learners
    )


def published(pages: Sequence[Page], role: Role) -> Iterator[tuple[frozenset[int], tuple[int, int, int]]]:
    """Every number that is said of a role: of whom, and of which states."""
    for there, page in pages:
        for one in page.slices:
            members = of_whom(one, there)
            assert one.members == len(members)
            for counts, states in (
                (one.acting, (1, 1, 0)),
                (one.sustained, (1, 0, 0)),
                (one.emerging, (0, 0, 1)),
                (one.nothing, (-1, -1, -1)),
            ):
                if counts[role].value is not None:
                    yield members, states


def reduced(rows: list[Vector]) -> list[Vector]:
    """The rows in reduced echelon form, without those that follow from others."""
    found: list[Vector] = []
    for row in rows:
        left = row
        for known in found:
            pivot = next(place for place, value in enumerate(known) if value)
            if left[pivot]:
                left = [one - left[pivot] * other for one, other in zip(left, known, strict=True)]
        pivot = next((place for place, value in enumerate(left) if value), -1)
        if pivot < 0:
            continue
        left = [value / left[pivot] for value in left]
        found = [
            [one - known[pivot] * other for one, other in zip(known, left, strict=True)]
            if known[pivot]
            else known
            for known in found
        ] + [left]
    return found


def orthogonal(rows: list[Vector], width: int) -> list[Vector]:
    """A basis of everything on which all of the rows vanish."""
    known = reduced(rows)
    pivots = {next(place for place, value in enumerate(row) if value): row for row in known}
    basis = []
    for free in (place for place in range(width) if place not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for pivot, row in pivots.items():
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def told(case: Case, pages: Sequence[Page]) -> Iterator[str]:
    """Everything an attacker finds out that they should not: a number of people that is too small, or leaves too few.

    Members who are in all the same published sets cannot be told apart, and are one unknown for each state. A number of
    those of a set who are in some states follows from what is published exactly if its vector is a combination of the
    published vectors: if it vanishes wherever all of them do.
    """
    for role, states in case.doing.items():
        of = dict(zip((member.id for member in case.population.members), states, strict=True))
        sums = list(published(pages, role))
        alike: dict[tuple[bool, ...], list[int]] = {}
        for member in sorted(of):
            alike.setdefault(tuple(member in some for some, _states in sums), []).append(member)
        classes = list(alike.values())
        vectors = [
            [Fraction(number if those[0] in some else 0) for those in classes for number in wanted]
            for some, wanted in sums
        ]
        unseen = orthogonal(vectors, 3 * len(classes))
        for question, wanted in QUESTIONS.items():
            folded = [
                [
                    sum((vector[3 * at + state] * wanted[state] for state in range(3)), Fraction(0))
                    for at in range(len(classes))
                ]
                for vector in unseen
            ]
            for some in _sets(reduced(orthogonal(folded, len(classes))), len(classes)):
                members = [member for at in some for member in classes[at]]
                number = sum(bool(wanted[SINGLE_STATES.index(of[one])]) for one in members if of[one])
                if 0 < number < case.least or 0 < len(members) - number < case.least:
                    yield f"{role}: of {members} {number} {question}"


def _sets(basis: list[Vector], width: int) -> Iterator[tuple[int, ...]]:
    """All sets whose indicator is a combination of a basis in reduced echelon form: its coefficients are 0 or 1."""
    assert len(basis) <= 16, "too many to try them all"
    unit = lcm(*(value.denominator for row in basis for value in row))
    rows = [[int(value * unit) for value in row] for row in basis]
    vector, chosen = [0] * width, 0
    for step in range(1, 1 << len(basis)):
        turned = (
            step & -step
        ).bit_length() - 1  # a Gray code: from one set of rows to the next, one comes or goes
        chosen ^= 1 << turned
        sign = 1 if chosen >> turned & 1 else -1
        vector = [one + sign * other for one, other in zip(vector, rows[turned], strict=True)]
        if all(value in {0, unit} for value in vector):
            yield tuple(at for at, value in enumerate(vector) if value)


# -- what is promised


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(cases())
def test_no_number_of_people_that_is_too_small_follows_from_all_that_is_published(case: Case) -> None:
    assert list(told(case, case.pages())) == []


def test_the_same_attacker_finds_somebody_where_nothing_is_suppressed() -> None:
    exposed = find(
        cases().filter(lambda case: len(case.population.course_ids) == 1),
        lambda case: any(told(case, case.pages(least=1))),
        settings=settings(max_examples=50, deadline=None, derandomize=True),
    )
    assert list(told(exposed, exposed.pages())) == []


def test_much_is_still_said_about_a_course_in_which_enough_people_do_each_thing() -> None:
    people = a_population(120, learners=110, groups=4)
    doing = {role: [place % 4 for place in range(120)] for role in Role}
    page = Case(people, doing, 4).page()
    assert [(one.by, one.key, one.members) for one in page.slices] == [
        (By.ALL, "learners", 110),
        (By.ALL, "all", 120),
        (By.ALL, "staff", 10),
        (By.LMS_ROLE, "learner", 110),
        (By.LMS_ROLE, "instructor", 10),
        (By.GROUP, "1", 28),
        (By.GROUP, "2", 28),
        (By.GROUP, "3", 27),
        (By.GROUP, "4", 27),
    ]
    learners, everybody, staff = page.slices[:3]
    assert (learners.acting[Role.CREATOR].value, learners.sustained[Role.CREATOR].value) == (54, 27)
    assert (learners.emerging[Role.CREATOR].value, learners.nothing[Role.CREATOR].value) == (28, 28)
    assert (everybody.acting[Role.CREATOR].value, staff.acting[Role.CREATOR].value) == (60, 6)
    assert everybody.sustained[Role.CREATOR].value is None, "three of the staff keep it up: all less learners"
    groups = [one.acting[Role.CREATOR].value for one in page.slices if one.by is By.GROUP]
    assert groups == [0, 0, 27, 27]


def test_below_ten_members_only_acts_are_counted() -> None:
    case = Case(a_population(9), {Role.CREATOR: [SUSTAINED] * 9}, 3)
    page = case.page()
    assert (page.enough, page.members, page.acts[Role.CREATOR]) == (False, 9, 9)
    said = [count.value for one in page.slices for counts in _numbers(one) for count in counts.values()]
    assert said
    assert set(said) == {None}
    assert _numbers_of_mixes(page) == [None, None, None, None]


def _three_courses(spans: tuple[frozenset[int], ...]) -> dict[tuple[int, ...], int | None]:
    """Of three courses with fifteen learners and three who act in each: how many act, by the courses of each page."""
    people = replace(a_population(45, courses=3), spans=spans)
    case = Case(people, {Role.CARETAKER: [ACTING if place < 9 else NOTHING for place in range(45)]}, 5)
    assert list(told(case, case.pages())) == []
    return {there.course_ids: _said_of(page, "learners") for there, page in case.pages()}


def test_what_a_community_says_and_what_all_courses_say_do_not_leave_a_course_over() -> None:
    found = _three_courses((frozenset({1, 2}),))
    assert found == {(1, 2, 3): None, (1, 2): 6, (1,): None, (2,): None, (3,): None}
    assert _three_courses(())[1, 2, 3] == 9


def test_communities_that_overlap_do_not_leave_a_course_over() -> None:
    found = _three_courses((frozenset({1, 2}), frozenset({2, 3})))
    assert set(found.values()) == {None}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(cases(), st.randoms(use_true_random=False))
def test_a_page_says_the_same_whatever_order_the_communities_come_in(case: Case, dice: random.Random) -> None:
    spans = list(case.population.spans)
    dice.shuffle(spans)
    other = replace(case, population=replace(case.population, spans=tuple(spans)))
    assert other.page() == case.page()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_a_mix_is_said_only_where_nobody_stands_out_by_several_roles(case: Case) -> None:
    page = case.page()
    population = case.population
    of = {
        member.id: {role for role, states in case.doing.items() if states[place] >= ACTING}
        for place, member in enumerate(population.members)
    }
    mixed = [one for one in page.slices if one.mix is not None]
    sets = [of_whom(one, population) for one in mixed]
    if len(sets) == 2:
        sets.append(sets[1] - sets[0])
    for members in sets:
        roles = [of[member] for member in members]
        for number in (
            sum(bool(some) for some in roles),
            *(sum(role in some and len(some) > 1 for some in roles) for role in case.doing),
            *(sum({role} == some for some in roles) for role in case.doing),
        ):
            assert number == 0 or number >= case.least
            assert number == len(members) or len(members) - number >= case.least
    for one, members in zip(mixed, sets, strict=False):
        acting = [of[member] for member in members if of[member]]
        assert one.acting_members == len(acting)
        for role, share in (one.mix or {}).items():
            assert share == pytest.approx(
                sum(1 / len(some) for some in acting if role in some) / max(1, len(acting))
            )


def test_a_course_whose_page_is_silent_does_not_follow_from_the_page_of_a_span() -> None:
    """In the second course three learners act: all learners less those of the first course would tell."""
    people = a_population(40, courses=2)
    doing = {Role.CARETAKER: [(ACTING if place % 2 == 0 or place < 6 else NOTHING) for place in range(40)]}
    first, second = (
        replace(people, course_ids=(one,), members=tuple(m for m in people.members if one in m.courses))
        for one in (1, 2)
    )
    span, own, silent = (
        _said_of(page, "learners")
        for page in (
            Case(people, doing, 5).page(),
            Case(first, {Role.CARETAKER: [ACTING] * 20}, 5).page(),
            Case(second, {Role.CARETAKER: [ACTING] * 3 + [NOTHING] * 17}, 5).page(),
        )
    )
    assert (span, own, silent) == (None, 20, None)


def _said_of(page: Profile, key: str) -> int | None:
    one = page.slice(key)
    assert one is not None
    return one.acting[Role.CARETAKER].value


def _numbers(one: Slice) -> tuple[Mapping[Role, Count], ...]:
    return one.acting, one.sustained, one.emerging, one.nothing


def _numbers_of_mixes(page: Profile) -> list[Mapping[Role, float] | None]:
    return [one.mix for one in page.slices]
