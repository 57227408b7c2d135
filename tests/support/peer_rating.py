"""Rows of peer rating, made directly: what services would have left behind. Flushed, not committed."""

import itertools
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.writing import add
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import (
    Activity,
    Author,
    Phase,
    Review,
    ReviewState,
    Rubric,
    Source,
    Work,
)
from lmssocial.widgets.peer_rating.settings import PeerSettings
from tests.support.people import Place

_numbers = itertools.count(1)

RUBRIC = (
    Criterion(title="Argument", levels=(("Convincing", 4.0), ("Mostly", 2.0), ("Not there", 0.0))),
    Criterion(title="Evidence", levels=(("Rich", 6.0), ("Some", 3.0), ("None", 0.0))),
)
"""Gives at most ten points."""


def set_up(session: Session, place: Place, phase: Phase = Phase.SUBMIT, **settings: Any) -> Activity:
    """An activity in ``phase``, set as :class:`PeerSettings` says, by :data:`RUBRIC` unless told otherwise."""
    wanted = PeerSettings(**{"task": "Write a **page**.", "rubric": RUBRIC, **settings})
    place.placement.settings = wanted.as_json()
    activity = locked(session, place.placement.id).activity
    activity.phase, activity.phase_since = phase, clock.now()
    session.flush()
    return activity


def make_work(
    session: Session, place: Place, *authors: Actor, source: str = "My work.", **columns: Any
) -> Work:
    """Work that was handed in by ``authors``, the first of whom sent it."""
    text = Writing(source=source)
    words = add(
        session,
        authors[0],
        "peer_rating.work",
        text,
        render(source),
        placement_id=place.placement.id,
    )
    work = Work(
        **{
            "tenant_id": place.tenant.id,
            "community_id": place.community.id,
            "placement_id": place.placement.id,
            "contribution_id": words.id,
            "alias": 100 + next(_numbers),
            "submitted_at": clock.now(),
            "completed": 0,
            "live": 0,
            **columns,
        }
    )
    session.add(work)
    session.flush()
    session.add_all(
        Author(work_id=work.id, user_id=author.user_id, placement_id=work.placement_id, round=work.round or 1)
        for author in authors
    )
    session.flush()
    return work


def freeze_rubric(session: Session, place: Place, rubric: tuple[Criterion, ...] = RUBRIC) -> Rubric:
    """The rubric that reviews of the activity are made by."""
    activity = locked(session, place.placement.id).activity
    if activity.rubric_id is not None:
        return session.get_one(Rubric, activity.rubric_id)
    row = Rubric(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        digest=f"{next(_numbers):064d}",
        criteria={"criteria": criteria.as_json(rubric)},
        most=criteria.total(line.most for line in rubric),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    activity.rubric_id = row.id
    return row


def make_review(
    session: Session,
    place: Place,
    work: Work,
    reviewer: Actor,
    *,
    levels: tuple[int, ...] | None = (0, 1),
    overall: str = "Clear, and worth reading twice.",
    state: ReviewState = ReviewState.SUBMITTED,
    source: Source = Source.PULL,
    at: datetime | None = None,
) -> Review:
    """A review of ``work``; submitted ones have words and points, and the work's counters follow."""
    rubric = freeze_rubric(session, place)
    lines = criteria.from_json(rubric.criteria["criteria"])
    moment = at or clock.now()
    done = state in {ReviewState.SUBMITTED, ReviewState.VOIDED}
    words = None
    if done:
        words = add(
            session,
            reviewer,
            "peer_rating.review",
            Writing(source=overall),
            render(overall),
            placement_id=place.placement.id,
        )
    chosen = dict(enumerate(levels or ()))
    points = criteria.total(line.levels[chosen[i]][1] for i, line in enumerate(lines)) if done else None
    review = Review(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        work_id=work.id,
        reviewer_id=reviewer.user_id,
        alias=next(_numbers),
        source=source,
        state=state,
        rubric_id=rubric.id,
        answers={
            "levels": {str(i): level for i, level in chosen.items()},
            "comments": {},
            "overall": overall,
        },
        points=points,
        contribution_id=words.id if words else None,
        offered_at=moment,
        submitted_at=moment if done else None,
    )
    session.add(review)
    if source not in {Source.STAFF, Source.SELF}:
        work.completed += state is ReviewState.SUBMITTED
        work.live += state in {ReviewState.OFFERED, ReviewState.STARTED}
    session.flush()
    return review
