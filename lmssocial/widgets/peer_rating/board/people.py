"""Everybody who takes part, as staff see them: what they handed in, what they got, gave and owe."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.board import columns
from lmssocial.widgets.peer_rating.models import HANDED_IN, Extension, Work, WorkState

PAGE = 50
"""People on a page."""


class Which(StrEnum):
    """Some of them."""

    HANDED_IN = "in"
    """Whose work is there."""
    NOTHING = "nothing"
    """Who handed nothing in."""
    OWES = "owes"
    """Who did fewer reviews than were asked of them."""
    FEW = "few"
    """Whose work has too few reviews."""
    APART = "apart"
    """Whose work got reviews that disagree."""
    FLAGGED = "flagged"
    """Whose own reviews should be looked at."""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody in the list."""

    user_id: int
    name: str
    work_id: int | None
    alias: int | None
    work_state: WorkState | None
    words_state: State | None
    is_late: bool
    submitted_at: datetime | None
    got: int
    """Finished reviews of their work."""
    live: int
    """Reviews of it under way."""
    given: int
    """Reviews they wrote."""
    open: int
    """Reviews they hold."""
    last_at: datetime | None
    """When they last did something here."""
    submit_due_at: datetime | None
    """Their own date, if they have one."""
    review_due_at: datetime | None
    is_flagged: bool

    @property
    def is_in(self) -> bool:
        """Whether they handed in."""
        return self.work_state in HANDED_IN


@dataclass(frozen=True, kw_only=True)
class People:
    """A page of the list."""

    rows: tuple[PersonRow, ...]
    after: int | None
    """The person after whom the next page begins; ``None`` if there is none."""


def people(
    session: Session,
    actor: Actor,
    running: Running,
    *,
    asked: int,
    which: Which | None = None,
    called: str = "",
    after: int = 0,
) -> People:
    """Everybody who takes part, by name. One statement. The caller has asked who may know.

    :param asked: how many reviews are asked of each.
    :param called: parts of a name.
    :param after: begins after this person.
    """
    statement = _rows(actor, running)
    if which is not None:
        statement = statement.where(_chosen(running, which, asked))
    for part in called.split():
        statement = statement.where(User.name.icontains(part, autoescape=True))
    if after:
        name = select(User.name).where(User.id == after).scalar_subquery()
        statement = statement.where(tuple_(User.name, User.id) > tuple_(name, literal(after)))
    rows = [_row(found) for found in session.execute(statement.limit(PAGE + 1))]
    return People(rows=tuple(rows[:PAGE]), after=rows[PAGE - 1].user_id if len(rows) > PAGE else None)


def one(session: Session, actor: Actor, running: Running, user_id: int) -> PersonRow | None:
    """One of them; ``None`` if nobody takes part under that id."""
    found = session.execute(_rows(actor, running).where(User.id == user_id)).first()
    return _row(found) if found else None


_LAST = "last_works"
_GIVEN = "given"


def _rows(actor: Actor, running: Running) -> Any:
    last, gave = columns.last_works(running).alias(_LAST), columns.given(running).alias(_GIVEN)
    done, live = columns.got(running)
    placement_id = running.placement.id
    return (
        select(
            User.id,
            User.name,
            Work.id.label("work_id"),
            Work.alias,
            Work.state.label("work_state"),
            Work.is_late,
            Work.submitted_at,
            Contribution.state.label("words_state"),
            done.label("got"),
            live.label("live"),
            func.coalesce(gave.c.done, 0).label("given"),
            func.coalesce(gave.c.open, 0).label("open"),
            gave.c.last_at,
            Extension.submit_due_at,
            Extension.review_due_at,
            columns.is_flagged(running).label("is_flagged"),
        )
        .select_from(User)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(last, last.c.user_id == User.id)
        .outerjoin(Work, Work.id == last.c.work_id)
        .outerjoin(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(gave, gave.c.user_id == User.id)
        .outerjoin(Extension, and_(Extension.placement_id == placement_id, Extension.user_id == User.id))
        .where(taking_part(actor.course_id))
        .order_by(User.name, User.id)
    )


def _chosen(running: Running, which: Which, asked: int) -> ColumnElement[bool]:
    is_in = Work.state.in_(HANDED_IN)
    gave = columns.given(running).alias("done_by")
    done = func.coalesce(select(gave.c.done).where(gave.c.user_id == User.id).scalar_subquery(), 0)
    owes: ColumnElement[bool] = done < asked
    chosen: dict[Which, ColumnElement[bool]] = {
        Which.HANDED_IN: is_in,
        Which.NOTHING: or_(Work.id.is_(None), ~is_in),
        Which.OWES: and_(owes, is_in) if running.settings.needs_own else owes,
        Which.FEW: columns.is_few(running),
        Which.APART: and_(is_in, columns.disagrees(running)),
        Which.FLAGGED: columns.is_flagged(running),
    }
    return chosen[which]


def _row(found: Any) -> PersonRow:
    moments = [moment for moment in (found.submitted_at, found.last_at) if moment is not None]
    return PersonRow(
        user_id=found.id,
        name=found.name,
        work_id=found.work_id,
        alias=found.alias,
        work_state=found.work_state,
        words_state=found.words_state,
        is_late=bool(found.is_late),
        submitted_at=found.submitted_at,
        got=found.got or 0,
        live=found.live or 0,
        given=found.given,
        open=found.open,
        last_at=max(moments, default=None),
        submit_due_at=found.submit_due_at,
        review_due_at=found.review_due_at,
        is_flagged=bool(found.is_flagged),
    )
