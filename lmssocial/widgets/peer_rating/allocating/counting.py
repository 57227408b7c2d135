"""The one place where a review begins and where its state changes: the counters of its work follow with it.

Callers have begun with :func:`lmssocial.widgets.peer_rating.activities.locked`, so they follow each other.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from lmssocial.core.db import JsonObject
from lmssocial.core.kernel import clock
from lmssocial.widgets.peer_rating.access import FINISHED, counts
from lmssocial.widgets.peer_rating.models import OPEN, Activity, Review, ReviewState, Source, Work

NOT_PEERS = frozenset({Source.STAFF, Source.SELF})
"""Sources of reviews that are not among those that a work is waiting for."""
SPARE_ALIASES = 5
"""So many more numbers than reviews are in the pot, so that the last number tells nobody that it was the last."""


def begin(
    session: Session,
    work: Work,
    reviewer_id: int,
    source: Source,
    *,
    leased_until: datetime | None = None,
    chosen: JsonObject | None = None,
    rubric_id: int | None = None,
) -> Review:
    """Offer a work to a reviewer. One that they held before, and lost, goes on where they had left it.

    What they hold, or have finished, stays as it is.

    :param chosen: why this work and this reviewer.
    """
    found = session.execute(select(Review).where(Review.work_id == work.id)).scalars().all()
    now = clock.now()
    again = next((review for review in found if review.reviewer_id == reviewer_id), None)
    if again is not None and again.state in {*OPEN, *FINISHED}:
        return again
    if again is not None:
        written = ReviewState.STARTED if again.started_at else ReviewState.OFFERED
        settle(
            session,
            work,
            again,
            written,
            source=source,
            leased_until=leased_until,
            offered_at=now,
            chosen=chosen or {},
            declined_because="",
            note="",
            ended_by_id=None,
            rubric_id=again.rubric_id or rubric_id,
        )
        return again
    alias = alias_among({review.alias for review in found})
    review = Review(**_offered(work, reviewer_id, alias, source, now))
    review.rubric_id, review.leased_until, review.chosen = rubric_id, leased_until, chosen or {}
    session.add(review)
    _count(session, work, *_weight(review))
    return review


def begin_all(
    session: Session,
    placement_id: int,
    pairings: Sequence[tuple[int, int]],
    source: Source,
    *,
    rubric_id: int,
    chosen: Mapping[int, JsonObject],
) -> list[tuple[int, int, int]]:
    """:func:`begin` for many: reviewers and works. Gives the ids of review, reviewer and work.

    :param chosen: by the id of the work.
    """
    wanted = {work_id for _reviewer, work_id in pairings}
    works = session.scalars(
        select(Work).where(Work.placement_id == placement_id).execution_options(populate_existing=True)
    )
    by_id = {work.id: work for work in works if work.id in wanted}
    taken: dict[int, set[int]] = {work_id: set() for work_id in wanted}
    before: set[tuple[int, int]] = set()
    rows = select(Review.reviewer_id, Review.work_id, Review.alias).where(Review.placement_id == placement_id)
    for reviewer_id, work_id, alias in session.execute(rows):
        before.add((reviewer_id, work_id))
        taken.setdefault(work_id, set()).add(alias)
    now = clock.now()
    new: list[dict[str, Any]] = []
    for reviewer_id, work_id in pairings:
        work, why = by_id[work_id], chosen[work_id]
        if (reviewer_id, work_id) in before:
            begin(session, work, reviewer_id, source, chosen=why, rubric_id=rubric_id)
            continue
        alias = alias_among(taken[work_id])
        taken[work_id].add(alias)
        new.append(_offered(work, reviewer_id, alias, source, now) | {"rubric_id": rubric_id, "chosen": why})
        work.live += 1
    session.flush()
    if new:
        session.execute(insert(Review), new)
    ids = select(Review.reviewer_id, Review.work_id, Review.id).where(
        Review.placement_id == placement_id, Review.state.in_(OPEN)
    )
    found = {(row[0], row[1]): row[2] for row in session.execute(ids)}
    return [(found[pairing], *pairing) for pairing in pairings]


def settle(session: Session, work: Work, review: Review, state: ReviewState, **columns: Any) -> None:
    """Let a review be in another state from now on, and count it as that; flushed.

    :param columns: what else of the review changes with it.
    """
    completed, live = _weight(review)
    mattered = _matters(review)
    for name, value in columns.items():
        setattr(review, name, value)
    review.state = state
    now_completed, now_live = _weight(review)
    _count(session, work, now_completed - completed, now_live - live)
    if mattered or _matters(review):
        session.get_one(Activity, review.placement_id).scores_stale = True
    session.flush()


def _offered(work: Work, reviewer_id: int, alias: int, source: Source, now: datetime) -> dict[str, Any]:
    return {
        "tenant_id": work.tenant_id,
        "community_id": work.community_id,
        "placement_id": work.placement_id,
        "work_id": work.id,
        "reviewer_id": reviewer_id,
        "alias": alias,
        "source": source,
        "state": ReviewState.OFFERED,
        "offered_at": now,
    }


def alias_among(taken: set[int]) -> int:
    """A number for one more review of a work, unlike those that are taken, and in no order of time."""
    free = [number for number in range(1, len(taken) + SPARE_ALIASES + 1) if number not in taken]
    return secrets.choice(free)


def _weight(review: Review) -> tuple[int, int]:
    """What a review adds to the finished ones of its work, and to those under way."""
    if review.source in NOT_PEERS:
        return 0, 0
    return int(counts(review)), int(review.state in OPEN)


def _matters(review: Review) -> bool:
    """Whether scores rest on it: those of peers, and the anchors of staff."""
    return review.state is ReviewState.SUBMITTED and review.source is not Source.SELF


def _count(session: Session, work: Work, completed: int, live: int) -> None:
    """Count in the database, whatever this session believes the counters to be."""
    session.flush()
    if not completed and not live:
        return
    counted = session.execute(
        update(Work)
        .where(Work.id == work.id)
        .values(completed=Work.completed + completed, live=Work.live + live)
        .returning(Work.completed, Work.live)
        .execution_options(synchronize_session=False)
    ).one()
    set_committed_value(work, "completed", counted.completed)
    set_committed_value(work, "live", counted.live)
