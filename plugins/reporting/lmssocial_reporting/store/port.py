"""What a store of acts and evidence can do, whichever engine is behind it. All of them give the same integers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from lmssocial_reporting.definition import RULE, Kind, Role, Rule
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.store.values import LASTING, READING, Act, Deed, Evidence, Reading

__all__ = [
    "LASTING",
    "READING",
    "Act",
    "By",
    "Changed",
    "Count",
    "Deed",
    "Edge",
    "Evidence",
    "Profile",
    "Reading",
    "ReportStore",
    "Slice",
    "Strength",
    "Tally",
]


@dataclass(frozen=True)
class Changed:
    """What became of a day when it was derived again."""

    added: tuple[Evidence, ...] = ()
    gone: tuple[Evidence, ...] = ()


class Strength(NamedTuple):
    """How much evidence there is for one member and role in a window."""

    member: int
    role: Role
    days: int
    """Distinct days."""
    others: int
    """Distinct people."""
    weak: bool
    """Whether all of it is of kinds that alone make nobody act in a role."""

    def acts(self, rule: Rule = RULE) -> bool:
        """Whether that is acting in the role."""
        bar = rule.bars[self.role]
        return not self.weak and self.days >= bar.days and self.others >= bar.others

    def sustains(self, rule: Rule = RULE) -> bool:
        """Whether they kept it up."""
        return self.acts(rule) and self.days >= rule.sustained.days and self.others >= rule.sustained.others


@dataclass(frozen=True)
class Count:
    """How many people, as far as it may be said."""

    value: int | None
    """``None``: not said, because somebody could be told from it."""


class By(StrEnum):
    """What the members are split by."""

    ALL = "all"
    LMS_ROLE = "lms_role"
    GROUP = "group"
    """The learners of each group, on the page of one course: a teacher among them would leave nothing to be said."""
    COURSE = "course"
    """The learners of each course."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Some of the members: how many of them acted in each role."""

    by: By
    key: str
    """``all``; ``learners`` or ``staff`` (by ALL, too); an LMS role; the id of a group or a course."""
    members: int
    acting: Mapping[Role, Count]
    sustained: Mapping[Role, Count]
    emerging: Mapping[Role, Count]
    """Some evidence, and less than acting takes."""
    nothing: Mapping[Role, Count]
    mix: Mapping[Role, float] | None = None
    """Each member who acts in j roles gives 1/j to each of them; as shares that sum to 1 (all 0 where nobody acts).
    ``None``: not said. Only for ``learners`` and ``all``, of whom a target may speak."""
    acting_members: int | None = None
    """Members who act in at least one role; said where the mix is."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The members of a window and in which roles they acted, as far as it may be published."""

    window: Window
    members: int
    enough: bool
    """Whether there are enough members for shares at all."""
    slices: tuple[Slice, ...]
    acts: Mapping[Role, int]
    """Pieces of evidence in all; said also where shares are not."""

    def slice(self, key: str = "all", by: By = By.ALL) -> Slice | None:
        """One slice; ``None`` if there is none of that name."""
        return next((one for one in self.slices if (one.by, one.key) == (by, key)), None)


class Tally(NamedTuple):
    """What a statement says of one member and role in a window; for reckoning only."""

    strength: Strength
    pieces: int
    """Pieces of evidence, with those between two people alone, which do not make anybody act in a role."""


@dataclass(frozen=True, slots=True)
class Edge:
    """That somebody's acts served somebody else, so many times in a window."""

    member: int
    other: int
    count: int


