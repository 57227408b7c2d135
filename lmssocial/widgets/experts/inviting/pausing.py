"""Stopping the clock of a question while its asker has to say something, and letting it go on. Nothing here commits."""
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.questions import Asked


def pause(session: Session, asked: Asked, by: Actor) -> bool:
    """Let the clock stand still until the asker has said more; whether it ran before. Notes PAUSED."""
    raise NotImplementedError


def resume(session: Session, asked: Asked, by: Actor | None) -> bool:
    """Let the clock go on; whether it stood still. Waiting costs nobody anything. Notes RESUMED."""
    raise NotImplementedError
