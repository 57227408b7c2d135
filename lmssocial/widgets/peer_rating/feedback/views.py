"""What the pages of feedback show, as values."""

from dataclasses import dataclass
from datetime import datetime

from lmssocial.social.content.models import State
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.feedback.spread import Spread
from lmssocial.widgets.peer_rating.models import WorkState
from lmssocial.widgets.peer_rating.scoring_models import AppealState


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one author says of a review, in words: their answer to it."""

    contribution_id: int
    name: str
    """Empty where authors are not named."""
    is_own: bool
    html: str
    state: State
    note: str
    """Why it waits, or was not published; for who wrote it."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How an author found a review."""

    helpful: int
    tags: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewRead:
    """A review of one's own work."""

    id: int
    contribution_id: int
    alias: int
    name: str
    """Empty where reviewers are not named."""
    role: str
    """Their role in the course, for staff; empty for peers."""
    is_staff: bool
    """Whether an instructor or SME wrote it: it is not one of the peers'."""
    levels: tuple[str, ...]
    """What each criterion reached, in the order of the rubric."""
    html: str
    at: datetime
    is_flaggable: bool
    rating: Rating | None
    """The reader's own."""
    replies: tuple[Said, ...]
    """What its authors answered: the reader's own, and what is published of the others' in their team."""

    @property
    def own_reply(self) -> Said | None:
        """The reader's own answer."""
        return next((one for one in self.replies if one.is_own), None)


@dataclass(frozen=True, kw_only=True)
class CriterionRead:
    """What the reviews say together by one criterion."""

    title: str
    reached: tuple[tuple[str, int], ...]
    """Each level that somebody chose, and how many did, the best first."""
    own: str
    """What the author chose themselves; empty if they looked at no own work."""


@dataclass(frozen=True, kw_only=True)
class Overridden:
    """Points by an instructor."""

    points: float
    reason: str
    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ScoreRead:
    """A score that was released to its author."""

    points: float | None
    most: float
    mean: float | None
    count: int
    lowest: float | None
    highest: float | None
    overridden: Overridden | None
    late: float
    """How many points were taken off for being late."""
    staff_points: float | None
    spread: Spread | None
    worth: float
    """What the LMS's gradebook gives for the work; 0 if nothing goes there."""

    @property
    def in_gradebook(self) -> float | None:
        """The score in points of the gradebook."""
        if self.points is None or self.worth <= 0 or self.most <= 0:
            return None
        return self.points / self.most * self.worth


@dataclass(frozen=True, kw_only=True)
class AppealRead:
    """An appeal, as its author sees it."""

    id: int
    state: AppealState
    text: str
    criteria: tuple[str, ...]
    made_at: datetime
    due_at: datetime
    """By when it shall be decided."""
    assigned_to: str
    """Who looks at it; empty as long as nobody does."""
    decided_by: str
    decided_at: datetime | None
    decision: str
    points_before: float | None
    points_after: float | None

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for it."""
        return self.state in {AppealState.OPEN, AppealState.ASSIGNED}


@dataclass(frozen=True, kw_only=True)
class OwnWorkRead:
    """The work that the feedback is about."""

    id: int
    alias: int
    state: WorkState
    note: str
    is_late: bool
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Everything that the author of a work reads about it."""

    work: OwnWorkRead | None
    """``None`` if they handed in nothing."""
    rubric: tuple[Criterion, ...] = ()
    criteria: tuple[CriterionRead, ...] = ()
    """By how far they were reached, the least first."""
    reviews: tuple[ReviewRead, ...] = ()
    waiting: int = 0
    """Reviews that a moderator has yet to look at."""
    score: ScoreRead | None = None
    appeal: AppealRead | None = None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an author said of a review that the reader wrote."""

    review_id: int
    work_alias: int
    name: str
    """The author's; empty where authors are not named."""
    helpful: int
    tags: tuple[str, ...]
    at: datetime
    reply_id: int | None
    html: str
    """Their answer; empty if there is none, or nobody may read it yet."""
