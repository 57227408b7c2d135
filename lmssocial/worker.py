"""The worker: timers and deliveries, in a process of its own beside the web server."""

import os
import signal
import sys
import threading
from pathlib import Path

from lmssocial.core.hooks import patience
from lmssocial.core.jobs import Jobs
from lmssocial.front.health.running import held


def run(jobs: Jobs, data_dir: Path) -> None:
    """Run jobs until the process is asked to stop; what is under way is finished first. SIGHUP starts it anew."""
    stop, again = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        stop.set()
        patience.hurry()

    def begin_anew(*_: object) -> None:
        again.set()
        end()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    signal.signal(signal.SIGHUP, begin_anew)
    with held(data_dir, f"worker-{os.getpid()}"):
        jobs.run_worker(stop)
    if again.is_set():
        os.execv(sys.executable, [sys.executable, "-m", "lmssocial", "worker"])  # noqa: S606 – ourselves
