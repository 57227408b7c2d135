"""The policies' process as the web process holds it: start, orders, jobs, answers, end."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from lmssocial.core.hooks.wire import Job, Lines, Lost, send_job

SECRETS = "LMSSOCIAL_"
"""What the names of our own settings begin with; policies have no business with addresses and keys."""
FRESH = b"n"
"""The order for a fresh worker, as :mod:`lmssocial.core.hooks.child` understands it."""


class Process:
    """One keeper with its worker. Used by one thread at a time."""

    def __init__(self, names: Sequence[str], memory: int) -> None:
        """Start it; :meth:`load` waits until it is there.

        :param names: the plugins it imports.
        :param memory: bytes a worker may use beyond what the plugins took when they were imported.
        :raises OSError: if no process can be started.
        """
        self._owner = os.getpid()
        self._channel, theirs = socket.socketpair()
        orders, self._orders = os.pipe()
        self._lines = Lines(self._channel)
        self._forks = self._seen = 0
        self._ended = False
        self.loading = ""
        """The plugin it was importing when last heard of."""
        command = [sys.executable, "-P", "-m", "lmssocial.core.hooks.child", str(theirs.fileno())]
        try:
            self._popen = subprocess.Popen(
                [*command, json.dumps({"names": list(names), "memory": memory})],
                stdin=orders,
                pass_fds=(theirs.fileno(),),
                env=_environment(),
                start_new_session=True,  # neither Ctrl-C nor the server's signals are meant for it
            )
        except OSError:
            self._channel.close()
            os.close(self._orders)
            raise
        finally:
            theirs.close()
            os.close(orders)

    @property
    def pid(self) -> int:
        """The keeper's process id."""
        return self._popen.pid

    def load(self, until: float) -> dict[str, str]:
        """Wait until the plugins are imported, and order a worker; gives those that failed, with reasons.

        :raises Lost: if that takes longer than ``until``, or the process ends; :attr:`loading` says where.
        """
        while (told := self._lines.next(until)) is not None:
            if "loaded" in told:
                self.order_fresh()
                return {str(name): str(reason) for name, reason in dict(told["loaded"]).items()}
            self.loading = str(told.get("loading", self.loading))
        raise Lost("It took too long to start.")

    def order_fresh(self) -> None:
        """Have the worker ended, and another one made. :meth:`await_fresh` waits for it.

        :raises Lost: if there is nobody to take orders.
        """
        self._forks += 1
        try:
            os.write(self._orders, FRESH)
        except OSError as error:
            raise Lost("It has ended.") from error

    def await_fresh(self, until: float) -> bool:
        """Whether the worker ordered last is there by ``until``; whatever those before it said is passed over.

        :raises Lost: if the process has ended.
        """
        while self._seen != self._forks:
            told = self._lines.next(until)
            if told is None:
                return False
            if told.get("fresh") == self._forks:
                self._seen = self._forks
        return True

    def send(self, job: Job, until: float) -> None:
        """Hand ``job`` to the worker.

        :raises Lost: if it is not taken by ``until``.
        """
        send_job(self._channel, job, until)

    def next(self, until: float) -> dict[str, Any] | None:
        """The next thing it tells; ``None`` if there is nothing by ``until``.

        :raises Lost: if the process has ended.
        """
        return self._lines.next(until)

    def end(self) -> None:
        """End keeper and worker, at once. Does nothing in a process that was forked from the one it belongs to."""
        if self._ended or os.getpid() != self._owner:
            return
        self._ended = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # it leads a session of its own, and so a group
        self._popen.wait()
        os.close(self._orders)
        self._channel.close()


def _environment() -> dict[str, str]:
    """Ours without our settings; modules are looked for where this process looks for them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    return kept | {"PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}
