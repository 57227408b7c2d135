"""Stopping the clock of a question while its asker has to say something, and letting it go on. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.calendars import (
    after_open_hours,
    after_working_hours,
    before_working_hours,
    open_hours,
    working_hours,
)
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation
from lmssocial.widgets.experts.inviting.room import week_of, week_of_course
from lmssocial.widgets.experts.models import ALIVE, State
from lmssocial.widgets.experts.people_models import Person
from lmssocial.widgets.experts.questions import Asked, Happening, look_again, note


def pause(session: Session, asked: Asked, by: Actor) -> bool:
    """Let the clock of a question, which is locked, stand still until its asker has said more.

    :return: whether it ran before.
    """
    question = asked.question
    if question.paused_at is not None or question.state not in ALIVE:
        return False
    question.paused_at = clock.now()
    note(session, question, Happening.PAUSED, by)
    look_again(question)
    return True


def resume(session: Session, asked: Asked, by: Actor | None) -> bool:
    """Let the clock of a question, which is locked, go on where it stood still: whoever is waited for lost nothing.

    :param by: ``None``: the clock, as nothing was said for too long.
    :return: whether it stood still.
    """
    question, now = asked.question, clock.now()
    since = question.paused_at
    if since is None:
        return False
    week = week_of_course(asked.settings)
    if question.state is State.ANSWERED:
        question.counted_from = now  # the asker came back: what counts as their silence begins anew
    else:
        counted = working_hours(week, question.counted_from, since)
        question.counted_from = before_working_hours(week, now, counted)
    if question.promised_until is not None:
        begun = max(since, question.accepted_at or since)
        left = working_hours(week, begun, question.promised_until)
        question.promised_until = after_working_hours(week, now, left)
    _wait_longer(session, asked, since, now)
    question.paused_at = None
    note(session, question, Happening.RESUMED, by)
    look_again(question)
    return True


def _wait_longer(session: Session, asked: Asked, since: datetime, now: datetime) -> None:
    waiting = (
        select(Invitation, Person)
        .join(Person, Person.user_id == Invitation.user_id)
        .where(Invitation.question_id == asked.question.id, Invitation.state.in_(WAITING))
    )
    for invitation, person in session.execute(waiting).all():
        week = week_of(person, asked.settings)
        left = open_hours(week, max(since, invitation.sent_at), invitation.due_at)
        invitation.due_at = after_open_hours(week, now, left)
