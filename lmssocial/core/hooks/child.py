"""The policies' process: ``python -m lmssocial.core.hooks.child CHANNEL OPTIONS``, started by :mod:`.process`.

It is two processes. The keeper imports the plugins once, judges nothing and waits for orders on its standard input.
The worker is a fork of it and asks the policies. When a policy hangs beyond help, ends its process or leaves it in an
unknown state, the keeper ends the worker and forks a fresh one, which takes milliseconds where an import would take
seconds. When the orders end, because whoever gave them is gone, both end.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field

from lmssocial.core.hooks.host import PluginHost, installed
from lmssocial.core.hooks.judging import read_catalogues
from lmssocial.core.hooks.wire import line
from lmssocial.core.hooks.worker import work

FRESH = b"n"
"""The order to end the worker, if there is one, and to fork another."""


@dataclass
class Keeper:
    """Who keeps a worker ready."""

    host: PluginHost
    channel: socket.socket
    memory: int
    """Bytes a worker may use beyond what the plugins took when they were imported."""
    orders: int
    """The file descriptor that orders come from."""
    worker: int = 0
    """Its process id; 0 while there is none."""
    forks: int = 0
    wakes: tuple[int, int] = field(default_factory=os.pipe)
    """What the end of a child process is heard through."""

    def run(self) -> None:
        """Follow orders until there are none."""
        for end in self.wakes:
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakes[1], warn_on_full_buffer=False)
        while True:
            heard, _, _ = select.select([self.orders, self.wakes[0]], [], [])
            if self.wakes[0] in heard:
                with suppress(BlockingIOError):
                    os.read(self.wakes[0], 4096)
                self._bury()
            if self.orders in heard:
                order = os.read(self.orders, 1)
                self._kill()
                if not order:
                    return
                self._fork()

    def _bury(self) -> None:
        """Tell how the worker ended, if it did without being asked to."""
        pid, status = os.waitpid(self.worker, os.WNOHANG) if self.worker else (0, 0)
        if pid:
            self.worker = 0
            self.channel.sendall(line(ended=_how(status)))

    def _kill(self) -> None:
        if self.worker:
            os.kill(self.worker, signal.SIGKILL)
            os.waitpid(self.worker, 0)
            self.worker = 0

    def _fork(self) -> None:
        self.forks += 1
        self.channel.sendall(line(fresh=self.forks))
        pid = os.fork()
        if pid:
            self.worker = pid
            return
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self.orders, *self.wakes):
                os.close(end)
            work(self.host, self.channel, self.memory)
            status = 0
        finally:
            os._exit(status)  # not back into the keeper's loop, whatever was raised


def _how(status: int) -> str:
    """How a process ended, for people."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"It ended its process with exit status {code}."
    with suppress(ValueError):
        return f"Its process was ended by {signal.Signals(-code).name}."
    return f"Its process was ended by signal {-code}."


def load(channel: socket.socket, names: list[str]) -> PluginHost:
    """Import the plugins called ``names``, saying before each which one it is."""
    host = PluginHost()
    for point in installed():
        if point.name in names:
            channel.sendall(line(loading=point.name))
            host.load_entry_point(point)
    read_catalogues(host)
    gc.collect()
    gc.freeze()  # so that workers share the memory of what was imported
    channel.sendall(line(loaded={name: broken.reason for name, broken in host.broken.items()}))
    return host


def main(descriptor: str, options: str) -> None:
    """Keep a worker until the orders end.

    :param descriptor: the number of the socket that jobs come from and answers go to.
    :param options: JSON: ``names`` of the plugins, ``memory`` in bytes.
    """
    orders = os.dup(0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 – a device
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # plugins may print
    told = json.loads(options)
    channel = socket.socket(fileno=int(descriptor))
    Keeper(load(channel, told["names"]), channel, told["memory"], orders).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