class ReportStore(Protocol):
    """Acts and evidence. Days, windows and members are the caller's; access is the caller's business, too.

    ``strengths`` and everything that names members is for reckoning and for their own pages only; what is published
    comes from :meth:`profile`, or is made of :meth:`tallies` as it is, and leaves out what could point at a person.
    """

    # what follows the log writes

    @property
    def unsettled(self) -> Collection[tuple[int, date]]:
        """Days (course, day) whose new evidence counts only once the transaction is committed.

        They have to be derived again afterwards: a crash in between would leave them as they were.
        """

    def add_acts(self, acts: Sequence[Act]) -> None:
        """Store acts; those that are there already stay as they are."""

    def acts_between(
        self, course_ids: Collection[int], since: date, until: date, deeds: Collection[Deed] = ()
    ) -> list[Act]:
        """Acts of these days (both included), of these deeds or of all, in order of (at, event_id, part)."""

    def acts_about(
        self,
        course_id: int,
        *,
        items: Collection[str] = (),
        threads: Collection[str] = (),
        targets: Collection[str] = (),
        deeds: Collection[Deed] = (),
    ) -> list[Act]:
        """All acts of a course on any of these items, in these threads, or with these targets; ordered likewise.

        Of these deeds, or of all.
        """

    def acts_of(self, course_id: int, members: Collection[int], deeds: Collection[Deed] = ()) -> list[Act]:
        """All acts of these members in a course; ordered likewise."""

    def replace_day(self, course_id: int, day: date, rows: Iterable[Evidence]) -> Changed:
        """Let these be all the evidence of a day, and say what that changed."""

    def forget_course(self, course_id: int) -> None:
        """Delete everything of a course, so that it can be told anew."""

    def traces_of(self, member: int) -> list[tuple[int, date]]:
        """All days (course, day) of the courses in which there is any act or evidence of somebody, or for them."""

    def forget_member(self, member: int) -> list[tuple[int, date]]:
        """Delete the acts and evidence of somebody, and blank them where others' acts served them, or an act lasts.

        :returns: the days (course, day) that have to be derived again: what :meth:`traces_of` said before.
        """

    # what pages read

    def evidence_of(
        self, course_ids: Collection[int], member: int, since: date, until: date
    ) -> list[Evidence]:
        """The evidence of one member, newest day first."""

    def tallies(self, course_ids: Collection[int], window: Window) -> list[Tally]:
        """How much there is for each member and role of a window, in one statement.

        What :func:`~lmssocial_reporting.store.counting.profile_of` makes a profile of, by whatever rule, and
        :meth:`strengths` are part of.
        """

    def strengths(self, course_ids: Collection[int], window: Window) -> list[Strength]:
        """How much evidence there is for each member and role, in one statement.

        Without evidence between two people alone (``lone_ties``), and without those who have none.
        """

    def profile(self, population: Population, *, least: int) -> Profile:
        """The profile of a window, with small cells left out."""

    def edges(self, course_ids: Collection[int], window: Window, kinds: Collection[Kind] = ()) -> list[Edge]:
        """Who served whom how often, by these kinds of evidence or by all that serve somebody."""

    def counts(
        self, course_ids: Collection[int], since: date, until: date
    ) -> dict[tuple[date, Role, Kind], int]:
        """Pieces of evidence by day, role and kind: numbers of acts, which name nobody."""

    def deeds(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[date, Deed, str], int]:
        """Acts by day, deed and widget.

        :param unread: members whose reading and searching is left out.
        """

    # what monitors read, in ``store/monitoring.py``

    def readings(self, course_ids: Collection[int], since: date, until: date) -> list[Reading]:
        """What was read on these days (both included), by time."""

    def evidence_between(
        self, course_ids: Collection[int], since: date, until: date, kinds: Collection[Kind]
    ) -> list[Evidence]:
        """The evidence of these kinds, in its own order."""

    def uses(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[int, str, int], int]:
        """Acts by placement, widget and member; coming to the course is none. For reckoning only.

        :param unread: members whose reading and searching is left out.
        """

    def moments(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[datetime, int]:
        """Acts by the quarter of an hour (UTC) in which they were done. No zone of this world is offset by less.

        Those that :meth:`uses` counts.
        """

    def first_writing(self, course_ids: Collection[int], since: date) -> dict[int, date]:
        """On which day each member first published anything in one of the courses; of those who began ``since``."""

    def written(self, course_ids: Collection[int], since: date, until: date) -> dict[int, int]:
        """How many items each member published that still count: posts, replies, questions, works."""

    def readers_of(self, items: Collection[str]) -> set[tuple[str, int, int]]:
        """(Item, course, member) of all who read one of these items, in whichever course; for reckoning only."""

    def tried(
        self, course_ids: Collection[int], since: date, until: date
    ) -> list[tuple[int, int, Deed, int]]:
        """(Course, member, deed, acts) of all that was done on these days; for reckoning only."""

    def taken_up(self, course_ids: Collection[int], since: date, until: date) -> dict[tuple[int, Kind], int]:
        """Items by which somebody was served, by course and kind of evidence."""

    # what the profile asks before it says "look at this", in ``store/concentration.py``

    def fullest_threads(self, course_ids: Collection[int], window: Window) -> dict[Role, int]:
        """For each role, how many pieces of evidence the thread has that has most of them."""

    def mutual_ties(
        self, course_ids: Collection[int], window: Window, at_least: int
    ) -> dict[Role, list[Edge]]:
        """For each role, who served whom so many times or more and was served by them as often; both directions."""
