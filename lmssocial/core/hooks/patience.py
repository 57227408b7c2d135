"""Interrupting what a plugin does when it takes too long.

:func:`within` does it by a timer of the process. It works in the main thread only, and on everything that Python can
interrupt: loops, sleeping, waiting, regular expressions. A long call in C is interrupted when it returns.

:func:`answer` does it in any thread, for functions that need nothing but what they are given: it stops waiting.
"""

import ctypes
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

INSIST = 0.02
"""Seconds after which one who caught the interruption is interrupted again."""

_hurried: list[float] = []
"""How many seconds the block that is under way is left by :func:`hurry`; empty if it is not to be hurried."""


class OutOfTime(BaseException):
    """A plugin's time is over. No ``Exception``, so that ``except Exception`` in a plugin lets it through."""


@contextmanager
def within(seconds: float, *, hurried: float | None = None) -> Iterator[None]:
    """Let the block take at most ``seconds``; outside of the main thread it takes as long as it likes.

    Whatever a plugin did to signals before is undone.

    :param hurried: how many seconds are left to it when somebody calls :func:`hurry` meanwhile; ``None`` leaves it
        all of its time.
    :raises OutOfTime: somewhere within the block, when its time is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        if hurried is not None:
            _hurried.append(hurried)
        signal.setitimer(signal.ITIMER_REAL, seconds, INSIST)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _hurried.clear()


def hurry() -> None:
    """Leave a block that may be hurried only a few seconds more, because the process is asked to stop.

    For handlers of signals: they run in the main thread.
    """
    if _hurried and signal.getitimer(signal.ITIMER_REAL)[0] > _hurried[0]:
        signal.setitimer(signal.ITIMER_REAL, _hurried[0], INSIST)


def answer(ask: Callable[[], T], seconds: float) -> T:
    """What ``ask`` returns, from a thread of its own that is left behind, and told to end, when its time is over.

    Web servers answer in threads that no timer interrupts, and nothing of ours is interrupted half way.

    :raises OutOfTime: if it takes longer than ``seconds``.
    :raises BaseException: whatever ``ask`` raises.
    """
    found: list[T] = []
    raised: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            found.append(context.run(ask))
        except BaseException as error:  # noqa: BLE001 – it is raised where somebody waits for it
            raised.append(error)

    thread = threading.Thread(target=run, name="plugin", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _end(thread)
        raise OutOfTime
    if raised:
        raise raised[0]
    return found[0]


def _end(thread: threading.Thread) -> None:
    """Raise :class:`OutOfTime` in ``thread`` as soon as Python runs there again; whoever catches it is left alone."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))


def _ring(*_: object) -> None:
    raise OutOfTime
