"""What members and authors may ask of moderators about a post, and what a second look may undo. Nothing commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Span
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access, numbering, publishing
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.publishing import Entry


def may_flag(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """What others wrote and everybody can read."""
    return (
        access.sees_post(actor, thread, contribution)
        and thread.state is State.PUBLISHED
        and contribution.state is State.PUBLISHED
        and contribution.author_id != actor.user_id
    )


def may_ask_why(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Of their own, what waits, was not published, or has a note beside it."""
    return (
        access.sees_post(actor, thread, contribution)
        and contribution.author_id == actor.user_id
        and contribution.state is not State.REMOVED
        and (contribution.state is not State.PUBLISHED or bool(contribution.note))
    )


def publish_held_post(session: Session, actor: Actor, post_id: int) -> None:
    """A moderator lets everybody read what was held, or declined before.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they are not staff.
    """
    entry = Entry(*access.require_may_moderate(session, actor, post_id))
    if entry.contribution.state in access.WAITING:
        publishing.let_through(session, actor, entry)
        if entry.contribution.state is State.PUBLISHED:
            entry.contribution.note = _("A moderator has read and published this.")


def decline_held_post(session: Session, actor: Actor, post_id: int, message: str) -> None:
    """A moderator does not let it be read; its author reads ``message`` and may hand in another wording.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they do not moderate.
    """
    entry = Entry(*access.require_may_moderate(session, actor, post_id))
    if entry.contribution.state is not State.REMOVED:
        publishing.turn_down(session, actor, entry, message)


def hide_flagged_post(session: Session, actor: Actor, post_id: int, message: str) -> None:
    """The flags of members weigh enough: it waits for a moderator. The actor is who flagged it last.

    :raises NotFound: if the actor does not see it.
    """
    entry = Entry(*access.require_post(session, actor, post_id))
    if entry.contribution.state is State.PUBLISHED:
        publishing.hold_back(session, entry, (message,))


def redact_post(session: Session, actor: Actor, post_id: int, spans: Sequence[Span], message: str) -> None:
    """A moderator takes words out and lets everybody read the rest.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they do not moderate.
    """
    entry = Entry(*access.require_may_moderate(session, actor, post_id))
    if entry.contribution.state is State.REMOVED:
        return
    if entry.contribution.state in access.WAITING:
        publishing.let_through(session, actor, entry)
    publishing.redact(session, entry, spans, message)


def put_words_back(session: Session, actor: Actor, post_id: int, spans: Sequence[Span]) -> None:
    """Let everybody read the words again that a moderator took out, unless the author wrote something else since.

    :raises NotFound: if the actor does not see the post.
    :raises NotAllowed: if they do not moderate.
    """
    entry = Entry(*access.require_may_moderate(session, actor, post_id))
    if entry.contribution.state is State.REMOVED:
        return
    cooked = writing.put_back(session, entry.contribution, spans)
    if cooked is not None:
        publishing.make_findable(session, entry, cooked.text)
        numbering.change(session, entry.thread)
