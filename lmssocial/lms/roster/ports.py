"""What a run over a roster needs of those who know more than it does: whom it tells about groups."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """The groups and sections of one person in a course, by the ids of their LMS."""

    groups: frozenset[str] | None = None
    """``None``: nothing was said about groups, so what is known stays; empty: they are in none."""
    sections: frozenset[str] | None = None
    """Likewise for sections."""


@dataclass(frozen=True, kw_only=True)
class NamedGroup:
    """A group as the LMS's own service lists it."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """Whom a run tells what it learns about groups. Called inside its transaction; nothing there commits."""

    belong: Callable[[Session, int, Mapping[int, Belonging]], None]
    """A course (our row's id), and by the user what was said about them."""
    named: Callable[[Session, int, Collection[NamedGroup]], None]
    """A course and all of its groups: whichever is not named is gone from the LMS."""
    left: Callable[[Session, int], None]
    """A course from which somebody was put out: they are in none of its groups any more."""
