"""The monitors and the page about fulfilment, as those who look after a community see them."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.days import opened_by, unread_in
from lmssocial_reporting.mine import withholding
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.monitors.reading import widget_page
from lmssocial_reporting.scope import Scope, Wide
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.skills import told as skills_told
from lmssocial_reporting.skills.indicators import own_measures
from lmssocial_reporting.skills.told import told_by
from lmssocial_reporting.store.port import Act, Deed
from lmssocial_reporting.store.sql import SqlStore
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.people import Place, make_person, make_place, make_placement
from tests.support.queries import counted_queries
from tests.support.reporting import WINDOW, a_piece, an_act
from tests.support.seat import Seat, text_of

TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEPTEMBER = datetime(2025, 9, 1, 9, tzinfo=UTC)
PAGES = ("/monitors/widgets", "/monitors/network", "/monitors/sharing", "/monitors/threads", "/skills")
Sit = Callable[[Actor], Seat]


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:
    """A course that began in September, in which the report is on."""
    clock.move_to(SEPTEMBER)
    found = make_place(session)
    reporting.turn_on(session, found)
    return found


@pytest.fixture
def learners(session: Session, place: Place, clock: TestClock) -> list[Actor]:
    """Thirty of them, on the Monday after the window."""
    found = [make_person(session, place, f"Learner {number}") for number in range(1, 31)]
    clock.move_to(TODAY)
    return found


@pytest.fixture
def tom(session: Session, place: Place, clock: TestClock) -> Actor:
    """The one instructor. He and the learners came in September."""
    clock.move_to(SEPTEMBER)
    found = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    clock.move_to(TODAY)
    return found


def talk(session: Session, place: Place, who: Sequence[Actor], *, threads: int = 6) -> None:
    """Let people open threads in turn, which the next two of them read and the next one answers after three hours."""
    store, acts, pieces = SqlStore(session), list[Act](), []
    about = {"tenant_id": place.tenant.id, "course_id": place.course.id, "placement_id": place.placement.id}
    for number in range(threads):
        day = WINDOW.first + timedelta(days=number % 14)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        author, reader, answerer = (who[(number + step) % len(who)].user_id for step in range(3))
        there = about | {"thread": f"t{number}"}
        post = there | {"item": f"c{number}00", "other": author}
        acts.append(an_act(**(post | {"deed": Deed.POSTED, "member": author, "other": 0, "at": noon})))
        for member in (reader, answerer):
            acts.append(
                an_act(**(post | {"deed": Deed.READ, "member": member, "at": noon + timedelta(hours=1)}))
            )
        reply = there | {"item": f"c{number}01", "member": answerer, "other": author}
        acts.append(an_act(**(reply | {"deed": Deed.REPLIED, "number": 90, "at": noon + timedelta(hours=3)})))
        shown = {
            "day": day,
            "course_id": place.course.id,
            "placement_id": place.placement.id,
            "thread": f"t{number}",
        }
        pieces.append(a_piece(kind=Kind.ITEM_POSTED, member=author, other=0, item=f"c{number}00", **shown))
        pieces.append(a_piece(member=answerer, other=author, item=f"c{number}01", **shown))
    store.add_acts(acts)
    for day in {piece.day for piece in pieces}:
        store.replace_day(place.course.id, day, [piece for piece in pieces if piece.day == day])


def follow(session: Session, place: Place, begins_on: date) -> None:
    """The log of the course was read to its end."""
    session.add(
        FollowedCourse(
            course_id=place.course.id,
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            zone="UTC",
            definition="roles/1",
            has_news=False,
            begins_on=begins_on,
            looked_at=TODAY,
        )
    )


def test_the_monitors_say_what_was_done_and_name_nobody(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:20], threads=20)
    seat = sit(tom)
    said = {path: text_of(seat.open(path)) for path in PAGES}
    assert "31 members, 20 ties." in said["/monitors/network"]
    assert "20 or more of 31 members have a tie to somebody." in said["/monitors/network"]
    assert "Of 40 items, 20 were read by another member" in said["/monitors/sharing"]
    assert "Time until half had a first answer 3 hours" in said["/monitors/threads"]
    assert "Most is done on Monday between 13 and 14" in said["/monitors/widgets"]
    assert "Switched on: acts say nothing about it" in said["/skills"]
    assert not [path for path, words in said.items() if "Learner" in words.replace("Learners", "")]


def test_reading_that_is_not_to_be_counted_is_in_no_monitor_and_in_no_figure_of_skills(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:20], threads=20)
    course = [place.course.id]
    for actor in learners[:5]:
        withholding.count_reading(session, SqlStore(session), actor, counted=False)
    seat = sit(tom)
    said = text_of(seat.open("/monitors/sharing"))
    assert "Of 40 items, 16 were read by another member" in said, (
        "four had both of their readers among the five"
    )
    told = told_by(session, SqlStore(session), course, WINDOW, widgets={})
    assert unread_in(session, course) == {actor.user_id for actor in learners[:5]}
    assert {one.member for one in told.readings} == {actor.user_id for actor in learners[5:20]}


def test_who_only_reads_and_does_not_want_it_counted_used_no_widget_and_opened_nothing_that_was_shared(
    session: Session, place: Place, learners: list[Actor], tom: Actor
) -> None:
    store, course, placement = SqlStore(session), place.course.id, place.placement.id
    noon = datetime(WINDOW.last.year, WINDOW.last.month, WINDOW.last.day, 12, tzinfo=UTC)
    there = {"tenant_id": place.tenant.id, "course_id": course, "placement_id": placement, "at": noon}
    readers = learners[:20]
    store.add_acts(
        [
            an_act(**there, deed=Deed.READ, item="copy", member=one.user_id, other=tom.user_id)
            for one in readers
        ]
    )
    assert opened_by(session, store, ["copy"]) == {"copy": 20}
    for actor in readers[:9]:
        withholding.count_reading(session, store, actor, counted=False)
    assert opened_by(session, store, ["copy"]) == {"copy": 11}
    told = told_by(session, store, [course], WINDOW, widgets={})
    assert {member for _placement, _widget, member in told.uses} == {one.user_id for one in readers[9:]}
    scope = Scope(wide=Wide.COURSE, key="", title="Course", course_ids=(course,), settings=Settings())
    (use,) = (
        one for one in widget_page(session, store, scope).uses if one.placement.placement_id == placement
    )
    assert use.acts == 11


def test_where_there_is_too_much_reading_the_page_looks_at_none_of_it_and_says_so(
    session: Session,
    place: Place,
    learners: list[Actor],
    tom: Actor,
    sit: Sit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talk(session, place, learners[:20], threads=20)
    monkeypatch.setattr(skills_told, "LARGE", 39)
    said = text_of(sit(tom).open("/monitors/sharing"))
    assert "Left out, because there is too much reading here" in said
    assert "were read by another member" not in said


def test_what_is_not_told_to_be_read_is_not_called_unread(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:20], threads=20)
    silent = make_placement(session, place.community)
    about = {"tenant_id": place.tenant.id, "course_id": place.course.id, "placement_id": silent.id}
    more = [
        an_act(**about, deed=Deed.POSTED, member=learners[number].user_id, other=0, item=f"c9{number}00")
        for number in range(30)
    ]
    SqlStore(session).add_acts(more)
    seat = sit(tom)
    said = text_of(seat.open("/monitors/sharing"))
    assert "Of 40 items whose reading is told, 20 were read by another member" in said
    assert "Of 30 more it is not told whether they were read." in said
    assert "Of 40 items whose reading is told, nobody else is known to have read 50 %." in said.replace(
        "\xa0", " "
    )
    assert "Of 40 items whose reading is told, 20 were read" in text_of(seat.open("/reports/now"))


def test_a_network_that_is_not_written_is_not_offered_and_the_reason_is_said(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:28], threads=28)
    seat = sit(tom)
    draft = seat.open("/reports/now").get_data(as_text=True)
    assert "now.graphml" not in draft
    assert "now-edges.csv" not in draft
    for answer in (
        seat.open("/reports/now"),
        seat.open("/reports/now.graphml"),
        seat.open("/reports/now-edges.csv"),
    ):
        assert "one could count the few members who have no tie" in text_of(answer)
        assert "There are fewer than" not in text_of(answer)


@pytest.mark.parametrize("writers", [20, 28])
def test_the_curve_of_writing_is_drawn_where_its_coefficient_is_said_and_nowhere_else(
    writers: int, session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:writers], threads=writers)
    seat, said = sit(tom), writers == 20
    page = seat.open("/monitors/network")
    assert ("writing.svg" in page.get_data(as_text=True)) is said
    assert ("Fewer than 5 members wrote, or fewer than 5 did not" in text_of(page)) is not said
    assert seat.open("/chart/writing.svg").status_code == (200 if said else 404)
    measures = json.loads(seat.open("/reports/now.json").data)["facts"]["measures"]
    (gini,) = (one for one in measures if "Gini" in one["name"])
    assert (gini["value"] == "not said: too few wrote, or too few did not") is not said


def test_questions_that_wait_are_one_click_away(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    about = {"tenant_id": place.tenant.id, "course_id": place.course.id, "placement_id": place.placement.id}
    asks = about | {"thread": "t1", "item": "c100", "member": learners[0].user_id, "other": 0}
    SqlStore(session).add_acts([an_act(**asks, deed=deed) for deed in (Deed.POSTED, Deed.ASKED)])
    page = sit(tom).open("/monitors/threads").get_data(as_text=True)
    assert f'href="/w/{place.placement.id}/discussion/?sort=unanswered"' in page


def test_weeks_have_dates_and_lengths_of_threads_a_unit(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners[:20], threads=20)
    seat = sit(tom)
    widgets, threads = (text_of(seat.open(f"/monitors/{name}")) for name in ("widgets", "threads"))
    assert "Week from 2 Feb Week from 9 Feb Week from 16 Feb Week from 23 Feb" in widgets
    assert "1 contribution 0" in threads
    assert "3–5 contributions 0" in threads


def test_a_course_that_began_now_says_when_its_first_four_weeks_end_and_not_that_it_has_no_members(
    session: Session, place: Place, tom: Actor, sit: Sit, clock: TestClock
) -> None:
    clock.move_to(TODAY)
    for number in range(30):
        make_person(session, place, f"Newcomer {number}")
    talk(session, place, [tom, tom, tom])
    follow(session, place, TODAY.date())
    seat = sit(tom)
    for path in ("/monitors/network", "/monitors/sharing", "/skills", "/reports/now", "/"):
        said = text_of(seat.open(path))
        assert "The first four weeks end on March 29, 2026." in said, path
        assert "There is 1 member" not in said, path
        assert "Shares of" not in said, path


def test_nobody_but_those_who_look_after_a_community_sees_its_monitors(
    session: Session, place: Place, learners: list[Actor], sit: Sit
) -> None:
    talk(session, place, learners)
    seat = sit(learners[0])
    assert {seat.open(path).status_code for path in PAGES} == {403}


def test_a_course_of_eight_and_an_empty_one_have_pages_that_say_so(
    session: Session, place: Place, tom: Actor, sit: Sit, clock: TestClock
) -> None:
    seat = sit(tom)
    assert "Nothing was published in these weeks" in text_of(seat.open("/monitors/sharing"))
    assert "No thread was opened in these weeks" in text_of(seat.open("/monitors/threads"))
    clock.move_to(SEPTEMBER)
    few = [make_person(session, place, f"Learner {number}") for number in range(1, 8)]
    clock.move_to(TODAY)
    talk(session, place, few)
    session.commit()
    said = text_of(seat.open("/monitors/network"))
    assert "There are 8 members." in said
    assert "6 times" in said
    assert "Gini" not in said
    assert "Too few members for shares" in text_of(seat.open("/skills"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_whatever_happened(
    path: str, session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners, threads=4)
    seat = sit(tom)
    seat.open(path)
    with counted_queries() as few:
        seat.open(path)
    talk(session, place, learners, threads=25)
    session.commit()
    with counted_queries() as many:
        assert seat.open(path).status_code == 200
    assert len(many) == len(few)


def test_what_acts_say_of_somebodys_skills_needs_its_chances(
    session: Session, place: Place, learners: list[Actor], tom: Actor
) -> None:
    talk(session, place, [*learners[:2], tom], threads=18)
    store = SqlStore(session)
    found = {
        one.indicator.key: one
        for one in own_measures(
            told_by(session, store, [place.course.id], WINDOW, widgets={}), learners[0].user_id
        )
    }
    assert (found["self_directed"].value, found["self_directed"].chances) == (1.0, 12)
    assert (found["insightful"].value, found["insightful"].chances) == (None, 0)


def test_figures_from_a_log_that_was_not_read_yet_are_called_incomplete(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    talk(session, place, learners)
    seat = sit(tom)
    assert all("not complete" in text_of(seat.open(path)) for path in PAGES)
    follow(session, place, WINDOW.first)
    session.commit()
    assert not any("not complete" in text_of(seat.open(path)) for path in PAGES)
