"""What the program asks of a job library: three verbs."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol


class Jobs(Protocol):
    """Wakes a worker. Jobs carry no arguments: what there is to do stands in the database."""

    def soon(self, name: str) -> None:
        """Ask a worker to run the job called ``name`` now. Best effort: if it is lost, the timer comes anyway."""

    def every(
        self, name: str, period: timedelta, job: Callable[[], object], *, in_main_thread: bool = False
    ) -> None:
        """Register ``job`` under ``name``, to be run each ``period`` and whenever :meth:`soon` asks.

        :param in_main_thread: run it where it can be interrupted: by its timer only, in the thread that runs
            :meth:`run_worker`, one such job after the other.
        """

    def stopping(self) -> bool:
        """Whether the worker is asked to stop: for jobs that take long and can go on another time."""

    def run_worker(self, stop: threading.Event) -> None:
        """Run jobs, those asked for and those of the timers, until ``stop`` is set."""
