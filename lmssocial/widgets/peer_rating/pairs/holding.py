"""A comparison of somebody's, and whether something can still be written in it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import Running, extension_of
from lmssocial.widgets.peer_rating.models import Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState


def own_pair(session: Session, actor: Actor, placement_id: int, comparison_id: int) -> Comparison:
    """A comparison of the actor's.

    :raises NotFound: if there is no such one.
    """
    found = session.scalar(
        select(Comparison).where(
            Comparison.id == comparison_id,
            Comparison.placement_id == placement_id,
            Comparison.judge_id == actor.user_id,
            Comparison.community_id == actor.community_id,
        )
    )
    if found is None:
        reason = f"user {actor.user_id} has no comparison {comparison_id} at placement {placement_id}"
        raise NotFound(_("There is no comparison of yours at this address."), reason=reason)
    return found


def why_closed(session: Session, actor: Actor, here: Running, comparison: Comparison) -> str:
    """Why nothing can be sent any more; empty while it can."""
    if comparison.state in {ComparisonState.SKIPPED, ComparisonState.VOIDED}:
        return _("You passed this pair on.")
    states = session.scalars(
        select(Work.state).where(Work.id.in_([comparison.low_id, comparison.high_id]))
    ).all()
    if any(state is not WorkState.SUBMITTED for state in states):
        return _("One of the two works is not there any more, so this comparison is not needed.")
    extension = extension_of(session, here.placement.id, actor.user_id)
    if not gates.may_review(here.settings, here.phase, extension, clock.now()):
        return _("The time for comparing is over.")
    return ""


def require_open(session: Session, actor: Actor, here: Running, comparison: Comparison) -> None:
    """Go on only while something can be sent.

    :raises Gone: with the sentence that says why not.
    """
    if why := why_closed(session, actor, here, comparison):
        raise Gone(why, reason=f"comparison {comparison.id} is {comparison.state}")
