"""Who may do what in an activity. Each rule once as a question and, where it chooses rows, once as a WHERE clause.

Staff set up, look after and release; everybody who moderates may review as staff. Learners hand in and review. A work
is seen by its authors, by those who review it, and by staff and moderators; who reads which words beside that is said
in :mod:`.moderating.reading`.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.peer_rating.models import (
    Author,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState

HOLDS = (ReviewState.OFFERED, ReviewState.STARTED, ReviewState.SUBMITTED, ReviewState.VOIDED)
"""The states in which a reviewer reads the work."""
COMPARES = (ComparisonState.OFFERED, ComparisonState.SUBMITTED)
"""The states of comparisons in which their judge reads both works."""
FINISHED = (ReviewState.SUBMITTED, ReviewState.VOIDED)
"""The states of reviews that others may read."""


def runs(actor: Actor) -> bool:
    """Whether they set the activity up and look after it."""
    return actor.is_staff


def sees_names(actor: Actor) -> bool:
    """Whether names are never hidden from them: staff, and stewards and SMEs who are not among the peers themselves."""
    return runs(actor) or (actor.moderates and not takes_part(actor))


def takes_part(actor: Actor) -> bool:
    """Whether they hand in and review."""
    return actor.lead_role is LmsRole.LEARNER and not actor.is_test


def taking_part(course_id: int) -> ColumnElement[bool]:
    """Those whom :func:`takes_part` means, and who are still in the course: a WHERE clause on Membership and User."""
    return and_(
        Membership.course_id == course_id,
        Membership.lead_role == LmsRole.LEARNER,
        Membership.active.is_(True),
        User.is_test.is_(False),
        User.is_former.is_(False),
    )


def require_takes_part(actor: Actor) -> None:
    """Go on only for those who hand in here.

    :raises NotAllowed: for everybody else.
    """
    if not takes_part(actor):
        raise NotAllowed(
            _(
                "Only learners hand in work here. Instructors see the task as learners do, and hand nothing in."
            )
        )


def require_compares(actor: Actor) -> None:
    """Go on only for those who compare works here: whoever reviews, too.

    :raises NotAllowed: for everybody else.
    """
    if not takes_part(actor):
        raise NotAllowed(_("There is nothing to compare for you here."))


def require_runs(actor: Actor) -> None:
    """Go on only for staff.

    :raises NotAllowed: for everybody else.
    """
    if not runs(actor):
        raise NotAllowed(_("Only instructors of this course can do this."))


def require_moderates(actor: Actor) -> None:
    """Go on only for staff, stewards and SMEs.

    :raises NotAllowed: for everybody else.
    """
    if not actor.moderates:
        raise NotAllowed(_("Only instructors, stewards and SMEs of this course can do this."))


def sees_work(
    actor: Actor, work: Work, authors: Collection[int], review: Review | None, *, compares: bool = False
) -> bool:
    """Whether they see a work at all.

    :param authors: the ids of those who handed it in.
    :param review: the actor's own review of it, if there is one.
    :param compares: whether they hold, or have made, a comparison with it.
    """
    if (work.tenant_id, work.community_id) != (actor.tenant_id, actor.community_id):
        return False
    holds = review is not None and review.reviewer_id == actor.user_id and review.state in HOLDS
    shown = holds or compares
    return actor.moderates or actor.user_id in authors or (shown and work.state is WorkState.SUBMITTED)


def works_seen_by(actor: Actor) -> ColumnElement[bool]:
    """:func:`sees_work` as a WHERE clause."""
    here = and_(Work.tenant_id == actor.tenant_id, Work.community_id == actor.community_id)
    if actor.moderates:
        return here
    own = select(Author.work_id).where(Author.user_id == actor.user_id)
    held = select(Review.work_id).where(Review.reviewer_id == actor.user_id, Review.state.in_(HOLDS))
    pairs = (Comparison.judge_id == actor.user_id, Comparison.state.in_(COMPARES))
    low, high = select(Comparison.low_id).where(*pairs), select(Comparison.high_id).where(*pairs)
    shown = or_(Work.id.in_(held), Work.id.in_(low), Work.id.in_(high))
    return and_(here, or_(Work.id.in_(own), and_(Work.state == WorkState.SUBMITTED, shown)))


def counts(review: Review) -> bool:
    """Whether what a review gives is part of the score that peers give."""
    return review.state is ReviewState.SUBMITTED and review.source not in {Source.STAFF, Source.SELF}


def counted() -> ColumnElement[bool]:
    """:func:`counts` as a WHERE clause."""
    return and_(Review.state == ReviewState.SUBMITTED, Review.source.not_in([Source.STAFF, Source.SELF]))
