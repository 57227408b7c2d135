"""What became of logins and launches: one row each, for administrators who are asked what happened."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import LaunchRecord

KEPT = timedelta(days=30)
"""How long a record is kept."""
UNNAMED_AT_MOST = 30
"""Refusals without a platform that are written down in a minute: anybody on the internet can cause one."""
NAMED_AT_MOST = 120
"""Refusals of one platform that are written down in a minute; a whole class that is refused is told apart from one."""
LONGEST_MS = 2_000_000_000
"""What the columns of milliseconds hold: a clock may be off by years, and then it is off by weeks at least."""
SWEEP_AT_MOST = 500
"""Rows removed at one sweep, so that it never takes long."""


@dataclass(frozen=True, kw_only=True)
class What:
    """What there is to say about one login or launch."""

    tenant_id: int | None = None
    registration_id: int | None = None
    deployment_id: str = ""
    message_type: str = ""
    cause: str = ""
    """Code of the cause of a refusal; empty if somebody was let in."""
    detail: str = ""
    reference: str = ""
    course_id: int | None = None
    way: str = ""
    """``cookie`` or ``storage``."""
    skew_ms: int | None = None
    took_ms: int = 0


def record(session: Session, what: What) -> int:
    """Write it down; what is too long is cut. Gives its id."""
    row = LaunchRecord(
        at=clock.now(),
        tenant_id=what.tenant_id,
        registration_id=what.registration_id,
        deployment_id=_printable(what.deployment_id, 255),
        message_type=what.message_type[:64],
        cause=what.cause,
        detail=_printable(what.detail, 500),
        reference=what.reference,
        course_id=what.course_id,
        way=what.way,
        skew_ms=None if what.skew_ms is None else max(-LONGEST_MS, min(what.skew_ms, LONGEST_MS)),
        took_ms=min(what.took_ms, LONGEST_MS),
    )
    session.add(row)
    session.flush()
    return row.id


def record_refused(session: Session, what: What) -> bool:
    """Write a refusal down, unless so many were written in the last minute that more would tell nothing new.

    Whoever scans the addresses of launches cannot fill the disk with it; what is not written here is in the log.

    :returns: whether it was written down.
    """
    at_most = UNNAMED_AT_MOST if what.registration_id is None else NAMED_AT_MOST
    lately = (
        select(LaunchRecord.id)
        .where(
            LaunchRecord.at > clock.now() - timedelta(minutes=1),
            LaunchRecord.registration_id == what.registration_id
            if what.registration_id is not None
            else LaunchRecord.registration_id.is_(None),
            LaunchRecord.cause != "",
        )
        .limit(at_most)
    )
    if len(session.scalars(lately).all()) >= at_most:
        return False
    record(session, what)
    return True


def refuse(session: Session, record_id: int, cause: str, detail: str, reference: str) -> bool:
    """Say of a launch that was written down as let in that it came to nothing; gives whether it was there."""
    row = session.get(LaunchRecord, record_id)
    if row is None:
        return False
    row.cause, row.detail, row.reference = cause, _printable(detail, 500), reference
    return True


def sweep(session: Session) -> int:
    """Remove records that are old, some hundreds at a time; give how many."""
    old = (
        select(LaunchRecord.id)
        .where(LaunchRecord.at < clock.now() - KEPT)
        .limit(SWEEP_AT_MOST)
        .with_for_update(skip_locked=True)
    )
    gone = session.execute(
        delete(LaunchRecord)
        .where(LaunchRecord.id.in_(old))
        .returning(LaunchRecord.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _printable(text: str, at_most: int) -> str:
    """``text`` as any database can hold it: an LMS may send anything."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:at_most]
    )
