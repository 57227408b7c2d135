"""Who may moderate, as questions and as a SQL filter."""

from sqlalchemy import ColumnElement, false

from lmssocial.core.hooks import Submission
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.models import Case


def can_moderate(actor: Actor) -> bool:
    """Staff of the community decide about what is held in it."""
    return actor.moderates


def require_moderator(actor: Actor) -> None:
    """Go on only for a moderator.

    :raises NotAllowed: for everybody else.
    """
    if not can_moderate(actor):
        raise NotAllowed(_("Only instructors of this course decide about held posts."))


def require_author(actor: Actor, submission: Submission) -> None:
    """Go on only if the submission is the actor's own.

    :raises NotAllowed: if somebody hands in for somebody else.
    """
    if submission.author_id != actor.user_id or submission.community_id != actor.community_id:
        raise NotAllowed(reason="a submission is handed in by its author, in its community")


def cases_of(actor: Actor) -> ColumnElement[bool]:
    """The cases ``actor`` may decide, as a WHERE clause."""
    if not can_moderate(actor):
        return false()
    return (Case.community_id == actor.community_id) & (Case.tenant_id == actor.tenant_id)
