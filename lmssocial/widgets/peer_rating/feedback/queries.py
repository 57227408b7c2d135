"""What an author reads about their work. A constant number of statements, however many reviews there are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.rubrics.criteria import Criterion, total
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import counts
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.feedback import appeal_queries, rules, said, spread
from lmssocial.widgets.peer_rating.feedback.views import (
    CriterionRead,
    Feedback,
    Overridden,
    OwnWorkRead,
    ReviewRead,
    ScoreRead,
)
from lmssocial.widgets.peer_rating.models import Author, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.scoring.inputs import bounds, rubric_of
from lmssocial.widgets.peer_rating.scoring_models import Override, Rated, Result

NOBODY = Feedback(work=None)
"""For who handed in nothing."""


def feedback(session: Session, actor: Actor, running: Running) -> Feedback:
    """What the actor reads about the work they handed in last, as far as the phase lets them."""
    work = own_work(session, actor, running.placement.id)
    if work is None:
        return NOBODY
    if not rules.reads_reviews(running.phase):
        return Feedback(work=_read(work))
    rubric = rubric_of(session, running)
    rows = _reviews(session, work)
    readable = [row for row in rows if row[1].state is State.PUBLISHED]
    own = next((review for review, *_rest in rows if _is_own(review, actor)), None)
    others = [row for row in readable if row[0].source is not Source.SELF]
    return Feedback(
        work=_read(work),
        rubric=rubric,
        criteria=_criteria(rubric, [review for review, *_rest in others], own),
        reviews=_as_read(session, actor, running, rubric, others),
        waiting=sum(
            words.state is State.HELD and review.source is not Source.SELF for review, words, _user in rows
        ),
        score=_score(session, running, work, [review for review, *_rest in others]),
        appeal=appeal_queries.own_appeal(session, actor, running.placement.id, rubric),
    )


def own_work(session: Session, actor: Actor, placement_id: int) -> Work | None:
    """What the actor handed in last. One query."""
    return session.scalar(
        select(Work)
        .join(Author, Author.work_id == Work.id)
        .where(
            Work.placement_id == placement_id,
            Work.community_id == actor.community_id,
            Author.user_id == actor.user_id,
        )
        .order_by(Author.round.desc())
        .limit(1)
    )


def _read(work: Work) -> OwnWorkRead:
    return OwnWorkRead(
        id=work.id,
        alias=work.alias,
        state=work.state,
        note=work.note,
        is_late=work.is_late,
        submitted_at=work.submitted_at,
    )


_Row = tuple[Review, Contribution, User]


def _reviews(session: Session, work: Work) -> list[_Row]:
    """The finished reviews of a work with their words, in no order of time: those of staff first. One query."""
    rows = session.execute(
        select(Review, Contribution, User)
        .join(Contribution, Contribution.id == Review.contribution_id)
        .join(User, User.id == Review.reviewer_id)
        .where(Review.work_id == work.id, Review.state == ReviewState.SUBMITTED)
        .order_by(Review.alias)
    )
    found = [(review, words, user) for review, words, user in rows]
    return sorted(found, key=lambda row: row[0].source is not Source.STAFF)


def _is_own(review: Review, actor: Actor) -> bool:
    return review.source is Source.SELF and review.reviewer_id == actor.user_id


def _as_read(
    session: Session, actor: Actor, running: Running, rubric: Sequence[Criterion], rows: Sequence[_Row]
) -> tuple[ReviewRead, ...]:
    heard = said.of_reviews(session, actor, [review.id for review, *_rest in rows])
    named = gates.shows_reviewers(running.settings, running.phase)
    return tuple(
        ReviewRead(
            id=review.id,
            contribution_id=words.id,
            alias=review.alias,
            name=user.name if named else "",
            role=words.author_role if review.source is Source.STAFF else "",
            is_staff=review.source is Source.STAFF,
            levels=levels_of(rubric, review),
            html=words.html,
            at=words.published_at or words.created_at,
            is_flaggable=review.reviewer_id != actor.user_id,
            rating=heard.ratings.get(review.id),
            replies=heard.replies.get(review.id, ()),
        )
        for review, words, user in rows
    )


def _level(criterion: Criterion, review: Review, index: int) -> tuple[str, float] | None:
    chosen = review.answers.get("levels", {}).get(str(index))
    if not isinstance(chosen, int) or not 0 <= chosen < len(criterion.levels):
        return None
    return criterion.levels[chosen]


def levels_of(rubric: Sequence[Criterion], review: Review) -> tuple[str, ...]:
    """What a review says each criterion reached, in the order of the rubric; empty where it says nothing."""
    found = (_level(criterion, review, index) for index, criterion in enumerate(rubric))
    return tuple(level[0] if level else "" for level in found)


def _criteria(
    rubric: Sequence[Criterion], reviews: Sequence[Review], own: Review | None
) -> tuple[CriterionRead, ...]:
    """What reviews say by each criterion: first that of which the least was reached, where most is to be won."""
    lines: list[tuple[float, CriterionRead]] = []
    for index, criterion in enumerate(rubric):
        found = [level for review in reviews if (level := _level(criterion, review, index))]
        if not found:
            continue
        numbers = {text: sum(level[0] == text for level in found) for text, _points in criterion.levels}
        own_level = _level(criterion, own, index) if own else None
        line = CriterionRead(
            title=criterion.title,
            reached=tuple((text, number) for text, number in numbers.items() if number),
            own=own_level[0] if own_level else "",
        )
        share = sum(points for _text, points in found) / (len(found) * criterion.most or 1)
        lines.append((share, line))
    return tuple(line for _share, line in sorted(lines, key=lambda one: one[0]))


def _score(session: Session, running: Running, work: Work, reviews: Sequence[Review]) -> ScoreRead | None:
    """The score, once it is released: with what it rests on, and who changed it. Two queries."""
    if not rules.sees_score(running.phase):
        return None
    result = session.get(Result, work.id)
    if result is None or result.released_at is None:
        return None
    override, name = override_of(session, work.id, at=result.released_at)
    most = bounds(session, running)[1]
    given = [review.points for review in reviews if counts(review) and review.points is not None]
    base = override.points if override else result.points
    late = 0.0
    if work.is_late and base is not None and result.released_points is not None:
        late = max(total([base, -result.released_points]), 0.0)
    return ScoreRead(
        points=result.released_points,
        most=most,
        mean=result.mean,
        count=result.count,
        lowest=result.lowest,
        highest=result.highest,
        overridden=overridden(override, name),
        late=late,
        staff_points=result.staff_points,
        spread=spread.draw(given, most, result.released_points),
        worth=running.settings.points,
    )


def override_of(session: Session, work_id: int, *, at: datetime | None = None) -> tuple[Override | None, str]:
    """The points that an instructor gave a work, if they stand, and the name of who gave them. One query.

    :param at: those that stood then: authors hear of others with the next release.
    """
    stood: ColumnElement[bool] = Override.withdrawn_at.is_(None)
    if at is not None:
        stood = and_(Override.made_at <= at, or_(stood, Override.withdrawn_at > at))
    row = session.execute(
        select(Override, User.name)
        .join(User, User.id == Override.made_by_id)
        .where(Override.work_id == work_id, stood)
        .order_by(Override.id.desc())
        .limit(1)
    ).first()
    return (None, "") if row is None else (row[0], row[1])


def overridden(override: Override | None, name: str) -> Overridden | None:
    """Points by an instructor, as a value."""
    if override is None:
        return None
    return Overridden(points=override.points, reason=override.reason, name=name, at=override.made_at)


def own_replies(session: Session, actor: Actor, found: Feedback) -> dict[int, str]:
    """What the actor answered, as they wrote it, by the ids of the reviews. One query at most."""
    if not any(review.own_reply for review in found.reviews):
        return {}
    rows = session.execute(
        select(Rated.review_id, Contribution.source)
        .join(Contribution, Contribution.id == Rated.reply_id)
        .where(
            Rated.author_id == actor.user_id,
            Rated.review_id.in_([review.id for review in found.reviews]),
            Contribution.state != State.REMOVED,
        )
    )
    return {row.review_id: row.source for row in rows}
