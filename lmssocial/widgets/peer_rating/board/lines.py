"""Reviews as lines in a list of staff: who reviews whose work, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.models import OPEN, Author, Review, ReviewState, Source, Work


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """One review, as staff see it."""

    id: int
    work_id: int
    work_alias: int
    authors: str
    """The names of those whose work it is."""
    reviewer_id: int
    reviewer: str
    source: Source
    state: ReviewState
    points: float | None
    offered_at: datetime
    submitted_at: datetime | None
    leased_until: datetime | None
    seconds: int
    words_state: State | None
    declined_because: str
    note: str

    @property
    def is_open(self) -> bool:
        """Whether its reviewer holds it."""
        return self.state in OPEN

    @property
    def is_finished(self) -> bool:
        """Whether it can be read."""
        return self.state in {ReviewState.SUBMITTED, ReviewState.VOIDED}


def authors_of(work_id: Any) -> Any:
    """The names of the authors of a work, as one text."""
    names = (
        select(User.name)
        .join(Author, Author.user_id == User.id)
        .where(Author.work_id == work_id)
        .order_by(User.name)
        .correlate(Work)
        .subquery()
    )
    return select(func.aggregate_strings(cast(names.c.name, String), ", ")).scalar_subquery()


def lines(session: Session, *which: ColumnElement[bool]) -> Sequence[ReviewLine]:
    """The reviews that ``which`` chooses, those that are finished first. One statement."""
    rows = session.execute(
        select(Review, Work.alias, authors_of(Work.id).label("authors"), User.name, Contribution.state)
        .join(Work, Work.id == Review.work_id)
        .join(User, User.id == Review.reviewer_id)
        .outerjoin(Contribution, Contribution.id == Review.contribution_id)
        .where(*which)
        .order_by(Review.submitted_at.is_(None), Review.submitted_at, Review.id)
    )
    return [
        ReviewLine(
            id=review.id,
            work_id=review.work_id,
            work_alias=alias,
            authors=authors or "",
            reviewer_id=review.reviewer_id,
            reviewer=reviewer,
            source=review.source,
            state=review.state,
            points=review.points,
            offered_at=review.offered_at,
            submitted_at=review.submitted_at,
            leased_until=review.leased_until,
            seconds=review.seconds,
            words_state=words_state,
            declined_because=review.declined_because,
            note=review.note,
        )
        for review, alias, authors, reviewer, words_state in rows
    ]
