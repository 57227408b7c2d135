"""The page of settings, as an instructor without scripts uses it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.rubrics import criteria
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.clockwork.history import history
from lmssocial.widgets.peer_rating.models import Edge, Phase
from lmssocial.widgets.peer_rating.settings import Identity
from tests.support.peer_rating import RUBRIC, freeze_rubric, make_work, set_up
from tests.support.people import Place, make_person, make_place, make_placement
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def now_set(session: Session, place: Place, actor: Actor) -> Running:
    """The activity as the database has it now."""
    session.rollback()
    session.expire_all()
    return running(session, actor, place.placement.id)


def test_an_instructor_writes_a_task_and_opens_the_activity(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    page = at_toms.open("/settings")
    assert "Answers the task" in page.get_data(as_text=True), "a rubric is there to begin with"
    sent = at_toms.send(at_toms.form(page, "/settings"), button="open", task="A page on **trust**.")
    assert sent.status_code == 303
    assert "It is open." in text_of(at_toms.open("/settings"))
    now = now_set(session, place, tom)
    assert (now.phase, now.settings.task) == (Phase.SUBMIT, "A page on **trust**.")
    assert now.settings.rubric[0].title == "Answers the task"


@pytest.mark.one_database
def test_without_a_task_it_is_kept_and_not_opened(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open("/settings"), "/settings")
    refused = at_toms.send(form, button="open", title="Essays", wanted="4", asked="5")
    assert refused.status_code == 422
    assert "Say what people hand in" in text_of(refused)
    assert 'value="Essays"' in refused.get_data(as_text=True), "what was typed is kept"
    at_toms.follow(at_toms.send(form, button="save", title="Essays", wanted="4", asked="5"))
    now = now_set(session, place, tom)
    assert (now.phase, now.placement.title, now.settings.wanted) == (Phase.DRAFT, "Essays", 4)


@pytest.mark.one_database
def test_what_opens_later_waits_for_its_day(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    day = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = at_toms.form(at_toms.open("/settings"), "/settings")
    at_toms.follow(at_toms.send(form, button="open", task="Write.", opens_at=day))
    assert now_set(session, place, tom).phase is Phase.PUBLISHED


@pytest.mark.one_database
@pytest.mark.parametrize("when", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_no_date_is_taken_from_which_nobody_can_count_days(tom: Actor, seat: SitDown, when: str) -> None:
    at = seat(tom)
    page = at.send(at.form(at.open("/settings"), "/settings"), submit_due_at=when, button="save")
    assert page.status_code == 422
    assert "Choose a year from 2000 to 2199." in text_of(page)
    assert at.open("/settings").status_code == 200


def test_the_rubric_of_another_activity_is_taken_with_everything_typed_kept(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    other = make_place(session, beside=place)
    other.placement.settings = {"rubric": criteria.as_json(RUBRIC)}
    other.placement.title = "Last year"
    session.add(
        Membership(
            course_id=other.course.id,
            user_id=tom.user_id,
            roles="instructor",
            lead_role=LmsRole.INSTRUCTOR,
            joined_at=clock.now(),
            last_launch_at=clock.now(),
        )
    )
    session.flush()
    at_toms = seat(tom)
    page = at_toms.open("/settings")
    assert "Last year" in page.get_data(as_text=True)
    form = at_toms.form(page, "/settings")
    taken = at_toms.send(form, button="take", template=str(other.placement.id), task="Write.")
    assert taken.status_code == 200
    shown = taken.get_data(as_text=True)
    assert 'value="Argument"' in shown
    assert "Answers the task" not in shown
    assert ">Write.</textarea>" in shown.replace("\r\n", "").replace("\n", "")
    at_toms.follow(at_toms.send(at_toms.form(taken, "/settings"), button="save"))
    assert now_set(session, place, tom).settings.rubric == RUBRIC


@pytest.mark.one_database
def test_rubrics_of_courses_somebody_only_learns_in_are_not_offered(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    other = make_place(session, beside=place)
    other.placement.settings = {"rubric": criteria.as_json(RUBRIC)}
    other.placement.title = "Where Tom learns"
    session.add(
        Membership(
            course_id=other.course.id,
            user_id=tom.user_id,
            roles="learner",
            lead_role=LmsRole.LEARNER,
            joined_at=clock.now(),
            last_launch_at=clock.now(),
        )
    )
    assert "Where Tom learns" not in seat(tom).open("/settings").get_data(as_text=True)


def test_a_rubric_that_reviews_were_made_by_is_shown_and_stays(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    set_up(session, place, Phase.REVIEW)
    freeze_rubric(session, place)
    at_toms = seat(tom)
    page = at_toms.open("/settings")
    assert "Reviewing has begun this way" in text_of(page)
    form = at_toms.form(page, "/settings")
    assert not [name for name in form.names() if name.startswith("criteria")]
    at_toms.client.post(
        at_toms.address("/settings"),
        data={**dict(form.fields), "criteria-0-title": "Other"},
    )
    assert now_set(session, place, tom).settings.rubric == RUBRIC


def test_hidden_names_need_a_reason_and_are_noted(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    set_up(session, place)
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open("/settings"), "/settings")
    refused = at_toms.send(form, identity="double-blind", identity_reason="Fairness.")
    assert refused.status_code == 422
    assert "in 20 characters or more" in text_of(refused)
    reason = "So that work is read before its author is known."
    at_toms.follow(at_toms.send(form, identity="double-blind", identity_reason=reason, reveal="never"))
    assert now_set(session, place, tom).settings.identity is Identity.DOUBLE_BLIND
    noted = session.scalars(select(Edge).where(Edge.edge.startswith("names:"))).one()
    assert (noted.made_by_id, noted.reason) == (tom.user_id, reason)
    assert noted.facts == {"identity": "double-blind", "reveal": "never"}
    (said,) = history(session, place.placement.id)
    assert (said.who, said.reason) == ("Tom Berg", reason)
    assert said.says.endswith("hidden from each other. They are never shown.")


@pytest.mark.one_database
def test_names_that_were_hidden_when_people_took_part_stay_hidden(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    set_up(
        session, place, identity=Identity.DOUBLE_BLIND, identity_reason="So that nobody looks at the name."
    )
    make_work(session, place, ana)
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open("/settings"), "/settings")
    refused = at_toms.send(form, identity="named")
    assert refused.status_code == 422
    assert "and count on that" in text_of(refused)


def test_of_two_who_change_settings_at_once_nobody_is_overwritten_unseen(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    set_up(session, place)
    uma = make_person(session, place, "Uma Lind", LmsRole.INSTRUCTOR)
    at_toms, at_umas = seat(tom), seat(uma)
    toms, umas = (one.form(one.open("/settings"), "/settings") for one in (at_toms, at_umas))
    at_umas.follow(at_umas.send(umas, minutes="45"))
    refused = at_toms.send(toms, minutes="10")
    assert refused.status_code == 409
    assert "Somebody else changed these settings" in text_of(refused)
    assert now_set(session, place, tom).settings.minutes == 45
    at_toms.follow(at_toms.send(at_toms.form(refused, "/settings")))
    assert now_set(session, place, tom).settings.minutes == 10


@pytest.mark.one_database
@pytest.mark.usefixtures("ana", "ben")
def test_too_few_people_are_told_of_and_nobody_is_stuck(tom: Actor, seat: SitDown) -> None:
    at_toms = seat(tom)
    page = at_toms.open("/settings")
    assert "2 learners in this course now: each work can get at most 1 review" in text_of(page)
    sent = at_toms.send(at_toms.form(page, "/settings"), button="open", task="Write.")
    assert sent.status_code == 303


@pytest.mark.one_database
def test_learners_do_not_see_settings(ana: Actor, seat: SitDown) -> None:
    assert seat(ana).open("/settings").status_code == 403


def test_the_page_asks_as_much_with_many_activities_as_with_few(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    at_toms.open("/settings")
    with counted_queries() as few:
        at_toms.open("/settings")
    for _ in range(5):
        make_placement(session, place.community).settings = {"rubric": criteria.as_json(RUBRIC)}
        make_person(session, place)
    session.commit()
    with counted_queries() as many:
        at_toms.open("/settings")
    assert len(many) == len(few)
