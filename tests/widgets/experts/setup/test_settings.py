"""The page of settings: who sets what, what is refused, and what it comes to."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.experts.models import Question, Reach
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.setup.example import example
from tests.support.experts import make_expert, make_question, make_topic
from tests.support.people import Place
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]


def test_staff_set_it_in_plain_words_and_questions_that_wait_follow(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    question_id = make_question(session, place, ana, next_at=None).id
    staff = seat(tom)
    page = staff.open("/settings")
    changed = {
        "reach": "community",
        "open_hours": "30",
        "zone": "Europe/Vienna",
        "days": list("12345"),
        "holidays": "2027-12-24\n2027-12-31\n20271224",
    }
    data = dict(staff.form(page, "/settings").fields) | changed
    sent = staff.client.post(staff.address("/settings"), data=data)
    assert "Saved" in text_of(staff.follow(sent))
    session.rollback()
    now = ExpertSettings.read(session.get_one(Placement, place.placement.id).settings)
    assert now == ExpertSettings(
        reach=Reach.COMMUNITY, open_hours=30, zone="Europe/Vienna", holidays=("2027-12-24", "2027-12-31")
    )
    assert session.get_one(Question, question_id).next_at is not None
    [event] = session.scalars(select(ActivityEvent).where(ActivityEvent.name == "experts.configured"))
    assert sorted(event.payload["changed"]) == ["holidays", "open_hours", "reach", "zone"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"answer_hours": "48"}, "Not before the first experts have had their time, which is 48 hours."),
        ({"steward_hours": "20"}, "Not before it is open to everybody, which is after 36 hours."),
        ({"per_urgent_wave": "1"}, "Not fewer than usually."),
        ({"closes": "8"}, "The day has to end after it begins."),
        ({"zone": "Mars/Olympus"}, "Choose a time zone of the list."),
        ({"holidays": "24.12.2027"}, "This is no date: 24.12.2027"),
        ({"per_wave": "0"}, "A whole number from 1 to 5."),
        ({"per_wave": "two"}, "Error: A whole number from 1 to 5."),
    ],
)
def test_what_would_leave_a_question_lying_is_refused_beside_its_field(
    seat: Sit, tom: Actor, values: dict[str, str], says: str
) -> None:
    staff = seat(tom)
    refused = staff.send(staff.form(staff.open("/settings"), "/settings"), **values)
    assert refused.status_code == 422
    assert says in text_of(refused)


@pytest.mark.one_database
def test_two_who_set_it_at_once_do_not_undo_each_other(
    session: Session, place: Place, tom: Actor, seat: Sit
) -> None:
    staff = seat(tom)
    mine, theirs = (staff.form(staff.open("/settings"), "/settings") for _ in range(2))
    assert staff.send(theirs, most_open="4").status_code == 303
    refused = staff.send(mine, most_open="7")
    assert refused.status_code == 409
    assert "Somebody else changed these settings" in text_of(refused)
    again = staff.form(refused, "/settings")
    assert staff.send(again).status_code == 303
    session.rollback()
    assert ExpertSettings.read(session.get_one(Placement, place.placement.id).settings).most_open == 7


@pytest.mark.one_database
def test_only_staff_come_to_the_settings_and_read_what_is_still_to_do(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    make_expert(session, place, ben, make_topic(session, place, "Capability"))
    make_topic(session, place, "Gauges")
    assert seat(ana).open("/settings").status_code == 403
    page = text_of(seat(tom).open("/settings"))
    assert "One person here may be asked." in page
    assert "Topics here: 2. Known by somebody who may be asked: 1." in page


@pytest.mark.one_database
def test_the_example_says_what_the_times_come_to_by_the_clock_of_the_course() -> None:
    settings = ExpertSettings(zone="Europe/Vienna", holidays=("2026-11-24",))
    found = example(settings, datetime(2026, 11, 19, 9, tzinfo=UTC))
    assert [f"{one.at:%a %d %H:%M}" for one in found] == [
        "Mon 23 10:00",
        "Wed 25 10:00",  # ten open hours on Monday, two on Wednesday
        "Thu 26 08:00",  # 36 hours end on Wednesday night
        "Fri 27 10:00",
    ]


@pytest.mark.one_database
def test_the_example_is_in_the_order_in_which_things_happen_also_with_short_days() -> None:
    settings = ExpertSettings(opens=9, closes=11)
    found = example(settings, datetime(2026, 11, 19, 9, tzinfo=UTC))
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert [one.what[:10] for one in found] == ["Somebody a", "It is open", "It is on t", "Who has no"]
