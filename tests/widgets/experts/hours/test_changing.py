"""Office hours that change: what is booked follows or is called off, and nobody sits in an empty room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid, NotAllowed
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Appointment
from lmssocial.widgets.experts.hours import access, booking, hosting, offering, tick
from lmssocial.widgets.experts.hours.drafts import OfficeHourDraft
from lmssocial.widgets.experts.hours.telling import tell_near
from lmssocial.widgets.experts.hours_events import MeetingNear
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile
from tests.conftest import TestClock
from tests.support.experts import make_expert
from tests.support.hours import at, make_hour
from tests.support.people import Place, make_person

FIRST, SECOND, THIRD = at(9), at(9, 20), at(9, 40)

NAMES = tuple(OfficeHourDraft.__dataclass_fields__)


def draft_of(hour: OfficeHour, **changes: Any) -> OfficeHourDraft:
    """It as it is, but for some changes."""
    return OfficeHourDraft(**{name: getattr(hour, name) for name in NAMES} | changes)


def test_what_is_booked_moves_with_its_office_hour_also_onto_each_others_places(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    one, two = booking.book(session, ana, hour.id, FIRST), booking.book(session, ben, hour.id, SECOND)
    waiting = booking.wait(session, cleo, hour.id, SECOND)

    lost = offering.change(session, tom, hour.id, draft_of(hour, begins=time(10, 20)), hour.version)

    assert lost == 0
    assert [each.starts_at for each in (one, two, waiting)] == [SECOND, THIRD, THIRD]
    assert (one.seat, two.seat, one.sequence, two.sequence) == (1, 1, 1, 1)
    assert one.ends_at == THIRD
    assert one.next_at == SECOND - timedelta(hours=24)
    assert waiting.state is BookingState.WAITING
    offering.change(session, tom, hour.id, draft_of(hour, seats=2), hour.version)
    assert (one.sequence, waiting.state, waiting.seat) == (
        1,
        BookingState.OFFERED,
        2,
    )  # nothing to tell the others


@pytest.mark.one_database
def test_what_cannot_follow_is_called_off_with_a_reason(
    session: Session, place: Place, hour: OfficeHour, ana: Actor, ben: Actor, tom: Actor
) -> None:
    lea = make_person(session, place, "Lea")
    make_expert(session, place, lea)
    of_lea = make_hour(session, place, lea, begins=time(16))
    booking.book(session, ana, of_lea.id, at(15))
    mine, third = booking.book(session, ana, hour.id, FIRST), booking.book(session, ben, hour.id, THIRD)

    lost = offering.change(session, tom, hour.id, draft_of(hour, begins=time(16), meetings=2), hour.version)

    assert lost == 2
    assert (mine.state, third.state) == (BookingState.CALLED_OFF, BookingState.CALLED_OFF)
    assert mine.because  # Ana is with Lea then, and there is no third meeting any more


@pytest.mark.one_database
def test_a_change_is_refused_that_leaves_people_without_a_place_or_was_made_on_an_old_page(
    session: Session, place: Place, hour: OfficeHour, ana: Actor, ben: Actor, tom: Actor
) -> None:
    hour.seats = 2
    session.flush()
    for actor in (ana, ben):
        booking.book(session, actor, hour.id, FIRST)
    for changes, problem in (
        ({"seats": 1}, Invalid),
        ({"minutes": 120, "meetings": 24}, Invalid),
        ({"last_on": date(2026, 3, 1)}, Invalid),
        ({"zone": "Mars/Olympus"}, Invalid),
    ):
        with pytest.raises(problem), session.begin_nested():
            offering.change(session, tom, hour.id, draft_of(hour, **changes), hour.version)
        session.refresh(hour)
    with pytest.raises(Conflict):
        offering.change(session, tom, hour.id, draft_of(hour), hour.version - 1)
    with pytest.raises(NotAllowed):
        offering.offer(session, ana, place.placement.id, draft_of(hour))
    past = draft_of(hour, weekly=False, first_on=date(2026, 3, 1))
    with pytest.raises(Invalid):
        offering.offer(session, tom, place.placement.id, past)
    assert offering.offer(session, tom, place.placement.id, replace(past, first_on=date(2026, 4, 1))).id
    over = draft_of(hour, first_on=date(2026, 1, 5), last_on=date(2026, 2, 23))
    for draft, says in (
        (over, "are over"),
        (draft_of(hour, first_on=date(9999, 12, 31)), "more than a year"),
    ):
        with pytest.raises(Invalid, match=says):
            offering.offer(session, tom, place.placement.id, draft)
    assert offering.offer(session, tom, place.placement.id, replace(over, last_on=date(2026, 3, 9))).id


@pytest.mark.one_database
def test_what_was_called_off_or_left_out_stays_so_when_the_day_of_the_week_changes(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    booking.book(session, ana, hour.id, FIRST)
    hosting.call_off_meeting(session, tom, hour.id, FIRST, "ill")
    hosting.skip(session, tom, hour.id, date(2026, 3, 16), "fair")

    offering.change(session, tom, hour.id, draft_of(hour, first_on=date(2026, 3, 12)), hour.version)

    for when in (at(9, day=12), at(9, day=19)):
        clock.move_to(when - timedelta(days=3))
        with pytest.raises(Gone):
            booking.book(session, ben, hour.id, when)
    clock.move_to(at(9, day=24))
    assert booking.book(session, ben, hour.id, at(9, day=26)).seat == 1


def test_the_rule_for_hosts_is_the_same_for_people_and_for_rows(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    make_expert(session, place, ana)
    make_expert(session, place, ben, reach=Reach.NONE)
    steward, left = make_person(session, place, "Sam"), make_person(session, place, "Lou")
    make_expert(session, place, left)
    session.execute(update(Membership).where(Membership.user_id == left.user_id).values(active=False))
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=steward.user_id,
            offices="steward",
            appointed_at=place.community.created_at,
        )
    )
    steward = replace(steward, offices=frozenset({Office.STEWARD}))
    people = (ana, ben, cleo, tom, steward)
    for person in (*people, left):
        make_hour(session, place, person)

    hosts = set(session.scalars(select(OfficeHour.host_id).where(access.still_hosts())))

    reach = {row.user_id: row.reach for row in session.execute(select(Profile.user_id, Profile.reach))}
    said = {one.user_id for one in people if access.offers(one, reach.get(one.user_id))}
    assert hosts == said == {ana.user_id, tom.user_id, steward.user_id}


@pytest.mark.usefixtures("db_url")
def test_the_timer_reminds_closes_and_frees_and_one_failure_harms_no_other(
    session: Session,
    place: Place,
    hour: OfficeHour,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sessions = sessionmaker(session.get_bind())
    make_expert(session, place, cleo)
    of_cleo = make_hour(session, place, cleo, begins=time(14), meetings=1)
    mine = booking.book(session, ana, hour.id, FIRST)
    hers, waits = (
        booking.book(session, ana, of_cleo.id, at(13)),
        booking.wait(session, ben, of_cleo.id, at(13)),
    )
    bens = booking.book(session, ben, hour.id, SECOND)
    ids = mine.id, hers.id, waits.id, bens.id
    monkeypatch.setattr(tick, "tell_near", _fails_for(mine.id))
    session.commit()

    clock.move_to(SECOND - timedelta(hours=24))
    assert tick.run_due(sessions) == 1  # Ana's failed, Ben's did not
    assert near(session) == [(ids[3], 24)]
    monkeypatch.setattr(tick, "tell_near", tell_near)
    clock.tick(minutes=6)
    assert tick.run_due(sessions) == 1
    assert tick.run_due(sessions) == 0
    session.execute(update(Profile).where(Profile.user_id == cleo.user_id).values(reach=Reach.NONE))
    session.execute(update(Membership).where(Membership.user_id == ben.user_id).values(active=False))
    session.commit()
    tick.run_due(sessions)
    states = {row.id: row.state for row in session.execute(select(Booking.id, Booking.state))}
    assert [states[one] for one in ids] == [
        BookingState.BOOKED,
        BookingState.CALLED_OFF,  # Cleo is no expert any more
        BookingState.CALLED_OFF,
        BookingState.CANCELLED,  # Ben is not in the course any more
    ]
    session.rollback()
    clock.move_to(FIRST - timedelta(minutes=59))
    assert tick.run_due(sessions) == 1
    assert near(session) == [(ids[3], 24), (ids[0], 24), (ids[0], 1)]


def near(session: Session) -> list[tuple[int, int]]:
    """Who was reminded, and how many hours before."""
    statement = select(ActivityEvent.payload).where(ActivityEvent.name == MeetingNear.name)
    found = [
        (row["booking_id"], row["hours"]) for row in session.scalars(statement.order_by(ActivityEvent.id))
    ]
    session.rollback()
    return found


def _fails_for(booking_id: int) -> Callable[..., None]:
    def tell(session: Session, hour: OfficeHour, one: Booking, hours: int) -> None:
        if one.id == booking_id:
            raise RuntimeError("the disk is full")
        tell_near(session, hour, one, hours)

    return tell
