"""The demo's processes: started together, watched, and stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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

    def stop(self) -> None:
        """Ask all of them to end, and see to it that they do."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in self._children:
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._children.clear()


def until_asked_to_stop(look: Callable[[], None]) -> None:
    """Call ``look`` four times a second until Ctrl-C, a closed terminal or a request to terminate."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    while not asked.wait(0.25):
        look()


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
