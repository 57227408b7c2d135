"""What became of logins and launches: one row each, for administrators who are asked what happened."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import LaunchRecord

KEPT = timedelta(days=30)
"""How long a record is kept."""
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


def record(session: Session, what: What) -> None:
    """Write it down; what is too long is cut."""
    session.add(
        LaunchRecord(
            at=clock.now(),
            tenant_id=what.tenant_id,
            registration_id=what.registration_id,
            deployment_id=what.deployment_id[:255],
            message_type=what.message_type[:64],
            cause=what.cause,
            detail=what.detail[:500],
            reference=what.reference,
            course_id=what.course_id,
            way=what.way,
            skew_ms=what.skew_ms,
            took_ms=what.took_ms,
        )
    )


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
