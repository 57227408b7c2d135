"""A published question that waits for a moderator, and comes back. Nothing here commits.

Its invitations stay: each person is asked once, and those who fit best would be lost to a question that in most cases
comes back within hours. Its clock stands still meanwhile, so that nobody is held to words they cannot read. The page
tells nothing of it: who reported it, or decided, is no part of its past.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.inviting import pausing
from lmssocial.widgets.experts.models import ALIVE, Message, Question
from lmssocial.widgets.experts.questions import Asked


def lose(asked: Asked) -> None:
    """Its words cannot be read for now: its clock stands still, if it did not already."""
    if asked.question.state in ALIVE and asked.question.paused_at is None:
        asked.question.paused_at = clock.now()


def regain(session: Session, asked: Asked) -> None:
    """Its words are read again: its clock goes on, unless its asker has still to say something."""
    question = asked.question
    if question.state not in ALIVE:
        return
    if question.paused_at is not None and not _waits_for_asker(session, question):
        pausing.resume(session, asked, None)
    questions.look_again(question)


def _waits_for_asker(session: Session, question: Question) -> bool:
    said = (
        select(func.max(Message.contribution_id))
        .join(Contribution, Contribution.id == Message.contribution_id)
        .where(Message.question_id == question.id, Contribution.state == Visible.PUBLISHED)
    )
    last_asked = session.scalar(said.where(Message.asks.is_(True))) or 0
    last_told = session.scalar(said.where(Message.author_id == question.asker_id)) or 0
    return last_asked > last_told
