"""Telling the LMS's gradebook what was released: what the work got, and what reviewing is worth. Nothing here commits.

Everything inside is in points of the rubric; here they become those of the gradebook. Each author of a team gets the
team's score. Whoever is in the course no more is left alone, and so is what the LMS has of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.references import address_of
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.service import ActivityProgress, GradingProgress, Mark
from lmssocial.social.rubrics.criteria import total
from lmssocial.widgets.peer_rating import columns
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Work, WorkState
from lmssocial.widgets.peer_rating.releasing.wording import score_in_words
from lmssocial.widgets.peer_rating.scoring.inputs import bounds
from lmssocial.widgets.peer_rating.scoring_models import Override, Release, Result, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Mode


@dataclass(frozen=True, kw_only=True)
class _Graded:
    """One author's work, as it was released."""

    user_id: int
    state: WorkState
    submitted_at: datetime
    points: float | None
    count: int
    lowest: float | None
    highest: float | None
    overridden: bool


def send(session: Session, running: Running, release: Release) -> int:
    """Have the gradebook say what was released; for how many people anything goes out in one column or the other.

    What stands there already is not sent again, so a release that changes one score sends one.
    """
    course_id = session.get_one(Community, running.placement.community_id).course_id
    if course_id is None:
        return 0  # outside of a course there is no gradebook
    number, column = 0, columns.work_column(session, running)
    if column is not None:
        number += gradebook.put_all(session, column.id, _work_marks(session, running, release, course_id))
    column = columns.reviewing_column(session, running)
    if column is not None:
        number += gradebook.put_all(session, column.id, _reviewing_marks(session, running, course_id))
    return number


def _work_marks(session: Session, running: Running, release: Release, course_id: int) -> Mapping[int, Mark]:
    most = bounds(session, running)[1]
    return {
        one.user_id: _work_mark(running, one, most)
        for one in _graded(session, release.placement_id, course_id)
    }


def _graded(session: Session, placement_id: int, course_id: int) -> Iterator[_Graded]:
    """The last work of everybody who handed one in and is still here. One query."""
    overridden = exists().where(Override.work_id == Work.id, Override.withdrawn_at.is_(None))
    rows = session.execute(
        select(
            Author.user_id,
            Work.state,
            Work.submitted_at,
            Result.released_points.label("points"),
            Result.count,
            Result.lowest,
            Result.highest,
            overridden.label("overridden"),
        )
        .join(Work, Work.id == Author.work_id)
        .join(User, User.id == Author.user_id)
        .join(Membership, Membership.user_id == Author.user_id)
        .outerjoin(Result, Result.work_id == Work.id)
        .where(Author.placement_id == placement_id, taking_part(course_id))
        .order_by(Author.user_id, Author.round)
    )
    return (_Graded(**(row | {"count": row["count"] or 0})) for row in map(dict, rows.mappings()))


def _work_mark(running: Running, one: _Graded, most: float) -> Mark:
    settings = running.settings
    if one.state not in HANDED_IN:
        return Mark(given=None, maximum=settings.points)
    if one.points is None or most <= 0:
        return Mark(  # nothing can be said of it yet: an instructor has to look
            given=None,
            maximum=settings.points,
            activity=ActivityProgress.SUBMITTED,
            grading=GradingProgress.PENDING_MANUAL,
            submitted_at=one.submitted_at,
        )
    said = score_in_words(
        one.points,
        most,
        count=one.count,
        lowest=one.lowest,
        highest=one.highest,
        overridden=one.overridden,
        compared=settings.mode is Mode.PAIRS,
    )
    return Mark(
        given=total([one.points / most * settings.points]),
        maximum=settings.points,
        comment=_with_link(running, f"{said}."),
        submitted_at=one.submitted_at,
    )


def _with_link(running: Running, said: str) -> str:
    href = address_of(f"/w/{running.placement.id}/peer_rating/feedback")
    return _("%(said)s What they say: %(link)s", said=said, link=href) if href else said


def _reviewing_marks(session: Session, running: Running, course_id: int) -> Mapping[int, Mark]:
    """What reviewing is worth, for everybody of whom that was worked out. One query."""
    rows = session.scalars(
        select(ReviewerResult)
        .join(User, User.id == ReviewerResult.user_id)
        .join(Membership, Membership.user_id == ReviewerResult.user_id)
        .where(ReviewerResult.placement_id == running.placement.id, taking_part(course_id))
    )
    return {row.user_id: _reviewing_mark(running, row) for row in rows}


def _reviewing_mark(running: Running, row: ReviewerResult) -> Mark:
    most = running.settings.reviewing_points
    if row.released_points is None:
        return Mark(given=None, maximum=most)
    return Mark(
        given=total([row.released_points * most]),
        maximum=most,
        comment=_done_in_words(running, row),
    )


def _done_in_words(running: Running, row: ReviewerResult) -> str:
    numbers = {"done": min(row.completed, row.owed), "owed": row.owed}
    if running.settings.mode is Mode.PAIRS:
        return _("%(done)s of the %(owed)s comparisons that were asked for.", **numbers)
    return _("%(done)s of the %(owed)s reviews that were asked for.", **numbers)
