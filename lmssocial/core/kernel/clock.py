"""The one clock. Everything that asks for the time asks here, so that a test or a seeded history can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[datetime | None] = ContextVar("lmssocial_clock", default=None)


def now() -> datetime:
    """The present moment, always in UTC and always aware of it."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let :func:`now` answer ``moment`` inside the block, in this thread or task only.

    :param moment: an aware time; it is turned into UTC.
    :raises ValueError: if ``moment`` carries no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
