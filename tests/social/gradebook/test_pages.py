"""What a grader sees of grades on their way, without scripts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.social.gradebook import queries
from lmssocial.social.gradebook.models import Condition
from lmssocial.social.notifications.grade_trouble import GradeTroubleNotices
from lmssocial.social.notifications.ports import Noted, Proposal
from lmssocial.widgets.discussion.grading import service as grading
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.in_lms import graders
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.grading.seen import seen
from lmssocial.widgets.discussion.models import Grade
from tests.conftest import TestClock
from tests.fakes.grade_service import Fault, GradeService
from tests.support.grades import Gradebook, open_gradebook
from tests.support.people import make_person, sign_in
from tests.support.seat import Seat, text_of

Sit = Callable[..., Seat]


@pytest.fixture
def sit(app: Flask, book: Gradebook, sessions: sessionmaker[Session]) -> Sit:
    """Sign somebody in to the placement of ``book``."""

    def sit(*roles: LmsRole, name: str = "Tom Berg") -> Seat:
        with sessions() as session, unit_of_work(session):
            person = make_person(session, book.place, name, *roles)
            sign_in(session, book.place, person, name)
        return Seat(app, name, f"/w/{book.placement_id}")

    return sit


def test_a_grader_sees_what_is_there_what_waits_and_what_is_in_trouble_and_tries_again(
    book: Gradebook, lms: GradeService, sit: Sit
) -> None:
    tom = sit(LmsRole.INSTRUCTOR)
    assert "Nothing is on its way yet" in text_of(tom.open("/gradebook"))

    book.launch_says(line_item=lms.open_item())
    book.give_all(40)
    faults = iter([Fault.NONE, Fault.FORBIDDEN, Fault.NOT_GRADABLE])
    lms.choose = lambda: next(faults, Fault.NONE)
    assert book.send() == 1
    page = tom.open("/gradebook")
    said = text_of(page)
    assert "1 in your LMS 0 waiting 2 in trouble" in said
    assert "Learner 1" in said
    assert "Your LMS does not let this tool write grades" in said
    assert "User could not be found" in said
    assert "<details" in page.get_data(as_text=True), "the LMS's own words are folded away"
    assert "Learner 0" not in said

    first = book.score(1).id
    page = tom.follow(tom.send(tom.form(page, f"/gradebook/{first}/retry")))
    assert "The grade is tried again now" in text_of(page)
    assert "1 in your LMS 1 waiting 1 in trouble" in text_of(page)
    page = tom.follow(tom.send(tom.form(page, "/gradebook/retry")))
    assert "One grade is tried again now" in text_of(page)
    assert book.send() == 2
    assert "3 in your LMS 0 waiting 0 in trouble" in text_of(tom.open("/gradebook"))


def test_grades_that_are_tried_again_are_told_by_reason(book: Gradebook, lms: GradeService, sit: Sit) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give_all(40)
    lms.choose = lambda: Fault.UNAVAILABLE
    book.send()
    said = text_of(sit(LmsRole.INSTRUCTOR).open("/gradebook"))
    assert "0 in your LMS 3 waiting 0 in trouble" in said
    assert "Your LMS did not answer" in said
    assert "3 grades are tried again by themselves" in said


def test_grades_that_nobody_sends_are_said_to_be_kept(
    book: Gradebook, lms: GradeService, sit: Sit, clock: TestClock
) -> None:
    tom = sit(LmsRole.INSTRUCTOR)
    book.launch_says(line_item=lms.open_item())
    book.give_all(40)
    assert "What waits goes out within seconds" in text_of(tom.open("/gradebook"))
    clock.tick(minutes=11)
    said = text_of(tom.open("/gradebook"))
    assert "These grades should have gone out by now" in said
    assert "Nothing is lost" in said
    book.send()
    assert "should have gone out" not in text_of(tom.open("/gradebook"))


def test_a_course_whose_lms_takes_no_grades_is_no_trouble(book: Gradebook, sit: Sit) -> None:
    book.launch_says(line_items_url="")
    book.give_all(40)
    book.send()
    said = text_of(sit(LmsRole.INSTRUCTOR).open("/gradebook"))
    assert "Your LMS takes no grades from this tool in this course" in said
    assert "3 grades are kept here until it does" in said
    assert "0 in your LMS 3 waiting 0 in trouble" in said


def test_only_staff_of_the_course_see_it_and_try_again(
    book: Gradebook, lms: GradeService, sit: Sit, sessions: sessionmaker[Session], caller: Caller
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give_all(40)
    lms.choose = lambda: Fault.FORBIDDEN
    book.send()
    ana = sit(LmsRole.LEARNER, name="Ana Ruiz")
    assert ana.open("/gradebook").status_code == 403
    tom = sit(LmsRole.INSTRUCTOR)
    form = tom.form(tom.open("/gradebook"), "/gradebook/retry")
    assert ana.client.post(ana.address("/gradebook/retry"), data=dict(form.fields)).status_code == 403

    elsewhere = open_gradebook(sessions, caller, lms)
    other = f"/w/{elsewhere.placement_id}/gradebook"
    assert tom.client.get(other).status_code == 401, "they are signed in to another course"
    stolen = tom.form(tom.open("/gradebook"), f"/gradebook/{book.score(0).id}/retry")
    elsewhere.give(0, 10)
    elsewhere.send()
    foreign = stolen.action.replace(f"/{book.score(0).id}/", f"/{elsewhere.score(0).id}/")
    tom.client.post(foreign, data=dict(stolen.fields))
    assert elsewhere.score(0).condition is Condition.GIVEN_UP, "a grade of another placement is not theirs"


def test_a_retry_without_the_pages_token_changes_nothing(
    book: Gradebook, lms: GradeService, sit: Sit
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = lambda: Fault.FORBIDDEN
    book.send()
    tom = sit(LmsRole.INSTRUCTOR)
    tom.client.post(tom.address("/gradebook/retry"))
    assert book.score().condition is Condition.GIVEN_UP


def test_many_in_trouble_come_in_pages(
    sessions: sessionmaker[Session],
    caller: Caller,
    lms: GradeService,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    book = open_gradebook(sessions, caller, lms, learners=5, line_item=lms.open_item())
    book.give_all(40)
    lms.choose = lambda: Fault.FORBIDDEN
    book.send()
    with sessions() as session, unit_of_work(session):
        sign_in(session, book.place, make_person(session, book.place, "Tom", LmsRole.INSTRUCTOR), "Tom")
    tom = Seat(app, "Tom", f"/w/{book.placement_id}")
    names: list[str] = []
    path: str | None = "/gradebook"
    while path:
        page = tom.open(path).get_data(as_text=True)
        names += re.findall(r"<strong><bdi>(Learner \d)</bdi>", page)
        further = re.search(r'href="([^"]+\?after=\d+)"', page)
        path = further[1] if further else None
    assert names == [f"Learner {number}" for number in range(5)]


def test_returned_grades_are_on_their_way_and_graders_hear_of_those_that_do_not_arrive(
    book: Gradebook, lms: GradeService, app: Flask, sessions: sessionmaker[Session], clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    with sessions() as session, unit_of_work(session):
        tom = make_person(session, book.place, "Tom Berg", LmsRole.INSTRUCTOR)
        sign_in(session, book.place, tom, "Tom")
        grading.set_up(session, tom, book.placement_id, SetupDraft(choose=1, rubric=starting_points()))
    with sessions() as session, unit_of_work(session):
        for user_id in book.user_ids:
            given = GradeDraft(
                user_id=user_id,
                levels=(0, 0, 0),
                comment="",
                seen=seen(0, set(), starting_points()),
                give_back=False,
            )
            grading.grade(session, tom, book.placement_id, given)
    clock.tick()
    seat = Seat(app, "Tom", f"/w/{book.placement_id}/discussion")
    page = seat.follow(seat.send(seat.form(seat.open("/grading"), "/grading/return")))
    assert "The gradebook of your LMS is told as well" in text_of(page)
    assert "Grades in your LMS: 3 on their way" in text_of(page)

    faults = iter([Fault.NONE, Fault.NONE, Fault.FORBIDDEN])
    lms.choose = lambda: next(faults, Fault.NONE)
    assert book.send() == 2
    page = seat.open("/grading")
    assert "Grades in your LMS: 2 there, 1 in trouble" in text_of(page)
    assert f'href="/w/{book.placement_id}/gradebook"' in page.get_data(as_text=True)
    assert sorted(str(value) for value in lms.grades().values()) == ["1.0", "1.0"]

    with sessions() as session:
        row = session.scalars(
            select(ActivityEvent).where(ActivityEvent.name == "gradebook.grade_given_up")
        ).one()
        notices = GradeTroubleNotices(graders)
        [proposal] = notices.told(session, happened(row))
        assert isinstance(proposal, Proposal)
        assert proposal.recipients == {tom.user_id}
        assert notices.readers(session, [tom], proposal) == {tom.user_id}
        assert notices.readers(session, [learner(book, session)], proposal) == set()
        noted = Noted(
            id=1,
            kind=proposal.kind,
            placement_id=book.placement_id,
            about=(),
            subject={},
            people=(),
            count=1,
            changed_at=clock.now,
            is_unread=True,
        )
        worded = notices.word(session, tom, [noted])[1]
        assert worded.sentence == "A grade did not get into your LMS"
        assert worded.path == f"/w/{book.placement_id}/gradebook"
        assert session.get(Grade, (book.placement_id, book.user_ids[0])) is not None


def learner(book: Gradebook, session: Session) -> Actor:
    return make_person(session, book.place, "Ben")
