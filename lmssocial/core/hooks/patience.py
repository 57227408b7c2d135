"""Interrupting what a plugin does when it takes too long, by a timer of the process.

It works in the main thread only, and on everything that Python can interrupt: loops, sleeping, waiting, regular
expressions. A long call in C is interrupted when it returns.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INSIST = 0.02
"""Seconds after which one who caught the interruption is interrupted again."""


class OutOfTime(BaseException):
    """A plugin's time is over. No ``Exception``, so that ``except Exception`` in a plugin lets it through."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the block take at most ``seconds``; outside of the main thread it takes as long as it likes.

    Whatever a plugin did to signals before is undone.

    :raises OutOfTime: somewhere within the block, when its time is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        signal.setitimer(signal.ITIMER_REAL, seconds, INSIST)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_: object) -> None:
    raise OutOfTime
