"""Scores of peer rating, made directly: what scoring and releasing would have left behind. Flushed, not committed."""

from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Work
from lmssocial.widgets.peer_rating.scoring_models import Release, Result, ReviewerResult
from tests.support.people import Place


def make_release(session: Session, place: Place, number: int = 1) -> Release:
    """A release of whatever results say, as the first one made it."""
    now = clock.now()
    release = Release(
        tenant_id=place.tenant.id,
        placement_id=place.placement.id,
        number=number,
        made_at=now,
        scoring="fair",
        scoring_version="1",
        method="mean",
        input_hash="0" * 64,
        inputs={},
        results={},
    )
    session.add(release)
    activity = locked(session, place.placement.id).activity
    activity.released_at = activity.released_at or now
    session.flush()
    return release


def make_result(session: Session, work: Work, points: float | None, **columns: Any) -> Result:
    """What a work got, worked out and released; from four reviews between one point less and one more."""
    now = clock.now()
    around: dict[str, Any] = {"mean": points, "count": 4, "lowest": None, "highest": None}
    if points is not None:
        around |= {"lowest": points - 1, "highest": points + 1}
    values = around | {"released_points": points, "released_at": now, "method": "mean", **columns}
    result = session.merge(
        Result(work_id=work.id, placement_id=work.placement_id, points=points, computed_at=now, **values)
    )
    session.flush()
    return result


def make_reviewer_result(session: Session, place: Place, who: Actor, share: float) -> ReviewerResult:
    """What became known of somebody who did ``share`` of the four reviews that were asked of them."""
    row = ReviewerResult(
        placement_id=place.placement.id,
        user_id=who.user_id,
        completed=round(share * 4),
        owed=4,
        points=share,
        released_points=share,
        computed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
