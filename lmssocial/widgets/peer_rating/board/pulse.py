"""The least that says whether anything on the board has changed. One statement; it runs every twenty seconds."""

import hashlib
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.board.stuck import time_runs_out
from lmssocial.widgets.peer_rating.models import Edge, Extension, Review, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison
from lmssocial.widgets.peer_rating.scoring_models import Appeal, Override, Result


def stamp_of(session: Session, actor: Actor, running: Running) -> str:
    """A short text that is another one as soon as the board would say something else."""
    placement_id = running.placement.id
    row = session.execute(select(*_facts(actor, placement_id))).one()
    runs_out = time_runs_out(running, clock.now())
    said = "|".join(str(value) for value in (running.activity.version, running.phase, runs_out, *row))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _facts(actor: Actor, placement_id: int) -> list[Any]:
    def here(*what: Any, of: Any) -> list[Any]:
        return [select(one).where(of.placement_id == placement_id).scalar_subquery() for one in what]

    people = (
        select(func.count())
        .select_from(User)
        .join(Membership, Membership.user_id == User.id)
        .where(taking_part(actor.course_id))
    )
    troubled = (
        select(func.count())
        .select_from(Score)
        .join(Column, Column.id == Score.column_id)
        .where(Column.placement_id == placement_id, Score.condition == Condition.GIVEN_UP)
    )
    judged = func.count().filter(Comparison.submitted_at.is_not(None))
    return [
        people.scalar_subquery(),
        troubled.scalar_subquery(),
        *here(func.count(), func.sum(Work.version), func.sum(Work.completed), func.sum(Work.live), of=Work),
        *here(func.count(), func.sum(Review.version), of=Review),
        *here(func.count(), judged, of=Comparison),
        *here(func.sum(Contribution.version), of=Contribution),
        *here(func.count(), func.max(Extension.given_at), of=Extension),
        *here(func.count(), func.sum(Appeal.version), of=Appeal),
        *here(func.max(Result.computed_at), of=Result),
        *here(func.count(), func.max(Override.withdrawn_at), of=Override),
        *here(func.count(), of=Edge),
    ]
