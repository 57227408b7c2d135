"""What the whole report keeps about a person: handed out to them, and forgotten when they are erased."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.plugin_data import address_of
from lmssocial_reporting.evidence import forgetting
from lmssocial_reporting.mine import leaving as own_part
from lmssocial_reporting.report import leaving as written
from lmssocial_reporting.report.models import DraftSection, PublishedReport
from lmssocial_reporting.roles import leaving as resources
from lmssocial_reporting.sending import outbox
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.targets import leaving as targets

_NOBODY = (
    DraftSection.changed_by,
    PublishedReport.published_by,
    PublishedReport.withdrawn_by,
)
"""Columns that say who did something for everybody, which stays."""


def export(session: Session, user_id: int, settings: Settings) -> dict[str, Any]:
    """Everything, as JSON values by name; ``settings`` say where acts and evidence stand."""
    return {
        **forgetting.export(session, user_id, settings),
        **own_part.export(session, user_id),
        **targets.export(session, user_id),
        **resources.export(session, user_id),
        **written.export(session, user_id),
    }


def forget(session: Session, user_id: int) -> None:
    """Forget them everywhere; published reports name nobody and stay as they are."""
    forgetting.hold_courses_of(session, user_id)
    own_part.forget(session, user_id)
    targets.forget(session, user_id)
    resources.forget(session, user_id)
    outbox.forget(session, address_of("/"), user_id)
    for column in _NOBODY:
        session.execute(
            update(column.class_)
            .where(column == user_id)
            .values({column.key: 0})
            .execution_options(synchronize_session=False)
        )
    forgetting.forget(session, user_id)
