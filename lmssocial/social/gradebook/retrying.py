"""Having grades tried again, at the wish of whoever grades. Nothing here commits."""

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.gradebook import access
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.rulings import Trouble


def retry(session: Session, actor: Actor, placement_id: int, score_id: int) -> bool:
    """Have a grade that was given up tried again from the beginning; whether there is one.

    :raises NotAllowed: if the actor does not grade here.
    """
    return (
        _retry(session, actor, placement_id, (Score.id == score_id) & (Score.condition == Condition.GIVEN_UP))
        == 1
    )


def retry_all(session: Session, actor: Actor, placement_id: int) -> int:
    """Have everything tried again that was given up or waits after a failure; says how many those are.

    Only where the LMS asked us to wait, we do.

    :raises NotAllowed: if the actor does not grade here.
    """
    failed = (Score.condition == Condition.WAITING) & Score.trouble.not_in(["", Trouble.BUSY.value])
    return _retry(session, actor, placement_id, (Score.condition == Condition.GIVEN_UP) | failed)


def _retry(session: Session, actor: Actor, placement_id: int, which: ColumnElement[bool]) -> int:
    access.require_grader(session, actor, placement_id)
    columns = select(Column.id).where(Column.placement_id == placement_id).scalar_subquery()
    asked = session.scalars(
        update(Score)
        .where(Score.column_id.in_(columns), which)
        .values(condition=Condition.WAITING, trouble="", attempts=0, next_at=clock.now())
        .returning(Score.id)
        .execution_options(synchronize_session=False)
    )
    return len(asked.all())
