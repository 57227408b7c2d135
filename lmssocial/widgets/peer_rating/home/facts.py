"""What a learner has done in an activity so far, and what others have done for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.unsent import draft_for
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, extension_of
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    OPEN,
    Author,
    Extension,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal, Rated, Result
from lmssocial.widgets.peer_rating.settings import Mode
from lmssocial.widgets.peer_rating.works.drafts import target_of

GIVEN_BY_LEARNERS = (Source.PULL, Source.BATCH, Source.MANUAL)
"""Where the reviews come from that are asked of learners."""


@dataclass(frozen=True, kw_only=True)
class OwnWork:
    """What somebody handed in last, alone or with their team."""

    id: int
    alias: int
    state: WorkState
    note: str
    """Why staff took it out."""
    is_late: bool
    submitted_at: datetime
    words_state: State
    """Whether a moderator has to look at it first."""
    words_note: str

    @property
    def is_in(self) -> bool:
        """Whether it is handed in, and nobody took it back."""
        return self.state in HANDED_IN


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the first page says of one learner."""

    extension: Extension | None = None
    work: OwnWork | None = None
    is_drafting: bool = False
    """Whether they have begun to write, and not handed in."""
    examples: int = 0
    tried: int = 0
    done: int = 0
    """Reviews, or comparisons, that they finished."""
    open_id: int | None = None
    """A review, or comparison, that they have begun or were given."""
    open: int = 0
    others: int | None = None
    """Works of others that peers can review; ``None`` if nobody counted."""
    assessed_self: bool = False
    """Whether they have looked at their own work by the rubric."""
    received: int = 0
    """Reviews of their work that they can read, once reviews are read; where works are compared, comparisons."""
    rated: int = 0
    """Of those, how many they have said something about."""
    points: float | None = None
    """What was released to them."""
    appealed: bool = False
    """Whether an appeal of theirs waits."""


def facts_of(session: Session, actor: Actor, running: Running) -> Facts:
    """What the actor has done and got. The same number of statements for everybody."""
    placement_id = running.placement.id
    work = _own_work(session, actor, placement_id)
    reviewing = (_pairs if running.settings.mode is Mode.PAIRS else _reviews)(session, actor, placement_id)
    got = _got(session, actor, running, work.id if work else 0)
    return Facts(
        extension=extension_of(session, placement_id, actor.user_id),
        work=work,
        is_drafting=draft_for(session, actor, target_of(placement_id)) is not None,
        **_tries(session, actor, placement_id),
        **reviewing,
        others=got.others,
        received=got.received,
        rated=got.rated,
        points=got.points,
        appealed=bool(got.appealed),
    )


def _own_work(session: Session, actor: Actor, placement_id: int) -> OwnWork | None:
    found = session.execute(
        select(Work, Contribution.state, Contribution.note)
        .join(Author, Author.work_id == Work.id)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(Author.placement_id == placement_id, Author.user_id == actor.user_id)
        .order_by(Work.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    work: Work = found[0]
    return OwnWork(
        id=work.id,
        alias=work.alias,
        state=work.state,
        note=work.note,
        is_late=work.is_late,
        submitted_at=work.submitted_at,
        words_state=found[1],
        words_note=found[2],
    )


def _tries(session: Session, actor: Actor, placement_id: int) -> dict[str, Any]:
    tried = and_(Try.example_id == Example.id, Try.user_id == actor.user_id)
    row = session.execute(
        select(func.count(Example.id).label("examples"), func.count(Try.user_id).label("tried"))
        .outerjoin(Try, tried)
        .where(Example.placement_id == placement_id, Example.retired_at.is_(None))
    ).one()
    return {"examples": row.examples, "tried": row.tried}


def _reviews(session: Session, actor: Actor, placement_id: int) -> dict[str, Any]:
    by_peers = Review.source.in_(GIVEN_BY_LEARNERS)
    held = and_(by_peers, Review.state.in_(OPEN))
    finished = Review.state.in_(access.FINISHED)
    row = session.execute(
        select(
            func.count().filter(by_peers, finished).label("done"),
            func.count().filter(Review.source == Source.SELF, finished).label("own"),
            func.count().filter(held).label("open"),
            func.min(Review.id).filter(held, Review.state == ReviewState.STARTED).label("started"),
            func.min(Review.id).filter(held).label("offered"),
        ).where(
            Review.placement_id == placement_id,
            Review.reviewer_id == actor.user_id,
        )
    ).one()
    return {
        "done": row.done,
        "open": row.open,
        "open_id": row.started or row.offered,
        "assessed_self": row.own > 0,
    }


def _pairs(session: Session, actor: Actor, placement_id: int) -> dict[str, Any]:
    held = Comparison.state == ComparisonState.OFFERED
    row = session.execute(
        select(
            func.count().filter(Comparison.state == ComparisonState.SUBMITTED).label("done"),
            func.count().filter(held).label("open"),
            func.min(Comparison.id).filter(held).label("offered"),
        ).where(Comparison.placement_id == placement_id, Comparison.judge_id == actor.user_id)
    ).one()
    return {"done": row.done, "open": row.open, "open_id": row.offered}


def _got(session: Session, actor: Actor, running: Running, work_id: int) -> Any:
    """What came of a work: one row, also where there is none."""
    readable = (
        Review.work_id == work_id,
        Review.state == ReviewState.SUBMITTED,
        Review.source != Source.SELF,
        Contribution.state == State.PUBLISHED,
    )
    rated = (
        select(func.count())
        .select_from(Rated)
        .join(Review, Review.id == Rated.review_id)
        .join(Contribution, Contribution.id == Review.contribution_id)
        .where(Rated.author_id == actor.user_id, *readable)
    )
    appeals = select(func.count()).where(
        Appeal.work_id == work_id, Appeal.author_id == actor.user_id, Appeal.state.in_(UNDECIDED)
    )
    points = select(Result.released_points).where(Result.work_id == work_id)
    mine = select(Author.work_id).where(Author.user_id == actor.user_id)
    others = select(func.count()).where(
        Work.placement_id == running.placement.id,
        Work.state == WorkState.SUBMITTED,
        Work.id.not_in(mine),
    )
    return session.execute(
        select(
            _received(running, work_id, readable).label("received"),
            others.scalar_subquery().label("others"),
            rated.scalar_subquery().label("rated"),
            points.scalar_subquery().label("points"),
            appeals.scalar_subquery().label("appealed"),
        )
    ).one()


def _received(running: Running, work_id: int, readable: tuple[ColumnElement[bool], ...]) -> ScalarSelect[int]:
    """How many reviews of a work, or comparisons with it, there are."""
    if running.settings.mode is Mode.PAIRS:
        has_it = or_(Comparison.low_id == work_id, Comparison.high_id == work_id)
        compared = select(func.count()).select_from(Comparison)
        return compared.where(has_it, Comparison.state == ComparisonState.SUBMITTED).scalar_subquery()
    reviews = select(func.count()).select_from(Review)
    reviews = reviews.join(Contribution, Contribution.id == Review.contribution_id)
    return reviews.where(*readable).scalar_subquery()
