"""Keeping what is written of a comparison, and passing it on. Nothing here commits."""

from datetime import timedelta

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs.drafts import Saved
from lmssocial.widgets.peer_rating.pairs.holding import own_pair, require_open


def save(session: Session, actor: Actor, placement_id: int, comparison_id: int, saved: Saved) -> bool:
    """Keep what is written so far, and the pair for its judge; ``False`` if a newer save is there already.

    :raises NotFound: if it is not theirs.
    :raises Gone: if nothing can be written there any more.
    """
    own_pair(session, actor, placement_id, comparison_id)
    here = locked(session, placement_id)
    comparison = session.get_one(Comparison, comparison_id, populate_existing=True)
    if comparison.state is ComparisonState.SUBMITTED:
        return False
    require_open(session, actor, here, comparison)
    if saved.sequence <= Saved.read(comparison.answers).sequence:
        return False
    comparison.answers = saved.as_json()
    comparison.state = ComparisonState.OFFERED
    comparison.leased_until = clock.now() + timedelta(hours=here.settings.lease_hours)
    return True


def skip(session: Session, actor: Actor, placement_id: int, comparison_id: int) -> bool:
    """Pass a pair on, because they cannot say. Says whether it was theirs to pass on.

    :raises NotFound: if it is not theirs.
    """
    own_pair(session, actor, placement_id, comparison_id)
    locked(session, placement_id)
    comparison = session.get_one(Comparison, comparison_id, populate_existing=True)
    if comparison.state not in {ComparisonState.OFFERED, ComparisonState.EXPIRED}:
        return False
    comparison.state, comparison.leased_until = ComparisonState.SKIPPED, None
    return True
