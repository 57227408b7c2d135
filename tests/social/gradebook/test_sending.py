"""What becomes of a grade on its way to the LMS, by what the LMS answers."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.models import ANONYMOUS, Registration, User
from lmssocial.lms.lti.profiles import PLAIN
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.social.gradebook import claiming, rulings
from lmssocial.social.gradebook.events import GradeGivenUp
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.rulings import Trouble
from lmssocial.social.gradebook.service import Mark, handed_in, put, put_all
from tests.conftest import TestClock
from tests.fakes.grade_service import Fault, GradeService, grade_service
from tests.support.grades import LINK, Gradebook, caller_of, open_gradebook
from tests.support.queries import counted_queries


def one_after_the_other(*faults: Fault) -> Callable[[], Fault]:
    """These, and then none."""
    left: Iterator[Fault] = iter(faults)
    return lambda: next(left, Fault.NONE)


def always(fault: Fault) -> Callable[[], Fault]:
    return lambda: fault


def test_a_grade_arrives_as_it_was_given_and_nothing_is_sent_twice(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.give(0, 80, comment="Well argued.")

    assert book.send() == 1
    clock.tick(minutes=10)
    assert book.send() == 0

    [standing] = lms.scores.values()
    assert (standing.given, standing.maximum, standing.comment) == (80, 100, "Well argued.")
    assert lms.score_calls() == 1
    assert book.score().condition is Condition.SENT
    assert book.score().sent_at is not None


def test_the_last_of_several_grades_is_sent_alone(book: Gradebook, lms: GradeService) -> None:
    for points in (10, 20, 30):
        book.give(0, points)
    assert book.send() == 1
    assert lms.grades() == {book.subs[0]: 0.3}
    assert lms.score_calls() == 1


def test_what_is_changed_while_it_is_on_its_way_goes_out_once_more(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    changes = iter([50.0])

    def change(_path: str) -> None:
        for points in changes:
            book.give(0, points)

    book.give(0, 40)
    lms.before = change
    assert book.send() == 1
    assert book.score().condition is Condition.WAITING
    assert lms.grades() == {book.subs[0]: 0.4}

    clock.tick()
    assert book.send() == 1
    assert lms.grades() == {book.subs[0]: 0.5}
    assert book.score().condition is Condition.SENT


def test_nobody_sends_a_score_that_somebody_is_sending(book: Gradebook, lms: GradeService) -> None:
    seen: list[int] = []

    def meanwhile(_path: str) -> None:
        if not seen:
            seen.append(0)
            book.give(0, 90)
            seen.append(book.send())

    book.give(0, 40)
    lms.before = meanwhile
    book.send()
    assert seen == [0, 0], "the other worker found nothing that is free"
    assert book.send() == 1
    assert lms.grades() == {book.subs[0]: 0.9}


@pytest.mark.parametrize("family", ["canvas", "moodle"])
def test_stamps_rise_although_the_clock_is_set_back(
    sessions: sessionmaker[Session], caller: Caller, clock: TestClock, family: str
) -> None:
    step = timedelta(seconds=1) if family == "moodle" else timedelta(milliseconds=1)
    with grade_service(step=step) as lms:
        book = open_gradebook(sessions, caller, lms, family=family)
        book.give(0, 40)
        assert book.send() == 1
        clock.tick(hours=-3)
        book.give(0, 50)
        assert book.send() == 1
        clock.tick(seconds=0.0001)
        book.give(0, 60)
        book.send()
        clock.tick(seconds=2)
        book.send()
        assert lms.grades() == {book.subs[0]: 0.6}
        assert not lms.stale


def test_moodle_gets_one_score_a_second_in_whole_seconds_and_none_of_the_future(
    sessions: sessionmaker[Session], caller: Caller, clock: TestClock
) -> None:
    with grade_service(step=timedelta(seconds=1)) as lms:
        book = open_gradebook(sessions, caller, lms, family="moodle")
        for points in (10, 20, 30):
            book.give(0, points)
            book.send()
            clock.tick(seconds=0.2)
        assert lms.score_calls() == 1
        clock.tick(seconds=0.5)
        assert book.send() == 1
        assert lms.grades() == {book.subs[0]: 0.3}
        [standing] = lms.scores.values()
        assert standing.stamp.microsecond == 0
        assert standing.stamp <= clock.now
        assert not lms.stale


def test_a_grade_that_was_taken_back_is_erased_in_the_lms(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.give(0, 40)
    book.send()
    clock.tick()
    book.give(0, None)
    assert book.send() == 1
    assert lms.grades() == {book.subs[0]: None}


def test_that_somebody_handed_in_is_said_before_there_is_a_grade_and_erases_none(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    def hand_in(number: int) -> bool:
        with book.sessions() as session, unit_of_work(session):
            return put(session, book.column_id, book.user_ids[number], handed_in(100, clock.now))

    assert hand_in(0)
    assert book.send() == 1
    [standing] = lms.scores.values()
    assert (standing.given, standing.progress) == (None, ("Submitted", "Pending"))

    clock.tick()
    book.give(0, 40)
    assert not hand_in(0)
    assert book.send() == 1
    assert lms.grades() == {book.subs[0]: 0.4}

    clock.tick()
    book.give(0, None)
    assert book.send() == 1
    [standing] = lms.scores.values()
    assert (standing.given, standing.progress) == (None, ("Initialized", "NotReady"))


def test_marks_of_many_take_as_many_statements_as_those_of_few(book: Gradebook) -> None:
    def put_for(number: int) -> int:
        with book.sessions() as session, unit_of_work(session):
            session.get_one(Column, book.column_id)
            with counted_queries() as queries:
                marks = {user_id: Mark(given=number, maximum=9) for user_id in book.user_ids[:number]}
                assert put_all(session, book.column_id, marks) == number
        return len(queries)

    put_for(3)
    assert put_for(1) == put_for(2)


def test_a_refused_token_is_fetched_anew_and_the_score_sent_again(book: Gradebook, lms: GradeService) -> None:
    book.give(0, 40)
    assert book.send() == 1
    lms.choose = one_after_the_other(Fault.UNAUTHORIZED)
    book.give(1, 50)
    assert book.send() == 1
    assert book.score(1).condition is Condition.SENT
    assert sum(path == "/token" for _method, path in lms.calls) >= 2


@pytest.mark.parametrize(
    ("fault", "trouble", "status"),
    [
        (Fault.FORBIDDEN, Trouble.FORBIDDEN, 403),
        (Fault.NOT_GRADABLE, Trouble.REFUSED, 400),
    ],
)
def test_what_the_lms_refuses_for_good_is_given_up_with_its_words(
    book: Gradebook, lms: GradeService, fault: Fault, trouble: Trouble, status: int
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = always(fault)
    assert book.send() == 0
    score = book.score()
    assert (score.condition, score.trouble, score.last_status) == (Condition.GIVEN_UP, trouble, status)
    assert {Fault.FORBIDDEN: "not yours", Fault.NOT_GRADABLE: "User could not be found"}[
        fault
    ] in score.last_error
    calls = lms.score_calls()
    book.hurry()
    book.send()
    assert lms.score_calls() == calls, "it is not tried again by itself"
    with book.sessions() as session:
        [event] = session.scalars(select(ActivityEvent).where(ActivityEvent.name == GradeGivenUp.name))
        assert event.payload == {
            "placement_id": book.placement_id,
            "user_id": book.user_ids[0],
            "trouble": trouble,
        }


def test_a_grade_that_was_given_up_goes_out_when_it_is_given_again(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = one_after_the_other(Fault.FORBIDDEN)
    book.send()
    clock.tick()
    assert book.give(0, 40), "the same grade, given once more, is a wish to try again"
    assert book.send() == 1
    assert book.score().trouble == ""


def test_a_newer_grade_in_the_lms_is_met_with_newer_stamps_a_few_times(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = one_after_the_other(Fault.NONE, Fault.CONFLICT, Fault.CONFLICT)
    book.send()
    clock.tick()
    book.give(0, 50)
    for pause in (timedelta(), *rulings.STALE_PAUSES[:2]):
        clock.tick(pause.total_seconds())
        book.send()
    assert book.score().condition is Condition.SENT
    assert lms.grades() == {book.subs[0]: 0.5}

    lms.choose = always(Fault.CONFLICT)
    book.give(0, 60)
    for _round in range(10):
        book.send()
        clock.tick(minutes=10)
    score = book.score()
    assert (score.condition, score.trouble) == (Condition.GIVEN_UP, Trouble.STALE)
    assert lms.score_calls() == 4 + len(rulings.STALE_PAUSES) + 1


def test_the_whole_platform_rests_until_it_said_we_may_go_on(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give_all(40)
    lms.choose = one_after_the_other(Fault.NONE, Fault.TOO_MANY)
    lms.retry_after = 120
    assert book.send() == 1
    calls = lms.score_calls()

    for _quarter in range(7):
        clock.tick(15)
        book.give(0, 50)  # what is new waits as well
        book.give(1, 41)
        assert book.send() == 0
    assert lms.score_calls() == calls
    clock.tick(20)
    assert book.send() == 3
    assert book.score(1).attempts == 0
    assert lms.grades() == {book.subs[0]: 0.5, book.subs[1]: 0.41, book.subs[2]: 0.4}


def test_a_platform_that_is_down_for_a_day_loses_nothing_and_is_left_alone(
    sessions: sessionmaker[Session], caller: Caller, lms: GradeService, clock: TestClock
) -> None:
    book = open_gradebook(sessions, caller, lms, learners=40, line_item=lms.open_item())
    book.give_all(70)
    lms.choose = always(Fault.UNAVAILABLE)
    for _two_hours in range(12):
        before = lms.score_calls()
        assert book.send() == 0
        assert lms.score_calls() - before <= 3, "it is not asked for each of forty scores"
        clock.tick(hours=2)
    lms.choose = always(Fault.NONE)
    for _two_hours in range(3):
        book.send()
        clock.tick(hours=2)
    assert lms.grades() == dict.fromkeys(book.subs, 0.7)


def test_three_days_without_an_answer_are_the_end_of_it(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = always(Fault.UNAVAILABLE)
    began = clock.now
    while book.score().condition is not Condition.GIVEN_UP:
        book.send()
        clock.tick(hours=2)
    assert timedelta(days=2, hours=20) < clock.now - began < timedelta(days=4)
    assert book.score().trouble == Trouble.AWAY


def test_a_page_instead_of_an_answer_is_tried_again(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    book.launch_says(line_item=lms.open_item())
    book.give(0, 40)
    lms.choose = one_after_the_other(Fault.HTML)
    assert book.send() == 0
    assert book.score().trouble == Trouble.UNREADABLE
    clock.tick(minutes=1)
    assert book.send() == 1


def test_a_score_that_is_none_keeps_nothing_waiting(book: Gradebook, lms: GradeService) -> None:
    book.give(0, 40, maximum=0)
    book.give(1, 40)
    assert book.send() == 1
    assert book.score(0).condition is Condition.GIVEN_UP
    assert lms.grades() == {book.subs[1]: 0.4}


def test_an_lms_that_keeps_ids_to_itself_is_told_no_grades(book: Gradebook, lms: GradeService) -> None:
    with book.sessions() as session, unit_of_work(session):
        session.get_one(User, book.user_ids[0]).sub = f"{ANONYMOUS}made up"

    assert not book.give(0, 80)
    assert book.send() == 0
    assert lms.score_calls() == 0


def test_a_platform_in_trouble_delays_no_other(
    book: Gradebook, beside: Callable[[GradeService], Gradebook], lms: GradeService
) -> None:
    with grade_service(choose=always(Fault.UNAVAILABLE)) as down:
        theirs = beside(down)
        theirs.give_all(10)
        book.give_all(40)
        assert book.send() == 3
    assert lms.grades() == dict.fromkeys(book.subs, 0.4)
    assert down.grades() == {}


def test_no_transaction_is_open_while_the_lms_is_waited_for(book: Gradebook, lms: GradeService) -> None:
    written: list[str] = []

    def write(_path: str) -> None:
        with book.sessions() as session, unit_of_work(session):  # on SQLite this needs the one write lock
            session.execute(update(User).where(User.id == book.user_ids[0]).values(name="Somebody else"))
            session.execute(update(Score).values(comment="changed"))
        written.append("done")

    book.give(0, 40)
    lms.before = write
    assert book.send() == 1
    assert written == ["done"]


def test_a_claim_that_ran_out_is_somebody_elses_and_what_was_sent_late_is_sent_over(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    lms.looks_at_stamps = False
    book.give(0, 40)
    with book.sessions() as session, unit_of_work(session):
        [slow] = claiming.claim(session, book.place.registration.id, PLAIN, 10)
    book.give(0, 50)
    assert book.send() == 0
    clock.tick(minutes=6)
    assert book.send() == 1, "whoever had it is taken for dead"
    late = claiming.Result(claimed=slow, sent_to=book.column().line_item_url)
    with book.sessions() as session, unit_of_work(session):
        claiming.note(
            session, [late], waits=True
        )  # not dead: it has just overwritten the newer one in a careless LMS
    assert book.score().condition is Condition.WAITING
    assert book.send() == 1


def test_a_platform_that_was_switched_off_gets_nothing_until_it_is_on_again(
    book: Gradebook, lms: GradeService
) -> None:
    book.give(0, 40)
    with book.sessions() as session, unit_of_work(session):
        session.execute(update(Registration).values(enabled=False))
    assert book.send() == 0
    assert not lms.calls
    with book.sessions() as session, unit_of_work(session):
        session.execute(update(Registration).values(enabled=True))
    assert book.send() == 1


@pytest.mark.parametrize(
    "said", [{"line_items_url": ""}, {"grade_scopes": scopes.RESULT_READONLY}], ids=["none", "read only"]
)
def test_a_course_without_the_service_waits_for_a_launch_that_names_it(
    book: Gradebook, lms: GradeService, clock: TestClock, said: dict[str, str]
) -> None:
    book.launch_says(**said)
    book.give(0, 40)
    assert book.send() == 0
    assert not lms.calls
    score = book.score()
    assert (score.condition, score.attempts, score.trouble) == (Condition.WAITING, 0, "")
    clock.tick(days=30)
    book.launch_says(line_items_url=lms.container(), grade_scopes=f"{scopes.SCORE} {scopes.LINE_ITEM}")
    assert book.send() == 1


def test_the_line_item_that_the_launch_named_is_used_and_nothing_else_is_asked(
    book: Gradebook, lms: GradeService
) -> None:
    book.launch_says(line_item=lms.open_item(resourceLinkId=LINK))
    book.give(0, 40)
    book.send()
    assert [method for method, _path in lms.calls] == ["POST", "POST"], "a token and the score"


def test_a_line_item_of_the_link_is_found_in_the_container(book: Gradebook, lms: GradeService) -> None:
    lms.open_item(resourceLinkId="another")
    url = lms.open_item(resourceLinkId=LINK)
    book.give(0, 40)
    book.send()
    assert book.column().line_item_url == url
    assert not book.column().is_ours
    assert len(lms.items) == 2


def test_a_missing_line_item_is_made_once_for_the_link(book: Gradebook, lms: GradeService) -> None:
    book.give_all(40)
    assert book.send() == 3
    [item] = lms.items.values()
    assert item.sent == {
        "label": "Discussion",
        "scoreMaximum": 100,
        "resourceId": book.place.placement.uuid,
        "tag": "lmssocial",
        "resourceLinkId": LINK,
    }
    assert book.column().is_ours


def test_an_extra_column_names_no_link_and_is_found_again(
    sessions: sessionmaker[Session], caller: Caller, lms: GradeService
) -> None:
    book = open_gradebook(sessions, caller, lms, tag="peer", line_item=lms.open_item(resourceLinkId=LINK))
    book.give(0, 40)
    book.send()
    made = lms.items[2]
    assert made.sent["tag"] == "lmssocial-peer"
    assert "resourceLinkId" not in made.sent

    with sessions() as session, unit_of_work(session):
        session.execute(update(Column).values(line_item_url=""))
    book.give(0, 50)
    book.send()
    assert len(lms.items) == 2


def test_a_line_item_that_is_gone_is_made_anew_and_everything_after_goes_there(
    book: Gradebook, lms: GradeService, clock: TestClock
) -> None:
    first = lms.open_item(resourceLinkId=LINK)
    book.launch_says(line_item=first)
    book.give(0, 40)
    book.send()
    lms.items.clear()
    clock.tick()
    book.give_all(60)
    assert book.send() == 3
    assert lms.grades() == dict.fromkeys(book.subs, 0.6)
    assert book.column().line_item_url not in {"", first}
    assert len(lms.items) == 1


def test_a_404_for_the_person_does_not_make_another_column(
    book: Gradebook, lms: GradeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.launch_says(line_item=lms.open_item(resourceLinkId=LINK))
    book.give_all(40)
    usual = lms._take
    gone = book.subs[1]
    monkeypatch.setattr(
        lms,
        "_take",
        lambda item, sent: (
            (404, {"error": "no such user"}, {}) if sent["userId"] == gone else usual(item, sent)
        ),
    )
    assert book.send() == 2
    score = book.score(1)
    assert (score.condition, score.trouble) == (Condition.GIVEN_UP, Trouble.PERSON_UNKNOWN)
    assert "no such user" in score.last_error
    assert len(lms.items) == 1


@pytest.mark.parametrize("granted", [scopes.SCORE, f"{scopes.SCORE} {scopes.LINE_ITEM_READONLY}"])
def test_without_a_column_and_the_right_to_make_one_the_grade_is_given_up_in_words(
    book: Gradebook, lms: GradeService, granted: str
) -> None:
    book.launch_says(grade_scopes=granted)
    book.give_all(40)
    assert book.send() == 0
    assert book.score(2).trouble == Trouble.NO_COLUMN
    assert not lms.items
    assert not lms.score_calls()
    assert sum("/items" in path for _method, path in lms.calls) <= 2, "looked for once, not for each score"


def test_ten_thousand_waiting_for_one_platform_do_not_keep_another_waiting(
    book: Gradebook,
    beside: Callable[[GradeService], Gradebook],
    lms: GradeService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lmssocial.social.gradebook.sending.LANES", 1)
    monkeypatch.setattr("lmssocial.social.gradebook.sending.TURN", 2)
    order: list[str] = []
    with grade_service(before=lambda _path: order.append("theirs")) as other:
        lms.before = lambda _path: order.append("ours")
        crowd = open_gradebook(book.sessions, book.caller, lms, learners=20)
        crowd.give_all(40)
        small = beside(other)
        small.give_all(40)
        assert book.send() == 23
    assert order.index("theirs") <= 2
    assert [who for who in order if who == "theirs"] == ["theirs"] * 3
    assert order[:8].count("theirs") == 3, "turns alternate although one lane is all there is"


def test_two_workers_share_the_work_and_every_score_arrives_once(
    sessions: sessionmaker[Session], caller: Caller, lms: GradeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmssocial.social.gradebook.sending.TURN", 3)
    book = open_gradebook(sessions, caller, lms, learners=12, line_item=lms.open_item())
    book.give_all(40)
    second = book.of_another_tool(caller_of(sessions))
    asked: list[str] = []

    def also(_path: str) -> None:
        if not asked:
            asked.append("once")
            second.send()

    lms.before = also
    book.send()
    assert lms.score_calls() == 12
    assert len(lms.grades()) == 12
