"""What the written reports keep about a person, to be handed out to them."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial_reporting.report.models import DraftSection, PublishedReport


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The sections they were the last to save, and the reports they published or withdrew. Two queries."""
    sections = session.scalars(
        select(DraftSection).where(DraftSection.changed_by == user_id).order_by(DraftSection.id)
    )
    reports = session.execute(
        select(
            PublishedReport.title,
            PublishedReport.published_at,
            PublishedReport.published_by,
            PublishedReport.withdrawn_at,
            PublishedReport.withdrawn_by,
            PublishedReport.withdrawn_because,
        )
        .where(or_(PublishedReport.published_by == user_id, PublishedReport.withdrawn_by == user_id))
        .order_by(PublishedReport.id)
    )
    return {
        "report_sections": [
            {
                "scope": one.scope,
                "section": one.name,
                "content": one.content,
                "saved_at": one.changed_at.isoformat(),
            }
            for one in sections
        ],
        "reports": [
            {"title": one.title}
            | ({"published_at": one.published_at.isoformat()} if one.published_by == user_id else {})
            | (
                {"withdrawn_at": one.withdrawn_at.isoformat(), "withdrawn_because": one.withdrawn_because}
                if one.withdrawn_by == user_id
                else {}
            )
            for one in reports
        ],
    }
