"""Wanting no questions of somebody any more: they are not told, and stewards see it. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.experts.invitation_models import WAITING, Because, InvitationState
from lmssocial.widgets.experts.inviting import replying
from lmssocial.widgets.experts.inviting.service import Rankings
from lmssocial.widgets.experts.models import State
from lmssocial.widgets.experts.people_models import Block
from lmssocial.widgets.experts.questions import Asked, invitation_of, seen

MOST_WHY = 300
"""Characters of a reason."""


def asker_of(session: Session, actor: Actor, question_id: int) -> tuple[Asked, str]:
    """A question that the actor was asked to answer, and the name of who asks.

    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited to it.
    """
    asked = seen(session, actor, question_id)
    invitation = invitation_of(session, question_id, actor.user_id)
    if invitation is None or asked.question.asker_id == actor.user_id:
        raise NotAllowed(_("You were not asked to answer this question, so there is nobody to block."))
    return asked, session.scalar(select(User.name).where(User.id == asked.question.asker_id)) or ""


def is_blocked(session: Session, actor: Actor, asker_id: int) -> bool:
    """Whether the actor wants no questions of somebody."""
    return session.get(Block, (actor.user_id, asker_id)) is not None


def block(session: Session, rankings: Rankings, actor: Actor, question_id: int, why: str) -> None:
    """The actor wants no more questions of who asks this one, and need not answer it: it goes on to others at once.

    :param why: for stewards; may be empty.
    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited to it.
    """
    asked, _name = asker_of(session, actor, question_id)
    values = {
        "user_id": actor.user_id,
        "asker_id": asked.question.asker_id,
        "community_id": asked.question.community_id,
        "why": tidy_line(why)[:MOST_WHY],
        "at": clock.now(),
    }
    insert_if_absent(session, Block, values, [Block.user_id, Block.asker_id])
    invitation = invitation_of(session, question_id, actor.user_id)
    state = invitation.state if invitation is not None else None
    if state in WAITING:
        replying.decline(session, rankings, actor, question_id, Because.CONFLICT)
    elif state is InvitationState.ACCEPTED and asked.question.state is State.ACCEPTED:
        replying.release(session, rankings, actor, question_id)


def unblock(session: Session, actor: Actor, question_id: int) -> None:
    """The actor takes questions of who asks this one again.

    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited to it.
    """
    asked, _name = asker_of(session, actor, question_id)
    found = session.get(Block, (actor.user_id, asked.question.asker_id))
    if found is not None:
        session.delete(found)
        session.flush()
