"""Dates that come: a consultation is over, a target is due for review. Its setters are told once of each."""

from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.plugin import Work, now
from lmssocial.plugin_data import record
from lmssocial_reporting.scope import today
from lmssocial_reporting.targets import events
from lmssocial_reporting.targets.models import TargetRow
from lmssocial_reporting.targets.values import Stage

MOST = 50
"""Targets that one call looks at."""


def remind(work: Work) -> bool:
    """Note which dates have come; says whether there may be more. Where the report is off, they wait."""
    with work.reading() as session:
        waiting = [(row.id, row.tenant_id, row.course_id) for row in _waiting(session)]
    noted = 0
    for target_id, tenant_id, course_id in waiting:
        settings = work.settings(tenant_id=tenant_id, course_id=course_id)
        if settings is not None:
            with work.unit_of_work() as session:
                noted += _note(session, target_id, today(settings))
    return noted > 0 and len(waiting) == MOST


def _waiting(session: Session) -> list[TargetRow]:
    soon = now().date() + timedelta(days=1)  # of some time zone it is tomorrow already
    return list(
        session.scalars(
            select(TargetRow)
            .where(
                or_(
                    and_(
                        TargetRow.stage == Stage.CONSULTED,
                        TargetRow.ends_on < soon,
                        TargetRow.said_over.is_(False),
                    ),
                    and_(
                        TargetRow.stage == Stage.RATIFIED,
                        TargetRow.review_on <= soon,
                        TargetRow.said_due.is_(False),
                    ),
                )
            )
            .order_by(TargetRow.id)
            .limit(MOST)
        )
    )


def _note(session: Session, target_id: int, day: date) -> int:
    row = session.get(TargetRow, target_id, with_for_update=True)
    if row is None:
        return 0
    event: type[events.TargetEvent]
    if row.stage == Stage.CONSULTED and row.ends_on is not None and row.ends_on < day and not row.said_over:
        row.said_over, event = True, events.ConsultationOver
    elif row.stage == Stage.RATIFIED and row.review_on <= day and not row.said_due:
        row.said_due, event = True, events.ReviewDue
    else:
        return 0
    record(
        session,
        event(
            tenant_id=row.tenant_id,
            course_id=row.course_id,
            community_id=row.community_id,
            actor_id=None,
            actor_role="",
            target_id=row.id,
            scope=row.scope,
            placement_id=row.placement_id,
        ),
    )
    return 1
