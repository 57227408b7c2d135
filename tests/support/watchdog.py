"""A test that never ends must not hold up all others.

A browser that forgets a key press, a thread that waits for one that failed: nobody can give each of them an end of its
own. So a process in which a test takes far too long says where each of its threads is, and ends, with every process it
started. xdist reports the test as failed and carries on in a new process; see ``together.py``.
"""

import contextlib
import faulthandler
import os
import threading
from collections.abc import Generator

import psutil
import pytest

LONGEST = 300
"""Seconds a test may take, with the making of what it shares with others; the slowest takes about one minute."""


class Watchdog:
    """A plugin of pytest that ends this process when a test takes longer than ``seconds``."""

    def __init__(self, seconds: float = LONGEST) -> None:
        """Keep hold of where errors go before pytest captures it."""
        self._seconds = seconds
        self._errors = os.dup(2)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watch one test, from making what it needs to putting it away."""
        timer = threading.Timer(self._seconds, self._end, [item.nodeid])
        timer.daemon = True
        timer.start()
        try:
            return (yield)
        finally:
            timer.cancel()

    def _end(self, name: str) -> None:
        os.write(
            self._errors, f"\n{name} has not ended within {self._seconds:g} seconds. It is here:\n".encode()
        )
        faulthandler.dump_traceback(self._errors, all_threads=True)
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        os._exit(1)
