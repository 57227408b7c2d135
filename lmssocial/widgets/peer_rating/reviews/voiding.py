"""Taking a careless or abusive review out of the count, and putting it in again. Nothing here commits."""

from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import locked, look_again, running
from lmssocial.widgets.peer_rating.allocating import counting
from lmssocial.widgets.peer_rating.events import ReviewVoided
from lmssocial.widgets.peer_rating.models import ReviewState
from lmssocial.widgets.peer_rating.reviews.access import review_at


def void(
    session: Session, actor: Actor, placement_id: int, review_id: int, reason: str, *, back: bool = False
) -> None:
    """Take a review out of the count, or (``back``) put it in again. Its words and levels stay as they are.

    :param reason: its reviewer reads it.
    :raises NotAllowed: if the actor is not staff.
    :raises NotFound: if there is no such review.
    :raises Invalid: if no reason is given.
    :raises Conflict: if it is not finished.
    """
    access.require_runs(actor)
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    review, work, _rubric = review_at(session, actor, placement_id, review_id, fresh=True)
    before, after = (
        (ReviewState.VOIDED, ReviewState.SUBMITTED) if back else (ReviewState.SUBMITTED, ReviewState.VOIDED)
    )
    if review.state is after:
        return
    if not back and not reason.strip():
        raise Invalid(_("Say why: whoever wrote this review reads it."))
    if review.state is not before:
        raise Conflict(
            _("This review is not finished, so it counts for nothing yet."), reason=f"it is {review.state}"
        )
    counting.settle(
        session, work, review, after, note="" if back else reason.strip(), ended_by_id=actor.user_id
    )
    look_again(here.activity)
    activity.record(
        session,
        ReviewVoided(
            **actor.envelope,
            placement_id=placement_id,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=review.reviewer_id,
            back=back,
        ),
    )
