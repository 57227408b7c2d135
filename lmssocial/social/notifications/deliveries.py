"""Messages on their way out: rows that stay until a channel took them, whatever fails in between.

What holds, exactly. Whoever sends claims a delivery first, in a transaction of its own: it counts the attempt and says
that nobody else tries within the next minutes. So two workers never send the same one at the same time, and no
lock is held while a server takes its time. A worker that dies before the channel took the message loses nothing, for
the claim runs out. One that dies between the channel's yes and our commit makes it go out a second time, with the same
key: no protocol for mail can tell the two cases apart. A channel that is down costs one attempt a round, not one for
each message, and what waited is tried for three days.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Channel, ChannelMessage, TryLater, Undeliverable
from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications.models import Condition, Delivery

log = structlog.get_logger(__name__)

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""What is waited after the first failures."""
THEN = timedelta(hours=4)
"""What is waited after each that follows."""
FOR = timedelta(days=3)
"""How long a message is tried; a mail server that is down over a long weekend loses nothing."""
MAX_ATTEMPTS = len(PAUSES) + 1 - (sum(PAUSES, timedelta()) - FOR) // THEN
CLAIM = timedelta(minutes=5)
"""How long a delivery belongs to whoever is sending it; longer than any attempt takes."""
PATIENCE = 25.0
"""Seconds that a channel may take for one message."""
AT_MOST = 200
"""Messages of one round, so that other work of the worker takes turns with it."""
KEPT = timedelta(days=30)
"""How long what was sent is kept, for administrators who are asked whether it was."""
LONGEST_ERROR = 2000


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many messages are where."""

    waiting: int = 0
    given_up: int = 0
    sent: int = 0


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1 minute, 5, 30, 2 hours, then 4 hours each time."""
    return PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else THEN


def send_due(make_session: sessionmaker[Session], channels: Mapping[str, Channel]) -> int:
    """Send what is due by every channel; says how many went. To be called where a call can be interrupted."""
    return sum(_send_by(make_session, channel) for _name, channel in sorted(channels.items()))


def _send_by(make_session: sessionmaker[Session], channel: Channel) -> int:
    sent = 0
    for _turn in range(AT_MOST):
        with make_session() as session, unit_of_work(session):
            claimed = _claim(session, channel.name)
        if claimed is None:
            break
        error, is_down = _attempt(channel, claimed.message)
        with make_session() as session, unit_of_work(session):
            _note(session, claimed, error)
        sent += error is None
        if is_down:
            break
    return sent


@dataclass(frozen=True)
class _Claimed:
    delivery_id: int
    attempts: int
    message: ChannelMessage


def _claim(session: Session, channel: str) -> _Claimed | None:
    """Take the delivery that has been due longest, so that nobody else does for a while."""
    row = session.execute(
        select(Delivery, User.locale)
        .join(User, User.id == Delivery.user_id)
        .where(
            Delivery.condition == Condition.WAITING,
            Delivery.channel == channel,
            Delivery.next_at <= clock.now(),
        )
        .order_by(Delivery.next_at, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
    ).first()
    if row is None:
        return None
    delivery = row.Delivery
    delivery.attempts += 1
    delivery.next_at = clock.now() + CLAIM
    message = ChannelMessage(
        key=delivery.key,
        tenant_id=delivery.tenant_id,
        user_id=delivery.user_id,
        address=delivery.address,
        title=delivery.title,
        text=delivery.text,
        html=delivery.html,
        unsubscribe=delivery.unsubscribe,
        locale=row.locale,
        calendar=delivery.calendar,
    )
    return _Claimed(delivery.id, delivery.attempts, message)


def _attempt(channel: Channel, message: ChannelMessage) -> tuple[Exception | None, bool]:
    """What went wrong, if anything did, and whether the channel as a whole is in trouble."""
    try:
        with _patiently(channel.name):
            channel.send(message)
    except (TryLater, Undeliverable) as error:
        return error, False
    except Exception as error:  # noqa: BLE001 – a channel may be a plugin: whatever it raises is its own problem
        log.warning("channel failed", channel=channel.name, key=message.key, error=str(error))
        return error, True
    return None, False


@contextmanager
def _patiently(name: str) -> Iterator[None]:
    try:
        with within(PATIENCE):
            yield
    except OutOfTime:
        raise TimeoutError(f"{name} took more than {PATIENCE:.0f} seconds and was stopped") from None


def _note(session: Session, claimed: _Claimed, error: Exception | None) -> None:
    """Write down what became of it. Nothing, if somebody else has done so meanwhile."""
    values: dict[str, object]
    if error is None:
        values = {"condition": Condition.SENT, "sent_at": clock.now(), "last_error": ""}
    else:
        says = (str(error) or type(error).__name__)[:LONGEST_ERROR]
        values = {"last_error": says, "next_at": clock.now() + backoff(claimed.attempts)}
        if isinstance(error, Undeliverable) or claimed.attempts >= MAX_ATTEMPTS:
            values["condition"] = Condition.GIVEN_UP
    session.execute(
        update(Delivery)
        .where(
            Delivery.id == claimed.delivery_id,
            Delivery.condition == Condition.WAITING,
            Delivery.attempts == claimed.attempts,
        )
        .values(**values)
    )


def counts(session: Session) -> Counts:
    """How many messages are where. One query."""
    rows = session.execute(select(Delivery.condition, func.count(Delivery.id)).group_by(Delivery.condition))
    return Counts(**{condition.value: number for condition, number in rows})


def oldest_waiting(session: Session) -> datetime | None:
    """When the message was made that has waited longest."""
    return session.scalar(
        select(func.min(Delivery.created_at)).where(Delivery.condition == Condition.WAITING)
    )


def retry(session: Session, delivery_id: int) -> bool:
    """Have a message tried again from the beginning; whether there is one that was not sent."""
    return _retry(session, delivery_id) == 1


def retry_all(session: Session) -> int:
    """Have everything tried again that was given up or waits for its next attempt; says how many those are."""
    return _retry(session, None)


def _retry(session: Session, delivery_id: int | None) -> int:
    chosen = Delivery.condition != Condition.SENT
    if delivery_id is not None:
        chosen &= Delivery.id == delivery_id
    asked = session.scalars(
        update(Delivery)
        .where(chosen)
        .values(condition=Condition.WAITING, attempts=0, next_at=clock.now())
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(asked.all())


def sweep(session: Session) -> int:
    """Delete some of what was sent or given up long ago; says how many went."""
    old = (
        select(Delivery.id)
        .where(Delivery.condition != Condition.WAITING, Delivery.next_at < clock.now() - KEPT)
        .limit(AT_MOST)
    )
    gone = session.scalars(
        delete(Delivery)
        .where(Delivery.id.in_(old.scalar_subquery()))
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
