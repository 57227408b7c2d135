"""Bringing a past discussion in through a browser without scripts."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities import appointments
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion.importing import routes
from lmssocial.widgets.discussion.models import Import, Post
from tests.support.past import Moodle, MoodleDiscussion, MoodlePost
from tests.support.people import Place
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form

SeatOf = Callable[[Actor], Seat]


def two_forums() -> bytes:
    """A backup with two forums of one thread each."""
    news = [MoodleDiscussion(1, "Which prices?", [MoodlePost(1), MoodlePost(2, parent=1, user=3)])]
    chat = [MoodleDiscussion(2, "Chatter", [MoodlePost(3, user=3, message="Chat <img src=x>")])]
    return Moodle({"News": news, "Chat": chat}).mbz()


def hand_in(desk: Seat, data: bytes, name: str = "old course.mbz") -> TestResponse:
    """Hand a file in."""
    form = desk.form(desk.open("/import"), "/import")
    fields = dict(form.fields) | {"file": (io.BytesIO(data), name)}
    return desk.client.post(desk.address("/import"), data=fields, content_type="multipart/form-data")


def press(desk: Seat, form: Form, button: str, **values: str) -> TestResponse:
    """Send a form with every one of its boxes, as a browser does, by the button of that name."""
    data = MultiDict([(name, values.get(name, value)) for name, value in form.fields])
    for name, value in values.items():
        data[name] = value
    if button:
        data[button] = "1"
    return desk.client.post(form.action.removeprefix("http://localhost"), data=data)


def count(engine: Engine, model: type[object] = Post) -> int:
    """How many rows there are."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_staff_see_first_what_would_happen_and_bring_it_in(
    seat: SeatOf, engine: Engine, ana: Actor, tom: Actor
) -> None:
    desk, reader = seat(tom), seat(ana)
    page = desk.follow(hand_in(desk, two_forums()))
    said = text_of(page)
    assert "2 threads, 3 posts, 2 people" in said
    assert "Pictures in texts 1 Become the words that describe them" in said
    assert "Old Hand" in said
    assert "The name is the same; there is no e-mail to compare." in said
    assert count(engine) == 0
    form = desk.form(page, form_of(page))
    assert ("who-2", f"Ana Ruiz #{ana.user_id}") in form.fields
    done = desk.follow(press(desk, form, ""))
    assert "Brought in." in text_of(done)
    assert "Which prices?" in text_of(reader.open("/"))
    thread = reader.open("/threads/1")
    assert "former member" in text_of(thread)
    assert "unread" not in text_of(reader.open("/")).replace("Unread", "")


def form_of(page: TestResponse) -> str:
    """The end of the address that the page's form goes to."""
    return page.request.path.rpartition("/discussion")[2]


def test_one_of_several_forums_can_be_chosen(seat: SeatOf, engine: Engine, tom: Actor) -> None:
    desk = seat(tom)
    page = desk.follow(hand_in(desk, two_forums()))
    form = desk.form(page, form_of(page))
    form.fields = [pair for pair in form.fields if pair != ("part", "News")]
    shown = press(desk, form, "again")
    assert "1 thread, 1 post, 1 person" in text_of(shown)
    again = desk.form(shown, form_of(page))
    assert [value for name, value in again.fields if name == "part"] == ["Chat"]
    press(desk, again, "")
    assert count(engine) == 1


def test_somebody_who_is_no_member_cannot_be_chosen(seat: SeatOf, engine: Engine, tom: Actor) -> None:
    desk = seat(tom)
    page = desk.follow(hand_in(desk, two_forums()))
    wrong = press(desk, desk.form(page, form_of(page)), "", **{"who-3": "Somebody #99"})
    assert wrong.status_code == 422
    assert "There is no such member" in text_of(wrong)
    assert count(engine) == 0
    right = desk.form(wrong, form_of(page))
    assert ("who-3", "Somebody #99") in right.fields
    press(desk, right, "", **{"who-3": "tom berg", "who-2": ""})
    assert count(engine) == 3


def test_who_wrote_a_table_can_be_corrected_in_a_browser_that_changes_line_ends(
    seat: SeatOf, session: Session, ana: Actor, tom: Actor
) -> None:
    desk = seat(tom)
    table = "thread,id,author,email,date,title,text\na,1,Ana Ruiz,,2024-01-01,Old,Hello\n"
    page = desk.follow(hand_in(desk, table.encode(), "old.csv"))
    form = desk.form(page, form_of(page))
    [person] = [name for name, value in form.fields if value == f"Ana Ruiz #{ana.user_id}"]
    fields = dict(form.fields) | {person: ""}
    as_sent = {name.replace("\n", "\r\n"): value for name, value in fields.items()}

    desk.client.post(form.action.removeprefix("http://localhost"), data=as_sent)

    author = session.scalars(select(Contribution.author_id)).one()
    assert author != ana.user_id


def test_what_was_brought_in_can_be_taken_back(seat: SeatOf, engine: Engine, tom: Actor) -> None:
    desk = seat(tom)
    data = two_forums()
    page = desk.follow(hand_in(desk, data))
    press(desk, desk.form(page, form_of(page)), "")
    assert hand_in(desk, data).status_code == 409
    undo = desk.open("/import/1/undo")
    assert "The 3 posts that came in go for good" in text_of(undo)
    done = desk.follow(desk.send(desk.form(undo, "/undo")))
    assert "Taken back" in text_of(done)
    assert count(engine) == 0


def test_a_file_can_be_looked_at_and_deleted(seat: SeatOf, engine: Engine, tom: Actor) -> None:
    desk = seat(tom)
    page = desk.follow(hand_in(desk, two_forums()))
    press(desk, desk.form(page, form_of(page)), "forget")
    assert (count(engine), count(engine, Import)) == (0, 0)
    assert desk.open("/import/1").status_code == 404


def test_what_is_no_file_of_any_kind_is_refused_in_words(
    seat: SeatOf, engine: Engine, tom: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = seat(tom)
    assert "Choose a file first." in text_of(hand_in(desk, b"", ""))
    refused = hand_in(desk, b"%PDF-1.4 nothing for us")
    assert refused.status_code == 422
    assert "The first line has to name the columns." in text_of(refused)
    monkeypatch.setattr(routes, "MOST_POSTS", 2)
    assert "lmssocial import-discussion" in text_of(hand_in(desk, two_forums()))
    assert count(engine, Import) == 0


def test_a_file_larger_than_the_limit_is_refused(
    seat: SeatOf, engine: Engine, tom: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MAX_UPLOAD", -900_000)  # with what a form may have besides
    desk = seat(tom)
    assert hand_in(desk, bytes(200_000)).status_code == 413
    assert count(engine, Import) == 0


def test_members_and_stewards_do_not_get_there(
    seat: SeatOf, session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    appointments.appoint(session, tom, ben.user_id, Office.STEWARD)
    del place
    for one in (ana, ben):
        desk = seat(one)
        for path in ("/import", "/import/1", "/import/1/undo"):
            assert desk.open(path).status_code == 403
            assert desk.client.post(desk.address(path)).status_code == 403
