"""Whose share is reckoned: the members of some courses in a window, and the groups they can be split by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from lmssocial.plugin import LmsRole


@dataclass(frozen=True)
class Window:
    """Some whole days, in the time zone of the course."""

    first: date
    last: date
    """The last day that belongs to it."""

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def before(self) -> "Window":
        """The window of the same length that ends where this one begins."""
        return Window(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @classmethod
    def ending(cls, last: date, days: int = 28) -> "Window":
        """The window of so many days up to and with ``last``."""
        return cls(last - timedelta(days=days - 1), last)


@dataclass(frozen=True)
class Member:
    """Somebody whose acts are reckoned, once, however many of the courses they are in."""

    id: int
    role: LmsRole
    """Their leading LMS role; of several courses the highest."""
    groups: frozenset[int]
    courses: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Population:
    """The members of some courses in a window."""

    course_ids: tuple[int, ...]
    window: Window
    members: tuple[Member, ...]
    group_names: Mapping[int, str]
    spans: tuple[frozenset[int], ...] = ()
    """The courses of each community across courses that has some of these, whoever reads its page."""

    @cached_property
    def ids(self) -> frozenset[int]:
        """Who they are."""
        return frozenset(member.id for member in self.members)

    @cached_property
    def learners(self) -> frozenset[int]:
        """Those who take a course and do not help to give it."""
        return frozenset(member.id for member in self.members if member.role is LmsRole.LEARNER)

    @cached_property
    def staff(self) -> frozenset[int]:
        """All others."""
        return self.ids - self.learners
