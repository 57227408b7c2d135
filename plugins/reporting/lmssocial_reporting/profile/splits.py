"""The same shares for parts of the members: by LMS role, by group, by course."""

from collections.abc import Mapping
from dataclasses import dataclass

from lmssocial.plugin import LmsRole
from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.drawing import percent, percents
from lmssocial_reporting.definition import Role
from lmssocial_reporting.figures.intervals import wilson
from lmssocial_reporting.profile.figures import EVERYBODY, LEARNERS
from lmssocial_reporting.store.port import By, Profile, Slice

STAFF = "staff"


@dataclass(frozen=True)
class Cell:
    """A share of some members."""

    count: int | None
    of: int

    @property
    def share(self) -> str:
        """The share in words; empty where it is not said."""
        return percent(self.count / self.of) if self.count is not None and self.of else ""

    @property
    def range(self) -> str:
        """In which it would plausibly lie; empty likewise."""
        return percents(*wilson(self.count, self.of)) if self.count is not None and self.of else ""


@dataclass(frozen=True)
class Line:
    """Some of the members."""

    title: str
    members: int
    cells: tuple[Cell, ...]
    """One for each role."""


@dataclass(frozen=True)
class Split:
    """The members split by something."""

    by: By
    title: str
    lines: tuple[Line, ...]
    note: str = ""


def splits_of(profile: Profile, groups: Mapping[int, str], courses: Mapping[int, str]) -> tuple[Split, ...]:
    """All splits of which there is more than one part.

    :param groups: names by id; :param courses: titles by id.
    """
    wanted = {
        By.ALL: (
            {EVERYBODY: _("All members"), LEARNERS: _("Learners"), STAFF: _("Staff")},
            _("Learners and staff"),
            "",
        ),
        By.LMS_ROLE: (_roles(), _("LMS role"), ""),
        By.GROUP: (
            {str(key): name for key, name in groups.items()},
            _("Group"),
            _("The learners of each group. Who is in two groups is counted in both."),
        ),
        By.COURSE: (
            {str(key): title for key, title in courses.items()},
            _("Course"),
            _("The learners of each course."),
        ),
    }
    found = []
    for by, (titles, title, note) in wanted.items():
        lines = [_line(some, titles) for some in profile.slices if some.by is by and some.members]
        if len(lines) > 1:
            found.append(Split(by, title, tuple(lines), note))
    return tuple(found)


def _line(some: Slice, titles: Mapping[str, str]) -> Line:
    return Line(
        titles.get(some.key, some.key),
        some.members,
        tuple(Cell(some.acting[role].value, some.members) for role in Role),
    )


def _roles() -> dict[str, str]:
    return {
        LmsRole.LEARNER.value: _("Learners"),
        LmsRole.TEACHING_ASSISTANT.value: _("Teaching assistants"),
        LmsRole.INSTRUCTOR.value: _("Instructors"),
        LmsRole.CONTENT_DEVELOPER.value: _("Content developers"),
        LmsRole.MENTOR.value: _("Mentors"),
        LmsRole.ADMINISTRATOR.value: _("Administrators of the LMS"),
    }
