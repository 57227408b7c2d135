"""Bringing the log to its readers, one event at a time, exactly once for what they write to the database."""

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent, Parked, Subscriber
from lmssocial.core.activity.record import happened
from lmssocial.core.db import unit_of_work
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Happened

log = structlog.get_logger(__name__)

Handler = Callable[[Happened, Session], None]
"""What a subscriber is: it gets an event and a session, writes, and never commits."""

MAX_ATTEMPTS = 5
"""Failures in a row before an event is parked."""


def backoff(attempts: int) -> timedelta:
    """How long to wait after ``attempts`` failures in a row: 2, 8, 32 and 128 seconds."""
    return timedelta(seconds=2 * 4 ** (attempts - 1))


def relay(make_session: sessionmaker[Session], handlers: Mapping[str, Handler], *, at_most: int = 500) -> int:
    """Bring each subscriber up to ``at_most`` events further and say how many were handled in all.

    One subscriber's failure never holds up another. The cursor moves in the transaction of the handler, so that an
    event is neither lost nor counted twice when the process dies in between. What was parked and is to be tried
    again comes first.
    """
    return sum(_catch_up(make_session, name, handler, at_most) for name, handler in handlers.items())


def _catch_up(make_session: sessionmaker[Session], name: str, handler: Handler, at_most: int) -> int:
    handled = _retry_parked(make_session, name, handler)
    while handled < at_most and _step(make_session, name, handler):
        handled += 1
    return handled


def _step(make_session: sessionmaker[Session], name: str, handler: Handler) -> bool:
    """Handle one event for ``name``; false when there is none, or when it has to wait."""
    event: Happened | None = None
    try:
        with make_session() as session, unit_of_work(session):
            reader = _locked(session, name)
            if reader is None or (reader.retry_at is not None and reader.retry_at > clock.now()):
                return False
            event = _next(session, reader.cursor)
            if event is None:
                return False
            handler(event, session)
            reader.cursor, reader.attempts, reader.retry_at, reader.last_error = event.id, 0, None, ""
    except Exception as error:  # a subscriber may be a plugin: whatever it raises is its own problem
        if event is None:
            raise
        log.exception("subscriber failed", subscriber=name, event_id=event.id, event_name=event.name)
        _note_failure(make_session, name, event, error)
        return False
    return True


def _retry_parked(make_session: sessionmaker[Session], name: str, handler: Handler) -> int:
    """Give ``name`` the parked events that somebody asked to be tried again, oldest first; one attempt each."""
    handled = 0
    while (succeeded := _retry_one(make_session, name, handler)) is not None:
        handled += succeeded
    return handled


def _retry_one(make_session: sessionmaker[Session], name: str, handler: Handler) -> bool | None:
    """Whether one parked event could be handled now; ``None`` when there is none to try."""
    parked_id = 0
    try:
        with make_session() as session, unit_of_work(session):
            if _locked(session, name) is None:
                return None
            parked = session.scalar(
                select(Parked)
                .where(Parked.subscriber == name, Parked.retry_wanted.is_(True))
                .order_by(Parked.event_id)
                .limit(1)
            )
            if parked is None:
                return None
            parked_id = parked.id
            handler(happened(session.get_one(ActivityEvent, parked.event_id)), session)
            session.delete(parked)
    except Exception as error:  # see _step
        if not parked_id:
            raise
        log.exception("subscriber failed again", subscriber=name, parked_id=parked_id)
        with make_session() as session, unit_of_work(session):
            session.execute(
                update(Parked)
                .where(Parked.id == parked_id)
                .values(retry_wanted=False, error=_trace(error), parked_at=clock.now())
            )
        return False
    return True


def _locked(session: Session, name: str) -> Subscriber | None:
    """The subscriber's row, locked against other workers; ``None`` if one of them has it."""
    wanted = select(Subscriber).where(Subscriber.name == name).with_for_update(skip_locked=True)
    row = session.scalar(wanted)
    if row is None:
        # either another worker holds it, or it is new: then whichever of us is first makes it
        new = {"name": name, "cursor": 0, "attempts": 0, "last_error": ""}
        row = (
            session.scalar(wanted) if insert_if_absent(session, Subscriber, new, [Subscriber.name]) else None
        )
    return row


def _next(session: Session, cursor: int) -> Happened | None:
    row = session.scalar(
        select(ActivityEvent).where(ActivityEvent.id > cursor).order_by(ActivityEvent.id).limit(1)
    )
    return None if row is None else happened(row)


def _note_failure(make_session: sessionmaker[Session], name: str, event: Happened, error: Exception) -> None:
    with make_session() as session, unit_of_work(session):
        reader = session.get(Subscriber, name, with_for_update=True)
        if reader is None:
            reader = Subscriber(name=name, cursor=event.id - 1, attempts=0, last_error="")
            session.add(reader)
        reader.attempts += 1
        reader.last_error = _trace(error)
        if reader.attempts < MAX_ATTEMPTS:
            reader.retry_at = clock.now() + backoff(reader.attempts)
            return
        session.add(
            Parked(subscriber=name, event_id=event.id, error=reader.last_error, parked_at=clock.now())
        )
        reader.cursor, reader.attempts, reader.retry_at = event.id, 0, None


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error))[-4000:]


def lag(session: Session) -> dict[str, int]:
    """Events each subscriber still has before it."""
    newest = session.scalar(select(func.max(ActivityEvent.id))) or 0
    return {row.name: newest - row.cursor for row in session.scalars(select(Subscriber))}
