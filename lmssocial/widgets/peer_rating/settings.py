"""What an instructor sets for one activity. It travels with course copies; nothing in it names a person."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks.rating import GroupScope
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion, total


class Mode(StrEnum):
    """What a review is."""

    RUBRIC = "rubric"
    """One work, looked at by the criteria of the rubric."""
    PAIRS = "pairs"
    """Two works: which is the better one, and why."""


class Identity(StrEnum):
    """Who sees whose name. Staff see all names, always."""

    NAMED = "named"
    SINGLE_BLIND = "single-blind"
    """Authors do not see who reviewed them."""
    DOUBLE_BLIND = "double-blind"
    """Neither see whose work or review it is."""


class Reveal(StrEnum):
    """When hidden names are shown."""

    RELEASED = "released"
    """With the scores."""
    NEVER = "never"


class Late(StrEnum):
    """What happens to work that comes after the date."""

    ACCEPTED = "accepted"
    """It is marked as late, and reviewed like any other, as long as reviewing goes on."""
    REFUSED = "refused"


class Calibration(StrEnum):
    """What examples are for."""

    OFFERED = "offered"
    """Reviewers may try them."""
    REQUIRED = "required"
    """Reviewers try all of them before their first review."""


class Reviewing(StrEnum):
    """What the points for reviewing rest on."""

    COMPLETION = "completion"
    """How many of the reviews that were asked for are done."""
    QUALITY = "quality"
    """Half of it completion, the rest how helpful authors found them, and how near they are to the score."""


FAIR = "fair"
"""The scoring of ours that chooses by the size of the class."""
BALANCED = "balanced"
"""The allocator of ours that gives out what has the fewest reviews."""


@dataclass(frozen=True, kw_only=True)
class PeerSettings:
    """The settings of one activity. Every default is what an instructor who sets nothing expects."""

    task: str = ""
    """What people hand in and what it is for: Markdown."""
    mode: Mode = Mode.RUBRIC
    rubric: tuple[Criterion, ...] = ()
    opens_at: datetime | None = None
    submit_due_at: datetime | None = None
    review_due_at: datetime | None = None
    feedback_due_at: datetime | None = None
    """Until when authors answer reviews; without it there is no time set aside for that."""
    rolling: bool = False
    """Whether people may review as soon as they have handed in, while others still write."""
    late: Late = Late.ACCEPTED
    late_percent: float = 0.0
    """How much of the score is taken off for each day begun after the date."""
    teams: bool = False
    """Whether each course group hands in one work together."""
    groups: GroupScope = GroupScope.ANYBODY
    allocator: str = BALANCED
    wanted: int = 3
    """How many reviews each work shall get."""
    least: int = 2
    """How many it must have for a score by peers; with fewer, staff review it."""
    asked: int = 4
    """How many reviews are asked of each reviewer: one more than wanted makes up for those who drop out."""
    needs_own: bool = True
    """Whether only those review who have handed in."""
    lease_hours: int = 24
    """How long a work is kept for a reviewer who does not write."""
    minutes: int = 20
    """How long a review takes, as learners are told."""
    comment_least: int = 20
    """How many characters a review says at least, besides the levels."""
    identity: Identity = Identity.NAMED
    identity_reason: str = ""
    """Why names are hidden; everybody reads it."""
    reveal: Reveal = Reveal.RELEASED
    calibration: Calibration = Calibration.OFFERED
    self_assessment: bool = False
    """Whether authors also look at their own work by the rubric."""
    rate_reviews: bool = True
    """Whether authors say how helpful a review was, and answer it."""
    appeal_days: int = 7
    """How long after the release an author may appeal, once; 0: not at all."""
    comparisons: int = 6
    """How many pairs are asked of each judge, where works are compared."""
    scoring: str = FAIR
    release_by_itself: bool = False
    """Whether scores are released without anybody looking, if nothing speaks against it."""
    points: float = 80.0
    """What the LMS's gradebook gives for the work; 0: nothing goes there."""
    reviewing_points: float = 20.0
    """What it gives for reviewing; 0: nothing goes there."""
    reviewing: Reviewing = Reviewing.COMPLETION

    @property
    def most(self) -> float:
        """The most points the rubric gives."""
        return total(criterion.most for criterion in self.rubric)

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a placement's settings; anything missing or unknown is as if it had not been set."""
        plain = cls()
        known: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in stored:
                default = getattr(plain, field.name)
                known[field.name] = _read(field.name, stored[field.name], default)
        return cls(**known)

    def as_json(self) -> JsonObject:
        """How :meth:`read` finds it again."""
        plain = asdict(self) | {"rubric": criteria.as_json(self.rubric)}
        return {name: _plain(value) for name, value in plain.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any, default: Any) -> Any:
    """``value`` if it is of the kind that ``default`` has, else ``default``."""
    try:
        if name == "rubric":
            return criteria.from_json(value)
        if name.endswith("_at"):
            return datetime.fromisoformat(value) if value else None
        if isinstance(default, StrEnum):
            return type(default)(value)
        if isinstance(default, bool):
            return value if isinstance(value, bool) else default
        return type(default)(value)
    except (TypeError, ValueError, KeyError):
        return default
