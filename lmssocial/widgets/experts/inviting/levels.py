"""Whom a question has got to: everybody, and those who look after it. It never goes back. Nothing here commits."""

from enum import StrEnum

from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.events import QuestionEscalated, QuestionOpenedToAll
from lmssocial.widgets.experts.models import Audience, Level
from lmssocial.widgets.experts.questions import Asked, Happening, about, look_again, note


class Why(StrEnum):
    """Why a question got further."""

    TIME = "time"
    NOBODY = "nobody"
    """Nobody knows the topic, or nobody who does has time."""
    ASKER = "asker"
    STEWARD = "steward"


def open_to_all(session: Session, asked: Asked, why: Why, by: Actor | None) -> bool:
    """Let everybody who reads a question, which is locked, answer it. Whoever calls has asked whether the actor may.

    One that was for experts only can be read by everybody from now on; only its asker, or somebody in their name, does
    that.

    :return: whether that is new.
    """
    question = asked.question
    was_private = question.audience is Audience.EXPERTS
    if question.level is not Level.EXPERTS and not was_private:
        return False
    question.audience = Audience.EVERYBODY
    if question.level is Level.EXPERTS:
        question.level = Level.EVERYBODY
    question.open_to_all_at = clock.now()
    if why is Why.NOBODY:
        note(session, question, Happening.NOBODY, by)
    note(session, question, Happening.OPENED, by, why=why.value)
    look_again(question)
    record(session, QuestionOpenedToAll(**about(session, question, by), why=why.value))
    return True


def escalate(session: Session, asked: Asked, why: Why, by: Actor | None) -> bool:
    """Put a question, which is locked, on the stewards' desk.

    :return: whether that is new.
    """
    question = asked.question
    if question.level is Level.STEWARDS:
        return False
    question.level, question.escalated_at = Level.STEWARDS, clock.now()
    if why is Why.NOBODY:
        note(session, question, Happening.NOBODY, by)
    note(session, question, Happening.ESCALATED, by, why=why.value)
    look_again(question)
    record(session, QuestionEscalated(**about(session, question, by), why=why.value))
    return True
