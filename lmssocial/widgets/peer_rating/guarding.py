"""Asking allocators and scorings that others wrote: they get a share of time, and what they raise is one kind of error.

They are asked in a thread of their own, since web servers answer in threads that nothing interrupts, and an activity
is locked meanwhile: one that hangs must not keep it, or with SQLite the whole database, for ever.
"""

from collections.abc import Callable
from typing import TypeVar

from lmssocial.core.hooks.patience import OutOfTime, answer

R = TypeVar("R")

SHARE = 10.0
"""Seconds that working out all scores, or giving out all works, may take. Ten thousand works take ours less than half
of that, and whoever else wants to write to SQLite waits for fifteen."""
PICK = 2.0
"""Seconds that choosing the next work for one person may take: somebody waits for it."""


class Failed(Exception):
    """An allocator or a scoring did not answer. The message is one sentence for the log."""


def guarded(name: str, ask: Callable[[], R], seconds: float | None = None) -> R:
    """What ``ask`` answers.

    :param seconds: how long that may take; :data:`SHARE` unless it is said.
    :raises Failed: if it raised something, would end the process, or took too long.
    """
    share = SHARE if seconds is None else seconds
    try:
        return answer(ask, share)
    except OutOfTime:
        raise Failed(f"{name} did not answer within {share:g} seconds") from None
    except (Exception, SystemExit) as error:
        raise Failed(f"{name} raised {type(error).__name__}: {error}") from error
