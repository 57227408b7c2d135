"""What the pages of office hours show: a constant number of queries, however many meetings there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts.hours import access, times
from lmssocial.widgets.experts.hours.finding import gaps_of, pattern_of
from lmssocial.widgets.experts.hours.seats import LIVE
from lmssocial.widgets.experts.hours.times import Pattern, Slot
from lmssocial.widgets.experts.hours_models import TAKES_A_SEAT, Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.models import ALIVE, Question

PAGE = 25
"""Meetings on one page."""
HOURS_AT_MOST = 200
"""Office hours of one community whose meetings are listed together."""


@dataclass(frozen=True, kw_only=True)
class HourLine:
    """An office hour with when it takes place."""

    hour: OfficeHour
    host_name: str
    pattern: Pattern


@dataclass(frozen=True, kw_only=True)
class Filled:
    """How a meeting is filled."""

    taken: int = 0
    waiting: int = 0
    is_called_off: bool = False
    mine: BookingState | None = None
    """What the reader has of it."""
    mine_id: int = 0


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting that can be booked, or waited for."""

    hour: OfficeHour
    host_name: str
    slot: Slot
    filled: Filled

    @property
    def key(self) -> str:
        """It in an address."""
        return times.key_of(self.slot.starts_at)

    @property
    def left(self) -> int:
        """Places that are free."""
        return max(0, self.hour.seats - self.filled.taken)

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands in a list."""
        return self.slot.starts_at, self.hour.id


@dataclass(frozen=True, kw_only=True)
class Meetings:
    """One page of meetings."""

    rows: list[MeetingLine] = field(default_factory=list)
    after: str = ""
    """Where the next page begins; empty: this is the last one."""


@dataclass(frozen=True, kw_only=True)
class BookingLine:
    """A booking with who else is concerned."""

    booking: Booking
    hour: OfficeHour
    host_name: str
    guest_name: str
    question: str = ""
    """The title of the question that it is about."""


def offered(session: Session, actor: Actor, host_id: int | None = None) -> list[HourLine]:
    """The office hours of the community that are still offered, by host and begin. Two queries."""
    statement = (
        select(OfficeHour, User.name)
        .join(User, User.id == OfficeHour.host_id)
        .where(OfficeHour.community_id == actor.community_id, OfficeHour.ended_at.is_(None))
        .order_by(User.name, OfficeHour.id)
        .limit(HOURS_AT_MOST)
    )
    if host_id is not None:
        statement = statement.where(OfficeHour.host_id == host_id)
    rows = session.execute(statement).all()
    gaps = gaps_of(session, [row.OfficeHour.id for row in rows])
    return [
        HourLine(
            hour=row.OfficeHour,
            host_name=row.name,
            pattern=pattern_of(row.OfficeHour, gaps.get(row.OfficeHour.id, ())),
        )
        for row in rows
    ]


def meetings(
    session: Session,
    actor: Actor,
    lines: Iterable[HourLine],
    *,
    after: tuple[datetime, int] | None = None,
    most: int = PAGE,
) -> Meetings:
    """The meetings that can be booked now, the soonest first. One query."""
    now = clock.now()
    found = sorted(
        ((slot, line) for line in lines for slot in _bookable(line, now)),
        key=lambda pair: (pair[0].starts_at, pair[1].hour.id),
    )
    if after is not None:
        found = [pair for pair in found if (pair[0].starts_at, pair[1].hour.id) > after]
    page = list(islice(found, most))
    filled = _filled(session, actor, page)
    rows = [
        MeetingLine(
            hour=line.hour,
            host_name=line.host_name,
            slot=slot,
            filled=filled.get((line.hour.id, slot.starts_at), Filled()),
        )
        for slot, line in page
    ]
    more = f"{rows[-1].key}.{rows[-1].hour.id}" if len(found) > most else ""
    return Meetings(rows=[row for row in rows if not row.filled.is_called_off], after=more)


def of_slot(session: Session, actor: Actor, line: HourLine, slot: Slot) -> MeetingLine:
    """One meeting. One query."""
    filled = _filled(session, actor, [(slot, line)])
    return MeetingLine(
        hour=line.hour,
        host_name=line.host_name,
        slot=slot,
        filled=filled.get((line.hour.id, slot.starts_at), Filled()),
    )


def line_of(session: Session, hour: OfficeHour) -> HourLine:
    """An office hour with its host's name and its days. Two queries."""
    name = session.scalar(select(User.name).where(User.id == hour.host_id)) or ""
    gaps = gaps_of(session, [hour.id])
    return HourLine(hour=hour, host_name=name, pattern=pattern_of(hour, gaps.get(hour.id, ())))


