"""What a person does about events that a subscriber failed on: have them tried again, or let them go."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent, Parked


def parked_events(session: Session, *, at_most: int = 100) -> Sequence[tuple[Parked, ActivityEvent]]:
    """The parked events with what they are about, newest first."""
    rows = session.execute(
        select(Parked, ActivityEvent)
        .join(ActivityEvent, ActivityEvent.id == Parked.event_id)
        .order_by(Parked.id.desc())
        .limit(at_most)
    )
    return [(row[0], row[1]) for row in rows]


def parked_count(session: Session) -> int:
    """How many events are parked in all."""
    return session.scalar(select(func.count(Parked.id))) or 0


def retry(session: Session, parked_id: int) -> str:
    """Have one parked event given to its subscriber once more, by the worker's next round.

    It comes after events that happened later; subscribers count and record, so the order does not matter to them.
    If it fails again it stays parked. Gives the subscriber's name; empty if the event is parked no longer.
    """
    return (
        session.scalar(
            update(Parked)
            .where(Parked.id == parked_id)
            .values(retry_wanted=True)
            .returning(Parked.subscriber)
        )
        or ""
    )


def dismiss(session: Session, parked_id: int) -> str:
    """Let one parked event go: its subscriber never hears of it. Gives the subscriber's name, or nothing."""
    return session.scalar(delete(Parked).where(Parked.id == parked_id).returning(Parked.subscriber)) or ""
