"""What the program asks of a job library: two verbs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol


class Jobs(Protocol):
    """Wakes a worker. Jobs carry no arguments: what there is to do stands in the database."""

    def soon(self, name: str) -> None:
        """Ask a worker to run the job called ``name`` now. Best effort: if it is lost, the timer comes anyway."""

    def every(self, name: str, period: timedelta, job: Callable[[], None]) -> None:
        """Register ``job`` under ``name``, to be run each ``period`` and whenever :meth:`soon` asks."""
