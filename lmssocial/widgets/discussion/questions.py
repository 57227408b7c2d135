"""What solved a question: said by whoever asked it, and by nobody else. That an answer is right is another matter."""

from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access, numbering, publishing
from lmssocial.widgets.discussion.events import QuestionSolved, QuestionUnsolved
from lmssocial.widgets.discussion.models import Post, Thread, ThreadKind


def may_solve(actor: Actor, thread: Thread, post: Post, contribution: Contribution) -> bool:
    """The asker, by any published answer; also by their own, when they found out themselves."""
    return (
        thread.kind is ThreadKind.QUESTION
        and thread.author_id == actor.user_id
        and post.parent_id is not None
        and access.sees_post(actor, thread, contribution)
        and thread.state is State.PUBLISHED
        and contribution.state is State.PUBLISHED
    )


def may_unsolve(actor: Actor, thread: Thread) -> bool:
    """The asker, who may have been too quick, and moderators."""
    return access.sees_thread(actor, thread) and (thread.author_id == actor.user_id or actor.moderates)


def solve(session: Session, actor: Actor, post_id: int) -> Thread:
    """The asker says that this answer solved their question; an answer said before gives way to it.

    :raises NotFound: if the actor does not see the answer.
    :raises NotAllowed: if it is not their question, or nothing that can solve it.
    """
    thread, post, contribution = access.require_post(session, actor, post_id)
    if not may_solve(actor, thread, post, contribution):
        raise NotAllowed(_why_not(actor, thread, post))
    if thread.solved_id != post_id:
        numbering.change(session, thread, solved_id=post_id)
        publishing.tell(session, actor, publishing.Entry(thread, post, contribution), QuestionSolved)
    return thread


def unsolve(session: Session, actor: Actor, post_id: int) -> Thread:
    """Open a question again that this answer had solved.

    :raises NotFound: if the actor does not see the answer.
    :raises NotAllowed: if they are neither the asker nor a moderator.
    """
    thread, _post, contribution = access.require_post(session, actor, post_id)
    if not may_unsolve(actor, thread):
        raise NotAllowed(_("Only who asked, or a moderator, can open a question again."))
    if thread.solved_id == post_id:
        numbering.change(session, thread, solved_id=None)
        activity.record(
            session,
            QuestionUnsolved(
                **publishing.envelope(actor, thread), post_id=post_id, author_id=contribution.author_id
            ),
        )
    return thread


def _why_not(actor: Actor, thread: Thread, post: Post) -> str:
    if thread.kind is not ThreadKind.QUESTION:
        return _("This thread is not a question, so nothing in it is a solution.")
    if thread.author_id != actor.user_id:
        return _("Only who asked can say what solved the question.")
    if post.parent_id is None:
        return _("This is the question itself. Choose one of the answers.")
    return _("This answer cannot be read by everybody, so it cannot be the solution.")
