"""The demo's processes: started together, watched, and stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Never, Self

PATIENCE = 8.0
"""Seconds a process gets to finish what is under way before it is killed."""
_PR_SET_PDEATHSIG = 1


class Ended(Exception):
    """A process ended by itself; the message says which, and how its log ends."""


@dataclass(frozen=True)
class _Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Company:
    """Processes that live and die together. On Linux they also end when this one is killed."""

    def __init__(self, environment: Mapping[str, str], log_dir: Path) -> None:
        """:param environment: all their variables; their output goes to files in ``log_dir``."""
        self._environment = dict(environment)
        self._log_dir = log_dir
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        """Begin with nobody."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them, whatever happened."""
        self.stop()

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start ``lmssocial <arguments>`` as a process called ``name``."""
        log = self._log_dir / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "lmssocial", *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and each is asked to end once, in our order
                preexec_fn=_end_with_parent(),  # noqa: PLW1509  # no thread of ours runs yet
            )
        self._children.append(_Child(name, process, log))

    def check(self) -> None:
        """Make sure that all of them run.

        :raises Ended: if one does not.
        """
        for child in self._children:
            status = child.process.poll()
            if status is not None:
                raise Ended(
                    f"The {child.name} stopped by itself (status {status}). Its log ends:\n{_tail(child.log)}"
                )

    def wait_until(self, ready: Callable[[], bool], *, within: float) -> None:
        """Wait until ``ready`` says so.

        :raises Ended: if a process ends before, or the time is over.
        """
        end = time.monotonic() + within
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise Ended(f"Nothing answered within {within:.0f} seconds; see the logs in {self._log_dir}.")
            time.sleep(0.05)

    def watch(self) -> Never:
        """Look after them until Ctrl-C.

        :raises Ended: if one ends by itself.
        """
        while True:
            self.check()
            time.sleep(0.25)

    def stop(self) -> None:
        """Ask all of them to end, and see to it that they do; another Ctrl-C does not leave any behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in self._children:
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)  # with the processes it started itself
                child.process.wait()
        self._children.clear()


def stop_by_interrupt() -> None:
    """Let Ctrl-C, a request to terminate and a closed terminal all raise :class:`KeyboardInterrupt` from now on."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, signal.default_int_handler)


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, what a new process does first: ask to be terminated when this one dies, even by ``kill -9``."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def follow() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return follow
