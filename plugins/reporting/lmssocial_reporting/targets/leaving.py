"""What targets keep about a person: handed out, and forgotten."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lmssocial_reporting.targets.models import TargetRemark, TargetRow, TargetSetter, TargetVote


def export(session: Session, user_id: int) -> dict[str, Any]:
    """What somebody set, voted and said, as JSON values."""
    votes = session.execute(select(TargetVote).where(TargetVote.user_id == user_id)).scalars()
    remarks = session.execute(
        select(TargetRemark).where(TargetRemark.user_id == user_id).order_by(TargetRemark.id)
    ).scalars()
    return {
        "targets_set": list(
            session.scalars(select(TargetSetter.target_id).where(TargetSetter.user_id == user_id))
        ),
        "targets_written": list(session.scalars(select(TargetRow.id).where(TargetRow.written_by == user_id))),
        "votes_on_targets": [
            {"target": one.target_id, "agrees": one.agrees, "at": one.at.isoformat()} for one in votes
        ],
        "remarks_on_targets": [
            {"target": one.target_id, "words": one.words, "at": one.at.isoformat()} for one in remarks
        ],
    }


def forget(session: Session, user_id: int) -> None:
    """Take somebody off targets. What they voted stays counted and what they said stays readable, by nobody."""
    for agrees, column in ((True, TargetRow.kept_for), (False, TargetRow.kept_against)):
        voted = select(TargetVote.target_id).where(
            TargetVote.user_id == user_id, TargetVote.agrees.is_(agrees)
        )
        session.execute(
            update(TargetRow)
            .where(TargetRow.id.in_(voted))
            .values({column: column + 1})
            .execution_options(synchronize_session=False)
        )
    for name in ("written_by", "ratified_by", "retired_by"):
        session.execute(update(TargetRow).where(getattr(TargetRow, name) == user_id).values({name: 0}))
    session.execute(update(TargetRemark).where(TargetRemark.user_id == user_id).values(user_id=0))
    for table in (TargetSetter, TargetVote):
        session.execute(delete(table).where(table.user_id == user_id))
