"""A discussion in a copied course: its prompts come along, what people answered never does. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion import access, service
from lmssocial.widgets.discussion.drafts import PollDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Poll, PollOption, Thread

MOST = 50
"""Prompts that come along."""


def bring_prompts(session: Session, actor: Actor, from_id: int, to_id: int) -> None:
    """Open in the discussion ``to_id`` what staff had pinned for everybody in ``from_id``, in the name of ``actor``.

    The policies have let these words pass before, so nobody asks them again.

    :param actor: the instructor who comes to the copied course first.
    """
    rows = session.execute(
        select(Thread, Contribution.source)
        .join(Contribution, Contribution.id == Thread.opening_id)
        .where(
            Thread.placement_id == from_id,
            Thread.tenant_id == actor.tenant_id,
            Thread.pinned.is_(True),
            Thread.state == State.PUBLISHED,
            Thread.audience == Audience.EVERYBODY,
            Thread.merged_into_id.is_(None),
            Contribution.state == State.PUBLISHED,
            Contribution.author_role.in_(STAFF),
        )
        .order_by(Thread.id)
        .limit(MOST)
    ).all()
    for thread, source in rows:
        draft = ThreadDraft(
            placement_id=to_id,
            title=thread.title,
            source=source,
            kind=thread.kind,
            pinned=True,
            poll=_poll(session, thread),
        )
        start = access.Start(post_first=thread.post_first)
        service.open_thread(session, lambda _submission: Screening(), actor, draft, start)


def _poll(session: Session, thread: Thread) -> PollDraft | None:
    poll = session.scalar(select(Poll).where(Poll.thread_id == thread.id))
    if poll is None:
        return None
    options = session.scalars(
        select(PollOption.text).where(PollOption.poll_id == poll.id).order_by(PollOption.position)
    )
    return PollDraft(question=poll.question, options=tuple(options), several=poll.several)
