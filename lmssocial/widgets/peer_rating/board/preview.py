"""What a release would show, before anybody presses the button. As many statements for ten works as for thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.releasing.service import RELEASES_IN
from lmssocial.widgets.peer_rating.scoring.inputs import bounds
from lmssocial.widgets.peer_rating.scoring.queries import ReleaseLine, releases_of
from lmssocial.widgets.peer_rating.scoring.spreads import Spread, spread
from lmssocial.widgets.peer_rating.scoring_models import Override, Result, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Identity, Reveal


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What pressing the button does."""

    spread: Spread
    most: float
    """The most points there are."""
    worked_out_at: datetime | None
    is_stale: bool
    overridden: int
    reviewers: int
    """People who get points for reviewing."""
    releases: Sequence[ReleaseLine]
    """Those there were, the last first."""
    can_release: bool
    reveals_names: bool

    @property
    def is_again(self) -> bool:
        """Whether scores were released before, so that a reason is needed."""
        return bool(self.releases)


def preview(session: Session, running: Running) -> Preview:
    """How scores stand. The caller has asked who may know."""
    placement_id = running.placement.id
    overridden = select(func.count()).where(
        Override.placement_id == placement_id, Override.withdrawn_at.is_(None)
    )
    reviewers = select(func.count()).where(
        ReviewerResult.placement_id == placement_id, ReviewerResult.points.is_not(None)
    )
    computed = select(func.max(Result.computed_at)).where(Result.placement_id == placement_id)
    row = session.execute(
        select(
            overridden.scalar_subquery().label("overridden"),
            reviewers.scalar_subquery().label("reviewers"),
            computed.scalar_subquery().label("computed"),
        )
    ).one()
    settings = running.settings
    return Preview(
        spread=spread(session, running),
        most=bounds(session, running)[1],
        worked_out_at=row.computed,
        is_stale=running.activity.scores_stale,
        overridden=row.overridden,
        reviewers=row.reviewers,
        releases=releases_of(session, placement_id),
        can_release=running.phase in RELEASES_IN,
        reveals_names=settings.identity is not Identity.NAMED and settings.reveal is Reveal.RELEASED,
    )
