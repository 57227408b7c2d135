"""The measures of the desk: right by published vectors, silent about few, and about nobody in person."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.desk import lines, measuring
from lmssocial.widgets.experts.desk.pictures import curve
from lmssocial.widgets.experts.desk.spread import gini, most_in_a_week
from lmssocial.widgets.experts.desk.survival import Waited, survival
from lmssocial.widgets.experts.invitation_models import Source
from lmssocial.widgets.experts.models import Deflection, How, Rating, State
from tests.support.experts import make_expert, make_invitation, make_question, make_topic
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]
REMISSIONS = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
"""Weeks in remission under 6-MP; + those who still were. E. J. Freireich et al., Blood 21 (6), 1963, pp. 699–716."""


def waited(text: str) -> list[Waited]:
    """Waits as the literature writes them."""
    return [Waited(hours=float(one.rstrip("+")), happened=not one.endswith("+")) for one in text.split()]


@pytest.mark.one_database
def test_the_curve_is_that_of_the_literature() -> None:
    found = survival(waited(REMISSIONS))
    assert list(found.times) == [6, 7, 10, 13, 16, 22, 23]
    assert found.waiting == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=0.0005)
    assert found.within(0.5) == 23
    assert found.within(0.9) is None
    assert found.still_waiting(5) == 1
    assert found.still_waiting(6.5) == pytest.approx(0.857, abs=0.0005)


@pytest.mark.one_database
def test_who_still_waits_counts_and_is_not_left_out() -> None:
    answered = waited("1 2 3")
    assert survival(answered).within(0.5) == 2
    assert survival([*answered, *waited("50+ 60+ 70+ 80+")]).within(0.5) is None
    nothing = survival([])
    assert (nothing.within(0.5), nothing.still_waiting(9)) == (None, 1.0)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("counts", "value"),
    [([3, 3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25), ([0, 0], None)],
)
def test_even_and_uneven_spreads_are_told_apart(counts: list[int], value: float | None) -> None:
    assert gini(counts) == (value if value is None else pytest.approx(value))


@pytest.mark.one_database
def test_a_week_may_begin_on_any_day() -> None:
    start = clock.now()
    days = ((1, 0), (1, 5), (2, 5), (1, 6.9), (1, 7), (1, 30))
    assert most_in_a_week((who, start + timedelta(days=day)) for who, day in days) == 3


@pytest.mark.one_database
def test_the_picture_says_what_the_table_says() -> None:
    drawn = curve(survival(waited("24 24 84 84")))
    assert drawn.points == "34.0,108.0 76.9,108.0 76.9,58.0 184.0,58.0 184.0,8.0 334.0,8.0"


def test_measures_count_what_waits_and_leave_out_the_rest(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    now = clock.now()
    topic = make_topic(session, place, "Gauges")
    for day in range(1, 7):
        begin = now - timedelta(days=10 + day)
        answered = begin + timedelta(hours=6 * day)
        make_question(
            session,
            place,
            ana,
            topic,
            at=begin,
            state=State.RESOLVED,
            first_answer_at=answered,
            resolved_at=begin + timedelta(hours=12 * day),
            resolved_how=How.ANSWER,
        )
    make_question(session, place, ana, at=now - timedelta(hours=72))
    make_question(session, place, ana, at=now - timedelta(days=100))
    session.add(
        Deflection(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            placement_id=place.placement.id,
            contribution_id=make_question(session, place, ben, at=now - timedelta(days=99)).contribution_id,
            at=now,
        )
    )
    session.flush()
    found = measuring.measures(session, tom, 28, now)
    assert (found.asked, found.answered) == (7, 6)
    assert found.waits is not None
    assert found.waits.within(0.5) == 24
    assert (found.resolved.some, found.resolved.all, found.resolved.percent) == (4, 7, 57)
    assert (found.deflected.some, found.deflected.all) == (1, 8)
    assert found.gaps == 1
    assert "Half of all questions have an answer within 24 hours." in lines.lines(found)[0].says
    make_expert(session, place, ben, topic)
    assert measuring.measures(session, tom, 28, now).gaps == 0


def test_the_load_of_few_is_not_said_and_nobody_is_named(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    experts = [make_person(session, place, f"Expert {number}") for number in range(5)]
    question = make_question(session, place, ana)
    for person in experts[:4]:
        make_expert(session, place, person)
        make_invitation(session, place, question, person)
        session.add(
            Rating(
                question_id=question.id, by_id=person.user_id, user_id=ana.user_id, value=1, at=clock.now()
            )
        )
    session.flush()
    few = measuring.measures(session, tom, 28, clock.now())
    assert (few.load.invitations, few.load.most_a_week, few.load.uneven) == (4, None, None)
    assert (few.helpful.ratings, few.helpful.mean) == (0, None), "how clear a question was is another thing"
    make_expert(session, place, experts[4])
    again = make_question(session, place, ana)
    make_invitation(session, place, again, experts[0])
    make_invitation(session, place, again, experts[4], source=Source.VOLUNTEER)
    found = measuring.measures(session, tom, 28, clock.now())
    assert (found.load.invitations, found.load.most_a_week) == (5, 2)
    assert found.load.uneven == pytest.approx(0.32)
    page = text_of(seat(tom).open("/desk/measures"))
    assert "Nobody was invited more than 2 times within seven days." in page
    assert "Expert 0" not in page


def test_the_table_is_no_program_and_only_for_who_looks_after_it(ana: Actor, tom: Actor, seat: Sit) -> None:
    sent = seat(tom).open("/desk/measures.csv?days=365")
    assert sent.content_type.startswith("text/csv")
    rows = list(csv.reader(io.StringIO(sent.get_data(as_text=True))))
    assert [row[0] for row in rows[:3]] == ["measure", "days", "first_answer"]
    assert rows[1][2] == "365"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    learner = seat(ana)
    assert learner.open("/desk/measures").status_code == 403
    assert learner.open("/desk/measures.csv").status_code == 403