def place_of(text: str) -> tuple[datetime, int] | None:
    """Where a page begins, as :attr:`Meetings.after` says it; ``None`` if it says nothing."""
    key, _, number = text.partition(".")
    starts_at = times.of_key(key)
    return (starts_at, int(number)) if starts_at and number.isdigit() else None


def _bookable(line: HourLine, now: datetime) -> list[Slot]:
    hour = line.hour
    return times.slots(
        line.pattern,
        now + timedelta(hours=hour.notice_hours),
        now + timedelta(days=hour.horizon_days),
    )


def _filled(
    session: Session, actor: Actor, page: list[tuple[Slot, HourLine]]
) -> Mapping[tuple[int, datetime], Filled]:
    """How some meetings are filled, by office hour and begin."""
    if not page:
        return {}
    starts = [slot.starts_at for slot, _line in page]
    called_off = and_(Booking.state == BookingState.CALLED_OFF, Booking.seat.is_not(None))
    own = and_(Booking.user_id == actor.user_id, Booking.state.in_(LIVE))  # at most one for each meeting
    statement = (
        select(
            Booking.office_hour_id,
            Booking.starts_at,
            func.count(case((Booking.state.in_(TAKES_A_SEAT), 1))).label("taken"),
            func.count(case((Booking.state == BookingState.WAITING, 1))).label("waiting"),
            func.count(case((called_off, 1))).label("called_off"),
            func.max(case((own, Booking.id))).label("mine_id"),
            func.max(case((own, Booking.state))).label("mine"),
        )
        .where(
            Booking.office_hour_id.in_([line.hour.id for _slot, line in page]),
            Booking.starts_at.between(min(starts), max(starts)),
        )
        .group_by(Booking.office_hour_id, Booking.starts_at)
    )
    return {
        (row.office_hour_id, row.starts_at): Filled(
            taken=row.taken,
            waiting=row.waiting,
            is_called_off=row.called_off > 0,
            mine=BookingState(row.mine) if row.mine else None,
            mine_id=row.mine_id or 0,
        )
        for row in session.execute(statement)
    }


def mine(session: Session, actor: Actor) -> list[BookingLine]:
    """What the actor has booked or waits for here, and what others booked with them, that is not over. One query."""
    now = clock.now()
    statement = _bookings().where(access.seen_by(actor), Booking.state.in_(LIVE), Booking.ends_at > now)
    not_theirs = Booking.state.in_((BookingState.BOOKED, BookingState.OFFERED))
    statement = statement.where(or_(Booking.user_id == actor.user_id, not_theirs))
    rows = session.execute(statement.order_by(Booking.starts_at, Booking.id).limit(4 * PAGE))
    return [_line(row) for row in rows]


def of_hour(session: Session, office_hour_id: int) -> list[BookingLine]:
    """Everybody who comes, came or waits, for the host: what is to come first, then what was lately. One query."""
    lately = clock.now() - timedelta(days=14)
    states = (*LIVE, BookingState.MISSED)
    statement = _bookings().where(
        Booking.office_hour_id == office_hour_id, Booking.state.in_(states), Booking.starts_at > lately
    )
    rows = session.execute(statement.order_by(Booking.starts_at, Booking.made_at, Booking.id).limit(4 * PAGE))
    return [_line(row) for row in rows]


def one(session: Session, actor: Actor, booking_id: int) -> BookingLine | None:
    """A booking that concerns the actor. One query."""
    row = session.execute(_bookings().where(Booking.id == booking_id, access.seen_by(actor))).first()
    return None if row is None else _line(row)


def own_questions(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The actor's questions that are not over, the newest first, with their titles. One query."""
    rows = session.execute(
        select(Question.id, Contribution.title)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(
            Question.asker_id == actor.user_id,
            Question.community_id == actor.community_id,
            Question.state.in_(ALIVE),
        )
        .order_by(Question.id.desc())
        .limit(PAGE)
    )
    return [(row.id, row.title) for row in rows]


_Guest = aliased(User)


def _bookings() -> Any:
    return (
        select(Booking, OfficeHour, User.name, _Guest.name.label("guest"), Contribution.title)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .join(User, User.id == OfficeHour.host_id)
        .join(_Guest, _Guest.id == Booking.user_id)
        .outerjoin(Question, Question.id == Booking.question_id)
        .outerjoin(Contribution, Contribution.id == Question.contribution_id)
    )


def _line(row: Any) -> BookingLine:
    return BookingLine(
        booking=row.Booking,
        hour=row.OfficeHour,
        host_name=row.name,
        guest_name=row.guest,
        question=row.title or "",
    )
