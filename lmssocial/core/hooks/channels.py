"""Ways to reach people outside of the LMS, as plugins offer them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
"""What a channel may be called: it stands in a column of that width."""


class Undeliverable(Exception):
    """This message will never reach its person by this channel; it is given up, and an administrator can see why."""


class TryLater(Exception):
    """This message was not taken now; others by the same channel may be."""


@dataclass(frozen=True, kw_only=True)
class ChannelMessage:
    """What a channel has to bring to one person."""

    key: str
    """Names it. A message that is tried again has the same key, so that the other side can tell."""
    tenant_id: int
    """The customer at whom the person is."""
    user_id: int
    """Who it is for."""
    address: str
    """Where to, as :attr:`Channel.address` said."""
    title: str
    """One line."""
    text: str
    """All of it in plain words, with addresses of pages."""
    html: str
    """The same as a page."""
    unsubscribe: str = ""
    """An address that stops messages like it; empty if nothing does."""
    locale: str = ""
    """The person's language, such as ``de-AT``; empty if nobody said."""
    calendar: str = ""
    """What goes with it for the person's calendar: an iCalendar object (RFC 5545) that asks for, changes or cancels one
    meeting, by its METHOD. Empty for most messages. A channel that can do nothing with it leaves it out."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way to reach people outside of the LMS. E-mail is one."""

    name: str
    """Its name in the database: small letters, digits and hyphens, at most 32."""
    title: str
    """For people; translated, may be lazy."""
    send: Callable[[ChannelMessage], None]
    """Hands a message over; what it returns from is done.

    Called by the worker, one message after the other, and stopped after some seconds. It raises :class:`Undeliverable`
    for what is hopeless and :class:`TryLater` for one message that has to wait. Anything else it raises, and being
    stopped, means that the whole channel is in trouble: what waits is tried again later, with growing pauses, for
    three days.
    """
    address: Callable[[str], str] = str
    """Where it reaches the person with this e-mail address, which the LMS gave and which may be empty; an empty answer
    means: not at all."""
