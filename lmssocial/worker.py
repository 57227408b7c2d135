"""The worker: timers and deliveries, in a process of its own beside the web server."""

import signal
import threading

from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.jobs import HueyJobs
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.lti.models import PendingLogin


def run(jobs: HueyJobs) -> None:
    """Run jobs until the process is asked to stop; what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.run_worker(stop)


def sweep(sessions: sessionmaker[Session]) -> int:
    """Delete what is over: sign-ins and logins that expired. Says how many rows went."""
    removed = 0
    for table in (PendingLogin, WebSession):
        with sessions() as session, unit_of_work(session):
            result = session.execute(delete(table).where(table.expires_at < clock.now()))
            removed += result.rowcount  # type: ignore[attr-defined]  # a DELETE always gives a CursorResult
    return removed
