"""What is for one member and the moderators alone: private questions, and private words about a post.

Who asked may make their question public, and nobody else. Nothing here commits.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion import access, numbering, publishing, service
from lmssocial.widgets.discussion.drafts import AboutDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.events import ThreadMadePublic
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.settings import DiscussionSettings


def ask(session: Session, screen: Screen, actor: Actor, draft: ThreadDraft) -> Posted:
    """Open a thread that only the actor and the moderators read. The same form sent twice opens one.

    :raises NotFound: if the actor's community has no discussion at that placement.
    :raises NotAllowed: if it takes no private questions, or the actor moderates.
    :raises Rejected: if a policy refuses the text outright.
    """
    place = access.require_place(session, actor, draft.placement_id)
    start = access.require_may_ask(actor, place)
    return service.open_thread(session, screen, actor, draft, start, target=f"ask:{draft.placement_id}")


def say_about(session: Session, screen: Screen, actor: Actor, draft: AboutDraft) -> Posted:
    """Say something in private about a post: the first word opens a thread, later ones go on in it.

    :raises NotFound: if the actor does not see the post, or it is not in that discussion.
    :raises NotAllowed: if it takes no private replies.
    :raises Rejected: if a policy refuses the text outright.
    """
    place = access.require_place(session, actor, draft.placement_id)
    thread, words, start = access.require_may_answer_privately(session, actor, place, draft.post_id)
    target = f"about:{words.id}"
    begun = conversation_about(session, actor, words.id, start.learner_id)
    if begun is not None:
        on = ReplyDraft(parent_id=begun.opening_id, source=draft.source, submission_key=draft.submission_key)
        return service.reply_to(session, screen, actor, on, target=target)
    first = ThreadDraft(
        placement_id=place.id,
        title=thread.title,
        source=draft.source,
        submission_key=draft.submission_key,
    )
    posted = service.open_thread(session, screen, actor, first, start, target=target)
    if not thread.has_private:
        numbering.change(session, thread, has_private=True)
    return posted


def conversation_about(session: Session, actor: Actor, post_id: int, learner_id: int | None) -> Thread | None:
    """The private thread about a post with one learner, if there is one that goes on; the actor sees it."""
    return session.scalar(
        select(Thread)
        .where(
            Thread.about_id == post_id,
            Thread.learner_id == learner_id,
            Thread.audience == Audience.PRIVATE,
            Thread.state == State.PUBLISHED,
            access.threads_seen_by(actor),
        )
        .order_by(Thread.id)
        .limit(1)
    )


def make_public(session: Session, actor: Actor, thread_id: int, group_id: int | None = None) -> Thread:
    """Let everybody read a private question and its answers, or the asker's group where threads belong to groups.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they did not ask it, or are in no group where that is needed.
    :raises Invalid: if they have to choose one of their groups.
    """
    thread = access.require_may_make_public(session, actor, thread_id)
    place = access.require_place(session, actor, thread.placement_id)
    settings = DiscussionSettings.read(place.settings)
    audience, group = access.whom_for(session, actor, settings, group_id)
    numbering.change(
        session,
        thread,
        audience=audience,
        group_id=group,
        learner_id=None,
        due_at=settings.due_at,
        locks_at=settings.locks_at,
    )
    activity.record(session, ThreadMadePublic(**publishing.envelope(actor, thread)))
    return thread
