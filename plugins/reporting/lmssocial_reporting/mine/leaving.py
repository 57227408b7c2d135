"""What one's own page keeps about a person: handed out, and forgotten."""

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lmssocial_reporting.mine.models import Assessment, Rating
from lmssocial_reporting.models import Withheld


def export(session: Session, user_id: int) -> dict[str, Any]:
    """What somebody leaves out, says of skills, and was told of theirs, as JSON values.

    What others told of themselves is theirs: of what somebody said of a colleague they get what they said.
    """
    withheld = session.scalars(select(Withheld).where(Withheld.member == user_id).order_by(Withheld.id))
    rows = session.scalars(
        select(Assessment)
        .where(or_(Assessment.about == user_id, Assessment.by == user_id))
        .order_by(Assessment.id)
    ).all()
    levels: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    for one in session.scalars(select(Rating).where(Rating.assessment_id.in_(levels))):
        levels[one.assessment_id][one.skill] = one.level
    return {
        "left_out": [
            {
                "course": row.course_id,
                "kind": row.kind,
                "day": row.day.isoformat() if row.day else None,
                "contested": row.contested,
                "words": row.words,
            }
            for row in withheld
        ],
        "assessments": [
            {
                "course": row.course_id,
                "of_oneself": row.about == user_id,
                "said_by_oneself": row.by == user_id,
                "state": row.state,
                "asked_at": row.asked_at.isoformat(),
                "given_at": row.given_at.isoformat() if row.given_at else None,
                "skills": levels[row.id],
                "words": row.words,
            }
            for row in rows
        ],
    }


def forget(session: Session, user_id: int) -> None:
    """Delete what somebody left out, what is said of them, and what they were asked.

    What they told colleagues stays with these, by nobody.
    """
    session.execute(delete(Withheld).where(Withheld.member == user_id))
    gone = (Assessment.about == user_id) | ((Assessment.by == user_id) & (Assessment.state != "given"))
    session.execute(delete(Rating).where(Rating.assessment_id.in_(select(Assessment.id).where(gone))))
    session.execute(delete(Assessment).where(gone))
    session.execute(update(Assessment).where(Assessment.by == user_id).values(by=0))
