"""The works of an activity, as those see them who look after it: how many reviews each has, and who writes them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import counted, runs, works_seen_by
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.board import columns, lines, stuck
from lmssocial.widgets.peer_rating.board.lines import ReviewLine
from lmssocial.widgets.peer_rating.models import HANDED_IN, Review, ReviewState, Source, Work, WorkState

PAGE = 50
"""Works on a page."""


class Show(StrEnum):
    """Some of them."""

    FEW = "few"
    """Too few reviews, and none by staff."""
    STUCK = "stuck"
    """Too few, nobody is writing one, and nobody will unless staff do something."""
    APART = "apart"
    """Reviews that disagree."""
    LATE = "late"
    HELD = "held"
    """Waiting for a moderator."""
    OUT = "out"
    """Withdrawn by authors, or taken out by staff."""


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """A work in the list."""

    id: int
    alias: int
    authors: str
    """Names; empty for moderators who must not know them."""
    title: str
    state: WorkState
    words_state: State
    is_late: bool
    submitted_at: datetime
    got: int
    live: int
    lowest: float | None
    highest: float | None
    is_few: bool
    is_stuck: bool
    by_staff: bool
    reviews: tuple[ReviewLine, ...] = ()
    """Who reviews it; empty for moderators who must not know them."""
    mine: int | None = None
    """The reader's own review of it."""

    @property
    def is_in(self) -> bool:
        """Whether it is to be reviewed or graded at all."""
        return self.state in HANDED_IN


@dataclass(frozen=True, kw_only=True)
class Works:
    """A page of the list."""

    rows: tuple[WorkRow, ...]
    after: int | None
    """The work after which the next page begins; ``None`` if there is none."""


def works(
    session: Session, actor: Actor, running: Running, *, show: Show | None = None, after: int = 0
) -> Works:
    """A page of works in the order in which they came. Two statements. The caller has asked who may know."""
    statement = _rows(actor, running).where(Work.id > after).order_by(Work.id)
    if show is not None:
        statement = statement.where(_shown(actor, running, show))
    found = session.execute(statement.limit(PAGE + 1)).all()
    rows = _with_reviews(session, actor, running, found[:PAGE])
    return Works(rows=rows, after=rows[-1].id if len(found) > PAGE else None)


def one(session: Session, actor: Actor, running: Running, work_id: int) -> WorkRow:
    """One of them.

    :raises NotFound: if there is no such work here.
    """
    found = session.execute(_rows(actor, running).where(Work.id == work_id)).all()
    if not found:
        reason = f"no work {work_id} at placement {running.placement.id}"
        raise NotFound(_("There is no such work in this activity."), reason=reason)
    return _with_reviews(session, actor, running, found)[0]


def _rows(actor: Actor, running: Running) -> Any:
    done, live = columns.got(running)
    spread = (
        select(
            Review.work_id, func.min(Review.points).label("lowest"), func.max(Review.points).label("highest")
        )
        .where(Review.placement_id == running.placement.id, counted())
        .group_by(Review.work_id)
        .subquery()
    )
    return (
        select(
            Work,
            Contribution.title,
            Contribution.state.label("words_state"),
            lines.authors_of(Work.id).label("authors"),
            done.label("got"),
            live.label("under_way"),
            spread.c.lowest,
            spread.c.highest,
            columns.is_few(running).label("is_few"),
            stuck.is_stuck(actor, running, clock.now()).label("is_stuck"),
            columns.by_staff().label("by_staff"),
        )
        .join(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(spread, spread.c.work_id == Work.id)
        .where(Work.placement_id == running.placement.id, works_seen_by(actor))
    )


def _shown(actor: Actor, running: Running, show: Show) -> ColumnElement[bool]:
    is_in = Work.state.in_(HANDED_IN)
    shown: dict[Show, ColumnElement[bool]] = {
        Show.FEW: columns.is_few(running),
        Show.STUCK: stuck.is_stuck(actor, running, clock.now()),
        Show.APART: and_(is_in, columns.disagrees(running)),
        Show.LATE: and_(is_in, Work.is_late.is_(True)),
        Show.HELD: Contribution.state == State.HELD,
        Show.OUT: Work.state != WorkState.SUBMITTED,
    }
    return shown[show]


def _with_reviews(session: Session, actor: Actor, running: Running, found: Any) -> tuple[WorkRow, ...]:
    sees_authors = runs(actor) or gates.shows_authors(running.settings, running.phase)
    by_work: dict[int, list[ReviewLine]] = defaultdict(list)
    ids = [row.Work.id for row in found]
    for line in lines.lines(session, Review.work_id.in_(ids), Review.state.not_in(GONE)):
        by_work[line.work_id].append(line)
    return tuple(
        WorkRow(
            id=row.Work.id,
            alias=row.Work.alias,
            authors=(row.authors or "") if sees_authors else "",
            title=row.title,
            state=row.Work.state,
            words_state=row.words_state,
            is_late=row.Work.is_late,
            submitted_at=row.Work.submitted_at,
            got=row.got or 0,
            live=row.under_way or 0,
            lowest=row.lowest,
            highest=row.highest,
            is_few=bool(row.is_few),
            is_stuck=bool(row.is_stuck),
            by_staff=bool(row.by_staff),
            reviews=tuple(by_work[row.Work.id]) if runs(actor) else (),
            mine=_mine(actor, by_work[row.Work.id]),
        )
        for row in found
    )


GONE = (ReviewState.DECLINED, ReviewState.EXPIRED, ReviewState.REVOKED)
"""The states of reviews that nobody writes any more."""


def _mine(actor: Actor, found: list[ReviewLine]) -> int | None:
    own = (line.id for line in found if line.reviewer_id == actor.user_id and line.source is Source.STAFF)
    return next(own, None)
