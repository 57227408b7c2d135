"""One's own part: read, left out and had back by whoever it is about, and by nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import forgetting
from lmssocial_reporting.mine import beside, leaving
from lmssocial_reporting.mine.models import Assessment, Rating
from lmssocial_reporting.models import DirtyDay, FollowedCourse, Withheld
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.skills import told
from lmssocial_reporting.store.sql import SqlStore
from tests.support.people import Place, make_person
from tests.support.queries import Queries
from tests.support.reporting import WINDOW, a_piece, an_act
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """Another one."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def cleo(session: Session, place: Place) -> Actor:
    """A third."""
    return make_person(session, place, "Cleo Maas")


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


def did(
    session: Session, place: Place, member: Actor, *others: Actor, kind: Kind = Kind.REPLY_POSTED
) -> None:
    """Let ``member`` have acted for each of the others, on days of their own."""
    store = SqlStore(session)
    for number, other in enumerate(others):
        piece = a_piece(
            course_id=place.course.id,
            member=member.user_id,
            other=other.user_id,
            day=WINDOW.first + timedelta(days=number),
            kind=kind,
            item=f"c{100 + number}",
            placement_id=place.placement.id,
        )
        store.replace_day(place.course.id, piece.day, [piece])
    session.commit()


def test_my_part_says_what_i_did_for_whom_and_what_that_amounts_to(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    did(session, place, ana, ben, cleo)
    page = sit(ana).open("/mine")
    said = text_of(page)
    assert "You acted as Creator in these four weeks." in said
    assert "You replied to Ben Okoro" in said
    assert f"Monday, February 2, 2026 {place.placement.title}" in said, "in which activity"
    assert "On 2 days, for 2 people" in said
    assert f"/w/{place.placement.id}/discussion/posts/100" in page.get_data(as_text=True)
    assert said.count("Nothing seen, which may well be fine.") == 4
    other = text_of(sit(ben).open("/mine"))
    assert "Ana" not in other
    assert other.count("Nothing seen, which may well be fine.") == 5


def test_a_line_left_out_is_gone_at_once_and_back_with_one_click(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    did(session, place, ana, ben, cleo)
    seat = sit(ana)
    path = f"/mine/withhold?kind=reply.posted&day={WINDOW.first}&other={ben.user_id}&item=c100"
    refused = seat.send(seat.form(seat.open(path), "/mine/withhold?back=0"), contested="y")
    assert refused.status_code == 422
    assert "Say in a sentence what is wrong." in text_of(refused)
    form = seat.form(refused, "/mine/withhold?back=0")
    page = seat.follow(seat.send(form, contested="y", words="That was a test."))
    lines = text_of(page).split("What you leave out")[0]
    assert "You replied to Cleo Maas" in lines
    assert "You replied to Ben Okoro" not in lines
    assert "That was a test." in text_of(page)
    session.rollback()
    row = session.scalars(select(Withheld)).one()
    assert (row.member, row.kind, row.item, row.contested) == (ana.user_id, "reply.posted", "c100", True)
    assert session.scalars(select(DirtyDay.day)).all() == [WINDOW.first]
    other = sit(ben)
    page_of_ben = other.open("/mine")
    assert "That was a test." not in text_of(page_of_ben)
    token = dict(other.form(page_of_ben, "/mine/reading").fields)["csrf_token"]
    theirs = other.client.post(other.address(f"/mine/withhold/{row.id}/undo"), data={"csrf_token": token})
    assert "It is counted already." in text_of(other.follow(theirs)), "as if there were none"
    assert "That was a test." in text_of(seat.open("/mine"))
    undo = seat.form(page, f"/withhold/{row.id}/undo")
    page = seat.follow(seat.send(undo))
    assert "You replied to Ben Okoro" in text_of(page).split("What you leave out")[0]
    assert "It is counted already." in text_of(seat.follow(seat.send(undo)))


def test_a_sentence_says_that_a_line_is_wrong_and_what_is_left_out_twice_is_left_out_once(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    did(session, place, ana, ben)
    seat = sit(ana)
    path = f"/mine/withhold?kind=reply.posted&day={WINDOW.first}&other={ben.user_id}&item=c100"
    page = seat.open(path)
    assert "if it is about the last four weeks and at least 5 people contest something" in text_of(page)
    assert place.placement.title in text_of(page).partition("You replied to Ben Okoro")[2][:99]
    form = seat.form(page, "/mine/withhold?back=0")
    seat.follow(seat.send(form))
    assert "It is left out already." in text_of(seat.follow(seat.send(form)))
    assert "It is left out already." in text_of(seat.follow(seat.open(path)))
    page = seat.follow(seat.send(form, words="I replied to nobody."))
    assert "you say that it is wrong" in text_of(page)
    assert "I replied to nobody." in text_of(page)
    session.rollback()
    assert [row.words for row in session.scalars(select(Withheld))] == ["I replied to nobody."]


def test_a_line_that_is_not_there_cannot_be_left_out_and_names_nobody(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    did(session, place, ana, ben)
    seat = sit(ana)
    theirs = f"/mine/withhold?kind=reply.posted&day={WINDOW.first}&other={ben.user_id}&item=c100"
    token = dict(seat.form(seat.open(theirs), "back=0").fields)["csrf_token"]
    made_up = {"kind": "reply.posted", "day": str(WINDOW.first), "other": str(cleo.user_id), "item": "c100"}
    page = seat.client.get(seat.address("/mine/withhold"), query_string=made_up)
    sent = seat.client.post(seat.address("/mine/withhold"), data=made_up | {"csrf_token": token})
    assert (page.status_code, sent.status_code) == (422, 422)
    assert "There is no such line." in text_of(page)
    assert "Cleo" not in text_of(page) + text_of(sent)
    session.rollback()
    assert not session.scalars(select(Withheld)).all()


def test_readers_are_not_named_to_authors_and_nobody_is_about_works_that_are_reviewed(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    about = {"course_id": place.course.id, "member": ana.user_id, "placement_id": place.placement.id}
    posted = [
        a_piece(kind=Kind.ITEM_POSTED, other=other, item="c7", **about)
        for other in (0, ben.user_id, cleo.user_id)
    ]
    work = about | {"item": "w5", "thread": "w5", "other": ben.user_id}
    reviewed = [a_piece(kind=kind, **work) for kind in (Kind.REPLY_POSTED, Kind.ITEM_OPENED)]
    pointed = [
        a_piece(kind=Kind.ITEM_POINTED, item="c9", thread="t9", **about | {"other": ben.user_id}),
    ]
    SqlStore(session).replace_day(place.course.id, WINDOW.first, [*posted, *reviewed, *pointed])
    seat = sit(ana)
    page = seat.open("/mine")
    said = text_of(page)
    assert "You published something, and 2 people read it" in said
    assert "You pointed to something that was there, and it was opened" in said
    assert "You replied to somebody" in said
    assert "You read something to its end" in said
    assert not any(name in said for name in ("Ben", "Cleo"))
    assert f"other={ben.user_id}" not in page.get_data(as_text=True)
    asked = f"/mine/withhold?kind=item.posted&day={WINDOW.first}&item=c7"
    assert seat.open(f"{asked}&other={ben.user_id}").status_code == 422, "nor can it be tried out"
    seat.follow(seat.send(seat.form(seat.open(asked), "back=0")))
    session.rollback()
    row = session.scalars(select(Withheld)).one()
    assert (row.kind, row.other, row.item) == ("item.posted", None, "c7")
    about_course = {"course_id": place.course.id, "tenant_id": place.tenant.id}
    session.add(
        FollowedCourse(
            **about_course, community_id=place.community.id, zone="UTC", definition="roles/1", has_news=False
        )
    )
    session.flush()
    handed_out = forgetting.export(session, ana.user_id, Settings())["evidence"]
    assert len(handed_out) == 6
    assert {one["other"] for one in handed_out} == {0}, "what is handed out tells of nobody else, either"


def test_who_does_not_want_their_reading_counted_says_so_with_one_click(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    did(session, place, ana, ben, kind=Kind.ITEM_OPENED)
    seat = sit(ana)
    assert "You read something by Ben Okoro" in text_of(seat.open("/mine"))
    page = seat.fill_in("/mine", "/mine/reading")
    assert "You read something by Ben Okoro" not in text_of(page)
    assert "is not counted, neither for you" in text_of(page)
    session.rollback()
    rows = session.scalars(select(Withheld).order_by(Withheld.kind)).all()
    assert [(row.kind, row.day, row.other, row.item) for row in rows] == [
        ("item.opened", None, None, None),
        ("search.used", None, None, None),
    ]
    page = seat.follow(seat.send(seat.form(page, "/mine/reading")))
    assert "You read something by Ben Okoro" in text_of(page)


def test_stewards_read_what_is_contested_without_names_and_only_of_as_many_as_may_be_told(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    tom: Actor,
) -> None:
    staff = sit(tom)
    assert "Nothing contested" in text_of(staff.open("/contested"))
    others = [make_person(session, place, f"Learner {number}") for number in range(2)]
    session.commit()
    for number, actor in enumerate((ana, ben, cleo, *others)):
        if number in (3, 4):
            said = text_of(staff.open("/contested"))
            assert "Something was contested, by fewer than 5 people." in said
            assert "I only" not in said
        session.rollback()
        did(session, place, actor, tom, kind=Kind.ITEM_ENDORSED)
        seat = sit(actor)
        path = f"/mine/withhold?kind=item.endorsed&day={WINDOW.first}&other={tom.user_id}&item=c100"
        form = seat.form(seat.open(path), "back=0")
        seat.follow(seat.send(form, contested="y", words=f"I only tapped by mistake {number}."))
    said = text_of(staff.open("/contested"))
    assert said.count("I only tapped by mistake") == 5
    assert not any(name in said for name in ("Ana", "Ben", "Cleo"))
    assert sit(ana).open("/contested").status_code == 403


def test_in_a_course_with_too_much_to_look_at_what_acts_say_of_ones_skills_is_left_out_and_said_to_be(
    sit: Callable[[Actor], Seat],
    ana: Actor,
    ben: Actor,
    session: Session,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"tenant_id": place.tenant.id, "course_id": place.course.id, "placement_id": place.placement.id}
    acts = [an_act(**there, member=ana.user_id, other=ben.user_id) for _time in range(3)]
    SqlStore(session).add_acts(acts)
    seat = sit(ana)
    assert "Left out, because" not in text_of(seat.open("/mine/assess"))
    monkeypatch.setattr(told, "LARGE", 2)
    monkeypatch.setattr(beside, "told_by", None)
    assert "Left out, because there is too much" in text_of(seat.open("/mine/assess"))


def test_a_colleague_who_is_asked_answers_or_declines_and_nobody_else_reads_it(
    sit: Callable[[Actor], Seat],
    session: Session,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    tom: Actor,
) -> None:
    seat, other = sit(ana), sit(ben)
    seat.fill_in("/mine/assess/new", "/mine/assess/new", broker="4", designer="1")
    for colleague in (ben, cleo):
        seat.fill_in("/mine/assess", "/mine/assess/ask", colleague=str(colleague.user_id))
    session.rollback()
    asked = session.scalars(
        select(Assessment).where(Assessment.state == "asked").order_by(Assessment.id)
    ).all()
    first, second = (row.id for row in asked)
    page = other.open(f"/mine/assess/{first}")
    assert "How far do the skills of Ana Ruiz go?" in text_of(page)
    empty = other.send(other.form(page, f"/mine/assess/{first}"), words="Thank you.")
    assert empty.status_code == 422
    assert "Thank you." in empty.get_data(as_text=True)
    answer = other.form(empty, f"/mine/assess/{first}")
    other.follow(other.send(answer, broker="2", designer="1"))
    again = other.send(answer, broker="2", words="A long sentence.")
    assert again.status_code == 409
    assert "You have answered already" in text_of(again)
    assert "A long sentence." in text_of(again)
    assert ": With some help" in text_of(again)
    third = sit(cleo)
    decline = third.form(third.open("/mine/assess"), f"/{second}/decline")
    third.follow(third.send(decline))
    assert "Nobody waits for this answer." in text_of(third.follow(third.send(decline)))
    page = seat.open("/mine/assess")
    said = text_of(page)
    assert "Ben Okoro : With some help worth a talk" in said
    apart = page.get_data(as_text=True).count('tag accent">worth a talk')
    assert apart == 1, "of the broker alone: two points apart"
    assert "would rather not" in said
    again = seat.send(seat.form(page, "/mine/assess/ask"), colleague=str(cleo.user_id))
    assert again.status_code in {409, 303}
    session.rollback()
    assert not session.scalar(select(Assessment.id).where(Assessment.state == "asked"))
    for somebody in (sit(ben), sit(cleo), sit(tom)):
        assert "With some help" not in text_of(somebody.open("/mine/assess"))
        assert somebody.open(f"/mine/assess/{first}").status_code == 404
    session.rollback()
    logged = session.execute(
        select(ActivityEvent.payload).where(ActivityEvent.name.like("reporting.assessment_%"))
    ).scalars()
    assert {key for payload in logged for key in payload} == {"assessment_id", "placement_id"}


def test_an_answer_never_reaches_somebody_else_than_whom_it_was_written_for(
    sit: Callable[[Actor], Seat], session: Session, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    seat, other = sit(ana), sit(ben)
    seat.fill_in("/mine/assess", "/mine/assess/ask", colleague=str(ben.user_id))
    session.rollback()
    asked = session.scalars(select(Assessment.id)).one()
    form = other.form(other.open(f"/mine/assess/{asked}"), f"/mine/assess/{asked}")
    seat.follow(seat.send(seat.form(seat.open("/mine/assess"), f"/{asked}/remove")))
    sit(cleo).fill_in("/mine/assess", "/mine/assess/ask", colleague=str(ben.user_id))
    late = other.send(form, broker="1", words="Dear Ana")
    assert late.status_code == 404
    assert "Dear Ana" in text_of(late), "to be copied"
    session.rollback()
    left = session.scalars(select(Assessment)).one()
    assert (left.about, left.state, left.words) == (cleo.user_id, "asked", "")


def test_whoever_leaves_is_forgotten_and_gets_what_was_kept(
    sit: Callable[[Actor], Seat], session: Session, ana: Actor, ben: Actor
) -> None:
    seat = sit(ana)
    seat.fill_in("/mine/assess/new", "/mine/assess/new", broker="4")
    seat.fill_in("/mine/assess", "/mine/assess/ask", colleague=str(ben.user_id))
    session.rollback()
    (asked,) = session.scalars(select(Assessment.id).where(Assessment.state == "asked"))
    other = sit(ben)
    other.fill_in(f"/mine/assess/{asked}", f"/assess/{asked}", broker="3", words="You ask well.")
    seat.fill_in("/mine", "/mine/reading")
    session.rollback()
    found = leaving.export(session, ana.user_id)
    assert [(one["of_oneself"], one["skills"]) for one in found["assessments"]] == [
        (True, {"broker": 4}),
        (True, {"broker": 3}),
    ]
    assert len(found["left_out"]) == 2
    leaving.forget(session, ben.user_id)
    assert session.scalars(select(Assessment.by).order_by(Assessment.id)).all() == [ana.user_id, 0]
    leaving.forget(session, ana.user_id)
    assert not session.scalars(select(Assessment)).all()
    assert not session.scalars(select(Rating)).all()
    assert not session.scalars(select(Withheld)).all()


def test_the_pages_take_as_many_queries_however_much_there_is(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    tom: Actor,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    seat = sit(ana)
    counted: dict[str, list[int]] = {}
    for others in ((ben,), (ben, cleo, tom, ben, cleo, tom)):
        did(session, place, ana, *others)
        for path in ("/mine", "/mine/assess", "/roles", "/roles/creator"):
            seat.open(path)
            with count_queries() as seen:
                assert seat.open(path).status_code == 200
            counted.setdefault(path, []).append(len(seen))
    assert all(few == many for few, many in counted.values()), counted
