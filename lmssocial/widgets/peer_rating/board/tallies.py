"""How an activity stands, in numbers. Two statements, however large it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.gradebook import queries as gradebook
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.board import columns, stuck
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Work, WorkState
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """Each number leads to its list."""

    people: int
    """Who take part."""
    handed_in: int
    """Of them, how many handed in."""
    works: int
    late: int
    reviews: int
    """Finished reviews by peers; where works are compared, how often works were compared."""
    wanted: int
    """How many there shall be of them in all."""
    under_way: int
    few: int
    """Works with too few reviews."""
    stuck: int
    """Of those, how many will get none unless staff do something."""
    runs_out: bool
    """Whether time runs out for reviewing, so that too few is a reason to act."""
    disagreeing: int
    flagged: int
    """People whose reviews should be looked at."""
    appeals: int
    """That wait for an answer."""
    held: int
    """Works and reviews that wait for a moderator."""
    refused: int
    """Grades that the LMS did not take."""
    asked: int
    """How many reviews are asked of each: not more than there is work by others."""


def tallies_of(session: Session, actor: Actor, running: Running) -> Tallies:
    """How it stands now. The caller has asked who may know."""
    row = session.execute(select(*_numbers(actor, running))).mappings().one()
    grades = gradebook.tally(session, running.placement.id)
    each = columns.each(running)
    least = running.settings.wanted if not columns.compares(running) else 1
    return Tallies(
        **{name: int(number) for name, number in row.items()},
        wanted=row["works"] * least,
        runs_out=stuck.time_runs_out(running, clock.now()),
        refused=grades.in_trouble,
        asked=min(each, row["works"] - 1) if row["works"] > 1 and not columns.compares(running) else each,
    )


def _numbers(actor: Actor, running: Running) -> list[Any]:
    placement_id = running.placement.id
    done, live = columns.got(running)
    people = (
        select(func.count())
        .select_from(User)
        .join(Membership, Membership.user_id == User.id)
        .where(taking_part(actor.course_id))
    )
    handed_in = (  # a list that is made once: joined, the database may go through all works for each person
        select(Author.user_id)
        .join(Work, Work.id == Author.work_id)
        .where(Author.placement_id == placement_id, Work.state.in_(HANDED_IN))
    )
    works = select(func.count()).select_from(Work).where(Work.placement_id == placement_id)
    open_ones = Work.state == WorkState.SUBMITTED
    summed = select(func.coalesce(func.sum(done), 0)).where(Work.placement_id == placement_id, open_ones)
    flowing = select(func.coalesce(func.sum(live), 0)).where(Work.placement_id == placement_id, open_ones)
    appeals = select(func.count()).where(Appeal.placement_id == placement_id, Appeal.state.in_(UNDECIDED))
    return [
        people.scalar_subquery().label("people"),
        people.where(User.id.in_(handed_in)).scalar_subquery().label("handed_in"),
        _only(works, open_ones).label("works"),
        _only(works, Work.state.in_(HANDED_IN), Work.is_late.is_(True)).label("late"),
        summed.scalar_subquery().label("reviews"),
        flowing.scalar_subquery().label("under_way"),
        _only(works, columns.is_few(running)).label("few"),
        _only(works, stuck.is_stuck(actor, running, clock.now())).label("stuck"),
        _only(works, Work.state.in_(HANDED_IN), columns.disagrees(running)).label("disagreeing"),
        people.where(columns.is_flagged(running)).scalar_subquery().label("flagged"),
        appeals.scalar_subquery().label("appeals"),
        held_here(placement_id).scalar_subquery().label("held"),
    ]


def held_here(placement_id: int) -> Select[Any]:
    """How many works and reviews wait for a moderator."""
    return select(func.count(Contribution.id)).where(
        Contribution.placement_id == placement_id, Contribution.state == State.HELD
    )


def _only(works: Select[Any], *which: ColumnElement[bool]) -> Any:
    return works.where(*which).scalar_subquery()
