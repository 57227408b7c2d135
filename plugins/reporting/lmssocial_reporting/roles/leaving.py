"""What the lists of resources keep about a person: handed out, and forgotten."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial_reporting.roles.models import Resource


def export(session: Session, user_id: int) -> dict[str, Any]:
    """What somebody added, as JSON values."""
    rows = session.scalars(select(Resource).where(Resource.added_by == user_id).order_by(Resource.id))
    return {"resources_added": [{"title": row.title, "url": row.url, "why": row.why} for row in rows]}


def forget(session: Session, user_id: int) -> None:
    """Let nobody have added it: it helps all the same."""
    session.execute(update(Resource).where(Resource.added_by == user_id).values(added_by=0))
