"""The worker: timers and deliveries, in a process of its own beside the web server."""

import signal
import threading

from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.jobs import Jobs
from lmssocial.lms.identity import handover
from lmssocial.lms.identity import sessions as web_sessions
from lmssocial.lms.lti import pending


def run(jobs: Jobs) -> None:
    """Run jobs until the process is asked to stop; what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.run_worker(stop)


def sweep(sessions: sessionmaker[Session]) -> int:
    """Delete what is over: logins nobody came back from, and sign-ins that expired. Says how many rows went."""
    removed = 0
    for sweep_some in (pending.sweep, handover.sweep, web_sessions.sweep):
        while True:
            with sessions() as session, unit_of_work(session):
                some = sweep_some(session)
            removed += some
            if not some:
                break
    return removed
