"""The worker: timers and deliveries, in a process of its own beside the web server."""

import signal
import threading

from lmssocial.core.jobs import Jobs


def run(jobs: Jobs) -> None:
    """Run jobs until the process is asked to stop; what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.run_worker(stop)
