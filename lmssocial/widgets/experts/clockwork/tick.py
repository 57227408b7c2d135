"""The one thing that moves questions by itself. Looking twice is looking once, and nothing is done before its time."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity import record
from lmssocial.core.jobs import rounds
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.experts.clockwork import plan
from lmssocial.widgets.experts.clockwork.facts import facts_of
from lmssocial.widgets.experts.clockwork.plan import Deed, Facts
from lmssocial.widgets.experts.events import QuestionClosed, QuestionResolved
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.inviting import levels, replying, service
from lmssocial.widgets.experts.inviting.levels import Why
from lmssocial.widgets.experts.inviting.service import Rankings
from lmssocial.widgets.experts.models import How, Question, State
from lmssocial.widgets.experts.questions import (
    Asked,
    Happening,
    about,
    invitation_of,
    locked_by_clock,
    note,
)

AT_ONCE = 200
"""Questions that are looked at in one round."""
ROUND_SECONDS = 10.0
"""After this no other question is begun, as others wait for the same thread."""
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)
"""When a question is looked at again that could not be: the longer it goes on, the later."""
MOST_STEPS = 12
"""Steps of one question in one look; what is left is due with the next one."""


def tick(session: Session, rankings: Rankings, question_id: int, now: datetime) -> State:
    """Do everything that is due with one question, and say how far it is then.

    A moment before the one of the last look changes nothing: the clock was set back.

    :param rankings: who says in which order people are asked.
    """
    asked = locked_by_clock(session, question_id)
    question = asked.question
    if question.looked_at is not None and now < question.looked_at:
        question.next_at = question.looked_at
        return question.state
    question.looked_at = now
    with clock.at(now):
        facts, tried = facts_of(session, asked), False
        for _step in range(MOST_STEPS):
            deed = plan.step(asked.settings, facts, now)
            if deed is None:
                break
            tried = _do(session, rankings, asked, facts, deed, now) or tried
            session.flush()
            facts = replace(facts_of(session, asked), tried=tried)
        question.next_at = plan.looks_again(asked.settings, facts, now)
    session.flush()
    return question.state


def _do(session: Session, rankings: Rankings, asked: Asked, facts: Facts, deed: Deed, now: datetime) -> bool:
    """Take one step; whether somebody was looked for with it."""
    why = Why.NOBODY if plan.why_nobody(asked.settings, facts, now) else Why.TIME
    if deed is Deed.OPEN:
        levels.open_to_all(session, asked, why, None)
    elif deed is Deed.ESCALATE:
        levels.escalate(session, asked, why, None)
    elif deed in _BY_THEMSELVES:
        _BY_THEMSELVES[deed](session, asked, facts)
    else:
        late = [one.invitation_id for one in facts.waiting if one.due_at <= now]
        silent = [session.get_one(Invitation, invitation_id) for invitation_id in late]
        service.fill(session, rankings, asked, now, silent=silent, passes_on=facts.asker_here)
        return True
    return False


def _withdraw(session: Session, asked: Asked, facts: Facts) -> None:
    """People who have left need not answer; others are asked in their place."""
    for one in facts.waiting:
        if not one.is_here:
            invitation = session.get_one(Invitation, one.invitation_id)
            service.end(session, asked, invitation, InvitationState.WITHDRAWN)


def _lose(session: Session, asked: Asked, _facts: Facts) -> None:
    """Whoever had accepted is not there any more."""
    question = asked.question
    holds = invitation_of(session, question.id, question.accepted_by_id or 0)
    if holds is not None and holds.state is InvitationState.ACCEPTED:
        service.end(session, asked, holds, InvitationState.WITHDRAWN)
    service.look_for_others(asked)
    note(session, question, Happening.RELEASED, None)


def _release(session: Session, asked: Asked, _facts: Facts) -> None:
    """Whoever had accepted did not answer in time."""
    holds = invitation_of(session, asked.question.id, asked.question.accepted_by_id or 0)
    if holds is not None:
        replying.give_back(session, asked, holds, None)


def _resolve(session: Session, asked: Asked, _facts: Facts) -> None:
    """There is an answer, and its asker did not say that it does not help."""
    question = asked.question
    service.end_all(session, asked, InvitationState.SUPERSEDED)
    question.state, question.resolved_how = State.RESOLVED, How.SILENCE
    _end(question)
    note(session, question, Happening.RESOLVED, None, how=How.SILENCE.value)
    record(session, QuestionResolved(**about(session, question, None), how=How.SILENCE.value))


def _close(session: Session, asked: Asked, _facts: Facts) -> None:
    """Its asker has left, and nobody is at it: an answer would be read by nobody who asked for it."""
    question = asked.question
    waiting_ids = service.end_all(session, asked, InvitationState.SUPERSEDED)
    question.state = State.CLOSED
    question.closed_because = _("Who asked this has left the course, and nobody was answering it.")
    _end(question)
    note(session, question, Happening.CLOSED, None)
    record(session, QuestionClosed(**about(session, question, None), waiting_ids=waiting_ids))


def _end(question: Question) -> None:
    question.resolved_at = clock.now()
    question.paused_at = question.promised_until = None


_BY_THEMSELVES = {
    Deed.WITHDRAW: _withdraw,
    Deed.LOSE: _lose,
    Deed.RELEASE: _release,
    Deed.RESOLVE: _resolve,
    Deed.CLOSE: _close,
}


def run_due(sessions: sessionmaker[Session], rankings: Rankings) -> int:
    """Look at every question whose time has come, each in a transaction of its own; says at how many.

    One that fails harms no other: it is noted in the log, and looked at again later. Safe to run in several processes.
    """
    now = clock.now()
    due = select(Question.id).where(Question.next_at <= now).order_by(Question.next_at).limit(AT_ONCE)
    return rounds.run_due(
        sessions,
        due,
        lambda session, question_id: tick(session, rankings, question_id, now),
        lambda session, question_id: rounds.look_later(
            session, Question, Question.id == question_id, now, SOONEST, LATEST
        ),
        what="question",
        seconds=ROUND_SECONDS,
    )
