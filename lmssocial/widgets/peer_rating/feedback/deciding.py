"""One appeal with all that is needed to decide about it, and what follows from the decision. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Scoring
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.feedback import appeal_queries, appealing, queries
from lmssocial.widgets.peer_rating.feedback.views import AppealRead, Overridden
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.releasing import service as releasing
from lmssocial.widgets.peer_rating.scoring import overriding
from lmssocial.widgets.peer_rating.scoring.inputs import bounds, rubric_of
from lmssocial.widgets.peer_rating.scoring_models import Appeal, Result
from lmssocial.widgets.peer_rating.works.queries import author_names


@dataclass(frozen=True, kw_only=True)
class ReviewSeen:
    """A review, as whoever decides sees it: with names and points."""

    id: int
    reviewer: str
    source: Source
    state: ReviewState
    points: float | None
    levels: tuple[str, ...]
    html: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """An appeal, the work, its reviews and its score."""

    appeal: AppealRead
    authors: tuple[str, ...]
    by: str
    """Who appeals."""
    work_id: int
    alias: int
    title: str
    html: str
    """What was handed in."""
    reviews: tuple[ReviewSeen, ...]
    rubric: tuple[Criterion, ...]
    most: float
    result: Result | None
    overridden: Overridden | None
    people: Sequence[Actor]
    """Who can be asked to look at it; nobody if the reader may not ask."""


def case(session: Session, actor: Actor, here: Running, appeal_id: int) -> Case:
    """An appeal that the actor looks at. A constant number of statements.

    :raises NotFound: if there is none, or it is not theirs to look at.
    """
    made = appeal_queries.appeal_at(session, actor, here.placement.id, appeal_id)
    rubric = rubric_of(session, here)
    work, words = session.execute(
        select(Work, Contribution)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(Work.id == made.work_id)
    ).one()
    names = _names(session, made)
    override, by = queries.override_of(session, work.id)
    hours = session.get_one(Community, made.community_id).answer_hours
    return Case(
        appeal=appeal_queries.as_read(
            made,
            rubric,
            hours,
            assigned_to=names.get(made.assigned_to_id or 0, ""),
            decided_by=names.get(made.decided_by_id or 0, ""),
        ),
        authors=author_names(session, [work.id]).get(work.id, ()),
        by=names.get(made.author_id, ""),
        work_id=work.id,
        alias=work.alias,
        title=words.title,
        html=words.html,
        reviews=_reviews(session, work.id, rubric),
        rubric=rubric,
        most=bounds(session, here)[1],
        result=session.get(Result, work.id),
        overridden=queries.overridden(override, by),
        people=appealing.may_look(session, actor, made.author_id) if access.runs(actor) else (),
    )


def _names(session: Session, made: Appeal) -> dict[int, str]:
    ids = [made.author_id, made.assigned_to_id, made.decided_by_id]
    rows = session.execute(select(User.id, User.name).where(User.id.in_([one for one in ids if one])))
    return {row.id: row.name for row in rows}


def _reviews(session: Session, work_id: int, rubric: Sequence[Criterion]) -> tuple[ReviewSeen, ...]:
    rows = session.execute(
        select(Review, Contribution.html, User.name)
        .join(Contribution, Contribution.id == Review.contribution_id)
        .join(User, User.id == Review.reviewer_id)
        .where(
            Review.work_id == work_id,
            Review.state.in_(access.FINISHED),
            Review.source != Source.SELF,
        )
        .order_by(Review.points.desc(), Review.id)
    )
    return tuple(
        ReviewSeen(
            id=review.id,
            reviewer=name,
            source=review.source,
            state=review.state,
            points=review.points,
            levels=queries.levels_of(rubric, review),
            html=html,
        )
        for review, html, name in rows
    )


def decide(
    session: Session,
    scorings: Mapping[str, Scoring],
    actor: Actor,
    placement_id: int,
    appeal_id: int,
    *,
    reason: str,
    points: float | None,
) -> Appeal:
    """Decide about an appeal. Other points take the place of the score; what peers gave stays.

    They are released at once, unless staff have taken the scores back: then they come with the next release.

    :param points: of the most that the rubric gives; ``None``: the score stays.
    :raises NotFound: if the actor does not look at this appeal.
    :raises Invalid: if there is no reason, or the rubric does not give so many points.
    :raises Conflict: if somebody else was faster.
    """
    made = appealing.decide(session, actor, placement_id, appeal_id, reason=reason, points=points)
    if points is None:
        return made
    overriding.override(session, actor, made.work_id, points, made.decision, appeal_id=made.id)
    if running(session, actor, placement_id).phase is not Phase.RELEASED:
        return made
    # Staff asked an expert to decide, not to look after releases.
    by = actor if access.runs(actor) else None
    releasing.release(session, scorings, by, placement_id, _("An appeal was decided."), others=True)
    result = session.get_one(Result, made.work_id, populate_existing=True)
    made.points_after = result.released_points
    session.flush()
    return made
