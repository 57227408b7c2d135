"""What the worker does by timer: bring the log to its readers, and delete what is over."""

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity import usage
from lmssocial.core.activity.relay import Handler, relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.jobs import Jobs
from lmssocial.lms.identity import handover
from lmssocial.lms.identity import sessions as web_sessions
from lmssocial.lms.lti import pending

log = structlog.get_logger(__name__)

SUBSCRIBERS: dict[str, Handler] = {"usage": usage.count}
"""Who reads the activity log."""


def register(jobs: Jobs, sessions: sessionmaker[Session]) -> None:
    """Name every job and its period; whoever has the same jobs can ask for them out of turn."""
    jobs.every("relay", timedelta(seconds=2), lambda: _tell("relay", relay(sessions, SUBSCRIBERS)))
    jobs.every("sweep", timedelta(minutes=10), lambda: _tell("sweep", sweep(sessions)))


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


def _tell(job: str, done: int) -> None:
    if done:
        log.info("job done", job=job, done=done)
