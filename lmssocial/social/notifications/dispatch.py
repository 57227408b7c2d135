"""Putting a message on its way: a delivery for each channel that reaches the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.hooks import Channel
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications.letters import Voice, Voices, Ways, write
from lmssocial.social.notifications.models import Condition, Delivery, How, Reachability
from lmssocial.social.notifications.ports import Registry
from lmssocial.social.notifications.reach import Reach
from lmssocial.social.notifications.sections import Followed, Said
from lmssocial.social.notifications.unsubscribing import ALL, DIGEST, Stop, Unsubscribing


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What it takes to write messages."""

    registry: Registry
    followed: Sequence[Followed]
    """The widgets' sides of the digests."""
    channels: Mapping[str, Channel]
    addresses: Unsubscribing
    voices: Voices
    public_url: str
    sender: str = ""
    """Whom mail comes from: ``Name <address>``, or an address."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody whose turn it is."""

    user: User
    row: Reachability
    reach: Reach
    ways: Mapping[str, str]
    """Where each channel reaches them, by its name."""
    wishes: Mapping[tuple[int, str], How]
    """What they chose, by community and kind."""
    voice: Voice


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What a message says, in the words of its reader."""

    title: str
    said: Said
    calendar: str = ""
    """What goes with it for their calendar (RFC 5545); empty for most."""


def is_written(session: Session, person: Person, key: str) -> bool:
    """Whether a message of that key was put on its way before."""
    keys = [_key(channel, key) for channel in person.ways]
    return session.scalar(select(Delivery.id).where(Delivery.key.in_(keys)).limit(1)) is not None


def deliver(
    session: Session,
    outgoing: Outgoing,
    person: Person,
    saying: Saying,
    *,
    key: str,
    stop: Stop,
    not_before: datetime | None = None,
) -> int:
    """Write the message and put it on its way; says by how many channels. The person's voice must be speaking.

    :param key: names it, for ever: with the same one nothing goes out again.
    :param not_before: when it goes out; ``None``: at once.
    """
    unsubscribe = outgoing.addresses.address(stop)
    ways = Ways(
        unsubscribe=unsubscribe,
        unsubscribe_words=_stop_words(stop),
        settings=f"{outgoing.public_url}/w/{saying.said.placement_id}/notices/settings",
    )
    message = write(person.voice, saying.title, saying.said.sections, ways)
    values = {
        "tenant_id": person.user.tenant_id,
        "user_id": person.user.id,
        "title": message.title,
        "text": message.text,
        "html": message.html,
        "unsubscribe": unsubscribe,
        "calendar": saying.calendar,
        "condition": Condition.WAITING,
        "attempts": 0,
        "last_error": "",
        "created_at": clock.now(),
        "next_at": not_before or clock.now(),
    }
    return sum(
        insert_if_absent(
            session,
            Delivery,
            {**values, "channel": channel, "address": way, "key": _key(channel, key)},
            [Delivery.key],
        )
        for channel, way in person.ways.items()
    )


def _key(channel: str, key: str) -> str:
    return f"{channel}:{key}"


def _stop_words(stop: Stop) -> str:
    if stop.what == ALL:
        return _("Stop all e-mail from here")
    return _("Stop the digest") if stop.what == DIGEST else _("Stop e-mail of this kind")
