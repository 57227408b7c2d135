"""Who hears of evidence that came or went: plain functions, called in the transaction in which the day was derived."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.sending import outbox
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.port import Changed

Listener = Callable[[Session, Settings, FollowedCourse, Changed], None]
"""Gets the session, how the report is set in the course, the course, and what became of one of its days."""

LISTENERS: Sequence[Listener] = (outbox.heard,)
"""All of them, in order. They never commit; what one of them raises stops the day from being derived."""


def tell(session: Session, settings: Settings, course: FollowedCourse, changed: Changed) -> None:
    """Tell everybody, if anything changed."""
    if changed.added or changed.gone:
        for listener in LISTENERS:
            listener(session, settings, course, changed)
