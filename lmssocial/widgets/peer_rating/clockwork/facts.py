"""What the steps of an activity rest on, as the database has it. As many questions for ten people as for thousands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.allocating import leases
from lmssocial.widgets.peer_rating.clockwork.plan import Facts
from lmssocial.widgets.peer_rating.models import (
    Author,
    Edge,
    Extension,
    Phase,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal, Override, Result
from lmssocial.widgets.peer_rating.settings import Mode

SCORING_FAILED = "staff:scoring-failed"
"""The edge that is noted when staff are told (:class:`.telling.Why`)."""


def facts_of(session: Session, running: Running, *, trouble: bool = False) -> Facts:
    """How it stands now.

    :param trouble: whether scores could not be worked out just now; else what staff were told of that decides.
    """
    activity, placement_id = running.activity, running.placement.id
    course_id = session.get_one(Community, activity.community_id).course_id or 0
    works = _works(session, running, course_id)
    submit_until, review_until = _extended(session, running, course_id)
    stale = activity.scores_stale or (activity.phase is Phase.EVALUATE and not _scored(session, placement_id))
    return Facts(
        phase=activity.phase,
        since=activity.phase_since,
        works=works.there,
        missing=works.missing,
        left=works.left,
        held=_held(session, placement_id),
        submit_until=submit_until,
        review_until=review_until,
        lease_ends=leases.next_end(session, placement_id),
        undecided=_undecided(session, placement_id),
        stale=stale,
        trouble=trouble or (stale and activity.phase is Phase.EVALUATE and _failed(session, running)),
        by_itself=activity.released_at is None,
    )


@dataclass(frozen=True)
class _Works:
    there: int
    missing: int
    left: int


def _works(session: Session, running: Running, course_id: int) -> _Works:
    """How many works may be reviewed, and how many lack reviews, or staff's word where these do not suffice.

    The work of people who have left the course is not waited for: nobody would read the reviews.
    """
    may_be_reviewed = and_(Work.state == WorkState.SUBMITTED, Contribution.state == State.PUBLISHED)
    lacks = and_(or_(_too_few(running), Work.state == WorkState.EXCLUDED), ~_by_staff())
    takes_part = exists().where(
        Membership.user_id == Author.user_id, User.id == Author.user_id, taking_part(course_id)
    )
    has_author = exists().where(Author.work_id == Work.id, takes_part.correlate(Author)).correlate(Work)
    found = (
        select(may_be_reviewed.label("fit"), lacks.label("lacks"), has_author.label("has_author"))
        .select_from(Work)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(
            Work.placement_id == running.placement.id,
            or_(may_be_reviewed, Work.state == WorkState.EXCLUDED),
        )
        .subquery()
    )
    row = session.execute(
        select(
            func.count().filter(found.c.fit, found.c.has_author),
            func.count().filter(found.c.lacks, found.c.has_author),
            func.count().filter(found.c.lacks, ~found.c.has_author),
        ).select_from(found)
    ).one()
    return _Works(*row)


def _too_few(running: Running) -> ColumnElement[bool]:
    """Whether a work has fewer reviews than it must; where works are compared, whether it was in no comparison."""
    if running.settings.mode is Mode.PAIRS:
        return ~exists().where(
            or_(Comparison.low_id == Work.id, Comparison.high_id == Work.id),
            Comparison.state == ComparisonState.SUBMITTED,
        )
    return Work.completed < running.settings.least


def _by_staff() -> ColumnElement[bool]:
    """Whether staff reviewed a work, or gave it points."""
    anchored = exists().where(
        Review.work_id == Work.id, Review.source == Source.STAFF, Review.state == ReviewState.SUBMITTED
    )
    given = exists().where(Override.work_id == Work.id, Override.withdrawn_at.is_(None))
    return or_(anchored, given)


def _held(session: Session, placement_id: int) -> int:
    held = select(func.count()).where(
        Contribution.placement_id == placement_id, Contribution.state == State.HELD
    )
    return session.execute(held).scalar_one()


def _undecided(session: Session, placement_id: int) -> int:
    waiting = select(func.count()).where(Appeal.placement_id == placement_id, Appeal.state.in_(UNDECIDED))
    return session.execute(waiting).scalar_one()


def _scored(session: Session, placement_id: int) -> bool:
    return (
        session.scalar(select(Result.work_id).where(Result.placement_id == placement_id).limit(1)) is not None
    )


def _failed(session: Session, running: Running) -> bool:
    """Whether staff were told, since it last went back, that scores could not be worked out."""
    told = select(Edge.id).where(
        Edge.placement_id == running.placement.id,
        Edge.edge == SCORING_FAILED,
        Edge.epoch == running.activity.epoch,
    )
    return session.scalar(told.limit(1)) is not None


def _extended(session: Session, running: Running, course_id: int) -> tuple[datetime | None, datetime | None]:
    """The latest dates that people of their own have, as long as they take part."""
    row = session.execute(
        select(func.max(Extension.submit_due_at), func.max(Extension.review_due_at))
        .join(User, User.id == Extension.user_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Extension.placement_id == running.placement.id, taking_part(course_id))
    ).one()
    return row[0], row[1]
