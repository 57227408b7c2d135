"""Reviews that nobody gives out: those of staff, and of authors about their own work. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, extension_of, locked, running
from lmssocial.widgets.peer_rating.allocating import counting
from lmssocial.widgets.peer_rating.allocating.freezing import rubric_for
from lmssocial.widgets.peer_rating.models import OPEN, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.reviews.access import authors_of
from lmssocial.widgets.peer_rating.reviews.stages import is_time, stands
from lmssocial.widgets.peer_rating.settings import Mode

GONE_ON_WITH = frozenset({*OPEN, ReviewState.SUBMITTED, ReviewState.VOIDED})
"""A review of theirs in one of these states is the one they mean."""


def staff_review(session: Session, actor: Actor, placement_id: int, work_id: int) -> Review:
    """Begin, or go on with, the review by which staff show how they read the rubric; scores are held against it.

    :raises NotFound: if there is no such work.
    :raises NotAllowed: if they do not moderate, handed it in themselves, or it is too early or too late.
    """
    running(session, actor, placement_id)
    access.require_moderates(actor)
    here = locked(session, placement_id)
    work = _work(session, actor, placement_id, work_id)
    if actor.user_id in authors_of(session, work.id):
        raise NotAllowed(_("This is your own work: somebody else reviews it."))
    return _mine(session, actor, here, work, Source.STAFF)


def self_review(session: Session, actor: Actor, placement_id: int, work_id: int) -> Review:
    """The review of an author about their own work; it counts for nothing.

    :raises NotFound: if there is no such work of theirs.
    :raises NotAllowed: if that is not asked here, or it is too early or too late.
    """
    if not running(session, actor, placement_id).settings.self_assessment:
        raise NotAllowed(_("Looking at your own work by the criteria is not part of this activity."))
    here = locked(session, placement_id)
    work = _work(session, actor, placement_id, work_id)
    if actor.user_id not in authors_of(session, work.id):
        raise NotFound(
            _("There is no work of yours at this address."), reason=f"{actor.user_id} did not write {work_id}"
        )
    return _mine(session, actor, here, work, Source.SELF)


def _work(session: Session, actor: Actor, placement_id: int, work_id: int) -> Work:
    found = session.scalar(
        select(Work).where(
            Work.id == work_id,
            Work.placement_id == placement_id,
            Work.tenant_id == actor.tenant_id,
            Work.community_id == actor.community_id,
        )
    )
    if found is None:
        raise NotFound(_("There is no work at this address."), reason=f"no work {work_id} at {placement_id}")
    return found


def _mine(session: Session, actor: Actor, here: Running, work: Work, source: Source) -> Review:
    before = session.scalar(
        select(Review).where(Review.work_id == work.id, Review.reviewer_id == actor.user_id)
    )
    if before is not None and before.state in GONE_ON_WITH:
        return before
    if here.settings.mode is not Mode.RUBRIC:
        raise NotAllowed(_("Here works are compared with each other, so none is reviewed by itself."))
    extension = extension_of(session, here.placement.id, actor.user_id)
    if not is_time(here, source, extension, clock.now()) or not stands(source, work):
        raise NotAllowed(_("This work cannot be reviewed at the moment."))
    rubric = rubric_for(session, here)
    begun = counting.begin(session, work, actor.user_id, source, rubric_id=rubric.id)
    session.flush()
    return begun
