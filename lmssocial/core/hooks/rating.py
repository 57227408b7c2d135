"""What allocators and scorings of peer rating get to see, and what they answer. Values and nothing else.

Both are pure: the same values, the same answer. Whatever looks like chance comes from a seed that is handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class GroupScope(StrEnum):
    """Whose work somebody may be asked to review, by groups."""

    ANYBODY = "anybody"
    """Groups do not matter."""
    WITHIN = "within"
    """Work of a group they are in."""
    OUTSIDE = "outside"
    """Work of people they share no group with."""

    def allows(self, own: frozenset[int], theirs: frozenset[int]) -> bool:
        """Whether somebody in the groups ``own`` may review work of people in the groups ``theirs``."""
        return self is GroupScope.ANYBODY or bool(own & theirs) is (self is GroupScope.WITHIN)


@dataclass(frozen=True, kw_only=True)
class Reviewable:
    """Something handed in that wants reviews."""

    id: int
    """Unlike that of any other in the pool."""
    authors: frozenset[int]
    """Who handed it in: one person, or a team."""
    groups: frozenset[int] = frozenset()
    """The groups of its authors."""
    load: int = 0
    """Reviews of it that are finished or under way."""
    order: int = 0
    """Its place in the order of handing in, from 0."""


@dataclass(frozen=True, kw_only=True)
class Rater:
    """Somebody who may review."""

    id: int
    """The person's."""
    groups: frozenset[int] = frozenset()
    """The groups they are in."""
    asked: int = 0
    """How many more reviews they are to be given."""
    had: frozenset[int] = frozenset()
    """Ids of works that they have reviewed, hold, declined or were taken from: none of these again."""
    avoids: frozenset[int] = frozenset()
    """Ids of people whose work they must not review."""
    reviewed_by: frozenset[int] = frozenset()
    """Ids of people who review, or have reviewed, their own work here."""
    met: frozenset[int] = frozenset()
    """Ids of people whose work they reviewed in earlier activities of the course."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Everything an allocator decides about."""

    works: tuple[Reviewable, ...]
    """What wants reviews, by id."""
    raters: tuple[Rater, ...]
    """Who may review, by id."""
    wanted: int
    """How many reviews each work shall get."""
    scope: GroupScope = GroupScope.ANYBODY
    """Whose work somebody may be given, by groups."""
    seed: str = ""
    """Decides wherever nothing else does."""

    def allows(self, rater: Rater, work: Reviewable) -> bool:
        """Whether ``rater`` may be given ``work`` at all: not their own, no conflict, and within the groups' rule."""
        if rater.id in work.authors or work.id in rater.had or rater.avoids & work.authors:
            return False
        return self.scope.allows(rater.groups, work.groups)


Pairing = tuple[int, int]
"""The ids of a rater and of a work."""


@dataclass(frozen=True, kw_only=True)
class Allocator:
    """A way to decide who reviews what. Registered by name; an instructor chooses one for an activity.

    :param name: unlike that of any other.
    :param title: for the instructor who chooses; may be lazy.
    :param summary: one sentence that says what it is good for; may be lazy.
    :param pick: asked when somebody wants their next review: ``pick(pool, rater)`` with that one rater in the pool;
        the id of a work, or ``None`` if there is none for them. An answer that the pool does not allow is refused.
    :param plan: asked when reviewing begins, for allocators that give out everything at once. What is missing
        afterwards, because people drop out, is given out by ``pick``.
    """

    name: str
    title: str
    summary: str
    pick: Callable[[Pool, Rater], int | None]
    plan: Callable[[Pool], Sequence[Pairing]] | None = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """What one person gave one work."""

    work: int
    """The id of the work."""
    rater: int
    """The id of who gave it."""
    points: float
    """By the levels they chose."""
    is_staff: bool = False
    """Whether an instructor or SME gave it: an anchor, which the others are held against."""


@dataclass(frozen=True, kw_only=True)
class Won:
    """What one person said of two works."""

    rater: int
    """Who said it."""
    better: int
    """The id of the work they found better."""
    worse: int
    """The id of the other."""


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """Everything a scoring decides about."""

    low: float
    """The fewest points the rubric gives."""
    high: float
    """The most."""
    works: tuple[int, ...]
    """Ids of all works that shall get a score, sorted, also those that nobody reviewed."""
    given: tuple[Given, ...] = ()
    """What people gave, sorted by work and rater. Also tries at calibration examples, whose works are negative."""
    won: tuple[Won, ...] = ()
    """What people said of pairs, where works are compared."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The score of one work."""

    work: int
    """Its id."""
    points: float | None
    """Between low and high; ``None`` if nothing can be said."""
    unsure: float | None = None
    """How far it may be off: one standard deviation, in points; ``None`` if that cannot be said."""


@dataclass(frozen=True, kw_only=True)
class RaterFound:
    """What a scoring found out about somebody who reviewed. For instructors, never for a grade by itself."""

    rater: int
    """The person's id."""
    lenient: float = 0.0
    """How many points they give above what the others would."""
    scatter: float | None = None
    """How far they are off beyond that: one standard deviation, in points."""
    careless: float | None = None
    """From 0 to 1: how much of what they gave looks unrelated to the work."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What a scoring answers."""

    works: tuple[Scored, ...]
    """In the order of :attr:`Ratings.works`."""
    raters: tuple[RaterFound, ...] = ()
    """Sorted by rater."""
    method: str = ""
    """What was really done, where a scoring chooses among several."""


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """A way from what people gave to one score for each work. Registered by name, chosen for an activity.

    :param name: unlike that of any other.
    :param version: changes whenever the same ratings might get another score.
    :param title: for the instructor who chooses; may be lazy.
    :param summary: one sentence that says when to choose it; may be lazy.
    :param score: ratings → scores. Pure.
    :param compares: whether it works on pairs (:attr:`Ratings.won`) instead of points.
    """

    name: str
    version: str
    title: str
    summary: str
    score: Callable[[Ratings], Scores]
    compares: bool = field(default=False)
