"""Who may do what about grades.

Staff grade: instructors and administrators. A teaching assistant is not one of them unless the LMS says Instructor; who
moderates is not either. Learners choose among their own posts and see their own grade once it was returned; nobody
sees anybody else's, and nobody is told how many posts anybody wrote.
"""

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.access import require_place
from lmssocial.widgets.discussion.models import Audience, Grade, Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings


def may_grade(actor: Actor) -> bool:
    """Whether the actor grades, and sets how."""
    return actor.is_staff


def is_graded(actor: Actor) -> bool:
    """Whether the actor is somebody who chooses posts and is graded by them."""
    return actor.lead_role is LmsRole.LEARNER


def learns_here(actor: Actor) -> ColumnElement[bool]:
    """Those of the actor's course whom :func:`is_graded` means, and who are still in it: a WHERE clause."""
    return and_(
        Membership.course_id == actor.course_id,
        Membership.lead_role == LmsRole.LEARNER,
        Membership.active.is_(True),
    )


def is_listed(actor: Actor) -> ColumnElement[bool]:
    """Learners, and whoever has a grade already, whatever they are today; a WHERE clause beside grades."""
    return and_(
        Membership.course_id == actor.course_id,
        or_(learns_here(actor), Grade.user_id.is_not(None)),
    )


def can_be_chosen(user_id: int, placement_id: int) -> ColumnElement[bool]:
    """A learner's own published posts that others read, too; a WHERE clause over threads and contributions."""
    return and_(
        Thread.placement_id == placement_id,
        Thread.state == State.PUBLISHED,
        Thread.audience != Audience.PRIVATE,
        Contribution.author_id == user_id,
        Contribution.state == State.PUBLISHED,
    )


def require_grader(session: Session, actor: Actor, placement_id: int) -> Placement:
    """The discussion that the actor grades.

    :raises NotFound: if their community has none there.
    :raises NotAllowed: if they are not staff.
    """
    placement = require_place(session, actor, placement_id)
    if not may_grade(actor):
        raise NotAllowed(_("Only instructors of this course grade."))
    return placement


def require_learner(session: Session, actor: Actor, placement_id: int) -> Placement:
    """The discussion in which the actor is graded.

    :raises NotFound: if their community has none there, or nothing in it is graded.
    :raises NotAllowed: if they are no learner.
    """
    placement = require_place(session, actor, placement_id)
    if not is_graded(actor):
        raise NotAllowed(_("Learners choose their best posts. You are not here as a learner."))
    if not DiscussionSettings.read(placement.settings).choose:
        raise NotFound(_("This discussion is not graded."), reason=f"placement {placement_id} is not graded")
    return placement
