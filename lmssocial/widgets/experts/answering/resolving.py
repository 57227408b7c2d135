"""The asker says by what a question was resolved, or that it was not after all. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering import rules, standing
from lmssocial.widgets.experts.events import QuestionReopened, QuestionResolved
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.inviting import service as inviting
from lmssocial.widgets.experts.models import Answer, How, State
from lmssocial.widgets.experts.questions import Asked, Happening

BY_ASKER = (How.ANSWER, How.EXISTING, How.ASKER)
"""By what an asker says that a question was resolved; silence is the clock's to notice."""


def resolve(session: Session, actor: Actor, question_id: int, how: How, answer_id: int | None = None) -> None:
    """Say that a question is resolved. Whoever was still asked need not answer any more.

    :param answer_id: the contribution of the answer that did it, where an answer did.
    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they did not ask it.
    :raises Conflict: if it is over.
    :raises Invalid: if an answer did it and none of its answers that can be read is meant.
    """
    access.require_asks(actor)
    asked = questions.locked(session, actor, question_id)
    rules.require_resolves(actor, asked.question)
    if how not in BY_ASKER:
        raise Invalid(_("Say what resolved it."), reason=f"{how} is not for the asker to say")
    answer = _answer(session, question_id, answer_id) if how is How.ANSWER else None
    _close(session, asked, how, answer)
    inviting.end_all(session, asked, InvitationState.SUPERSEDED)
    questions.note(session, asked.question, Happening.RESOLVED, actor, how=how.value)
    if answer is not None:
        session.flush()
        indexing.accepted(session, answer.contribution_id, on=True)
    log.record(
        session,
        QuestionResolved(
            **questions.about(session, asked.question, actor),
            how=how.value,
            solution_id=answer.contribution_id if answer else None,
            author_id=answer.author_id if answer else None,
            introduced_by_id=standing.introducer_of(session, answer) if answer else None,
        ),
    )
    questions.look_again(asked.question)


def reopen(session: Session, actor: Actor, question_id: int) -> None:
    """Say that a question was not resolved after all: it goes on to people who were not asked yet.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they did not ask it.
    :raises Conflict: if it is not resolved, or was so too long ago.
    """
    access.require_asks(actor)
    asked = questions.locked(session, actor, question_id)
    rules.require_reopens(actor, asked, clock.now())
    standing.no_longer_solved(session, asked.question)
    standing.open_again(session, asked.question)
    questions.note(session, asked.question, Happening.REOPENED, actor)
    log.record(session, QuestionReopened(**questions.about(session, asked.question, actor)))
    questions.look_again(asked.question)


def _close(session: Session, asked: Asked, how: How, answer: Answer | None) -> None:
    question = asked.question
    question.state = State.RESOLVED
    question.resolved_at, question.resolved_how = clock.now(), how
    question.solution_id = answer.contribution_id if answer else None
    question.paused_at = question.promised_until = None
    session.flush()


def _answer(session: Session, question_id: int, answer_id: int | None) -> Answer:
    found = session.scalar(
        select(Answer)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(
            Answer.question_id == question_id,
            Answer.contribution_id == (answer_id or 0),
            Contribution.state == Visible.PUBLISHED,
        )
    )
    if found is None:
        raise Invalid(_("Choose the answer that resolved it. It may have been taken back meanwhile."))
    return found
