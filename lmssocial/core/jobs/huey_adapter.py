"""The port on Huey: a SQLite file of its own by default, Redis or Valkey by setting.

Huey may lose a task when a worker is killed; that is fine here, because a task only says "look now" and the timer
says the same a little later. The queue has its own file because a busy writer would lock ours.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from huey import RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.exceptions import HueyException
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class _QuietConsumer(Consumer):  # type: ignore[misc]  # Huey ships no types
    """Huey's consumer without signal handlers, so that it can live in a thread beside something else."""

    def _set_signal_handlers(self) -> None:
        """Leave the process's signals to whoever owns the process."""


class HueyJobs:
    """Jobs on Huey. The same object serves the web process (which only asks) and the worker (which runs)."""

    def __init__(self, *, data_dir: Path, redis_url: str = "") -> None:
        """Name the queue; nothing is opened before it is used."""
        if redis_url:
            self._huey: Any = RedisHuey("lmssocial", url=redis_url, results=False)
        else:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._huey = SqliteHuey("lmssocial", filename=str(data_dir / "jobs.sqlite3"), results=False)
        self._tasks: dict[str, Any] = {}
        self._timers: list[tuple[timedelta, Callable[[], None]]] = []
        self._in_main_thread: list[tuple[timedelta, Callable[[], None]]] = []
        self._stop = threading.Event()

    def every(
        self, name: str, period: timedelta, job: Callable[[], object], *, in_main_thread: bool = False
    ) -> None:
        """Register ``job``; see :class:`~lmssocial.core.jobs.port.Jobs`."""

        def run() -> None:
            try:
                job()
            except Exception:  # one job's failure must not end the worker; the next round tries again
                log.exception("job failed", job=name)

        if in_main_thread:
            self._in_main_thread.append((period, run))
            return
        self._tasks[name] = self._huey.task(name=name)(run)
        self._timers.append((period, run))

    def soon(self, name: str) -> None:
        """Ask for ``name`` now; a queue that is down or full costs a few seconds, never the request."""
        try:
            self._tasks[name]()
        except (HueyException, RedisError, OSError) as error:
            log.warning(
                "the worker could not be woken; its timer will find the work", job=name, error=str(error)
            )

    def stopping(self) -> bool:
        """Whether the worker is asked to stop; see :class:`~lmssocial.core.jobs.port.Jobs`."""
        return self._stop.is_set()

    def run_worker(self, stop: threading.Event) -> None:
        """Run jobs until ``stop`` is set: what is asked for at once, and each job by its timer."""
        self._stop = stop
        consumer = _QuietConsumer(
            self._huey, workers=1, periodic=False, initial_delay=0.05, max_delay=1.0, backoff=1.3
        )
        consumer.start()
        timers = [threading.Thread(target=_tick, args=(stop, *timer), daemon=True) for timer in self._timers]
        for timer in timers:
            timer.start()
        _take_turns(stop, self._in_main_thread)
        consumer.stop(graceful=True)
        for timer in timers:
            timer.join(timeout=10)


def _take_turns(stop: threading.Event, timers: list[tuple[timedelta, Callable[[], None]]]) -> None:
    """Run each of ``timers`` when it is due, one at a time, until ``stop`` is set."""
    due = [time.monotonic()] * len(timers)
    while not stop.wait(max(0.0, min(due) - time.monotonic()) if due else None):
        for number, (period, run) in enumerate(timers):
            if not stop.is_set() and due[number] <= time.monotonic():
                run()
                due[number] = time.monotonic() + period.total_seconds()


def _tick(stop: threading.Event, period: timedelta, run: Callable[[], None]) -> None:
    while not stop.is_set():
        run()
        stop.wait(period.total_seconds())
