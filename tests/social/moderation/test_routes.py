"""The moderators' desk from end to end: the real policy, a real thread, the two buttons."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form

LINKS = "https://a.example/1 https://a.example/2 https://a.example/3"
_numbers = itertools.count(1)

SitDown = Callable[[Actor], "Desk"]


@dataclass
class Desk:
    """Somebody's browser, at the discussion and at the moderators' desk of one placement."""

    seat: Seat
    placement_id: int

    def at_desk(self) -> str:
        """What the desk says."""
        return text_of(self.seat.open(self.address("/")))

    def address(self, path: str) -> str:
        """An address of the desk."""
        return f"/w/{self.placement_id}/moderation{path}"

    def form(self, how: str) -> Form:
        """The one form of a kind on the desk."""
        return self.seat.form(self.seat.open(self.address("/")), how)

    def decide(self, how: str, message: str | None = None) -> str:
        """Press the one button of a kind, and read what comes of it."""
        form = self.form(how)
        values = {name: message for name in form.names() if name.endswith("-message") and message is not None}
        answer = self.seat.send(form, **values)
        return text_of(answer if answer.status_code == 422 else self.seat.follow(answer))

    def write(self, title: str = "Three places to look", source: str = LINKS) -> str:
        """Open a thread, and read the page that comes."""
        return text_of(self.seat.fill_in("/threads/new", "/threads/new", title=title, source=source))

    def reads(self) -> str:
        """The list of threads."""
        return text_of(self.seat.open("/"))


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> SitDown:
    """Sign somebody in to the course of ``place``, in which the policy for links is on."""
    plugin_settings.switch(session, "linklimit", on=True, level=Level.COURSE, place_id=place.course.id)

    def sit(actor: Actor) -> Desk:
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Desk(Seat(app, browser, f"/w/{place.placement.id}/discussion"), place.placement.id)

    return sit


def states(session: Session) -> list[CaseState]:
    """Where every case stands."""
    session.rollback()
    return list(session.scalars(select(Case.state).order_by(Case.id)))


def test_a_post_with_many_links_waits_and_is_published_by_a_moderator(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    assert "Nothing waits for you" in iris.at_desk()
    said = ben.write()
    assert "This post has 3 links. A moderator looks at posts with more than 2" in said
    assert "1 waits for you" in iris.reads()
    desk = iris.at_desk()
    assert "Ben Okoro" in desk
    assert "This post has 3 links." in desk
    assert "Published." in iris.decide("/publish")

    assert states(session) == [CaseState.APPROVED]
    assert "Nothing waits for you" in iris.at_desk()
    assert "waits for you" not in iris.reads()


def test_nobody_else_reads_what_waits(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Ana Ruiz")
    ben, ana, iris = sit(author), sit(other), sit(moderator)
    ben.write()
    assert "Three places to look" in ben.reads()
    assert "Three places to look" not in ana.reads()
    iris.decide("/publish")

    assert "Three places to look" in ana.reads()


def test_a_declined_post_stays_with_its_author_who_reads_why(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Ana Ruiz")
    ben, ana, iris = sit(author), sit(other), sit(moderator)
    ben.write()
    assert "Declined." in iris.decide("/decline", "Please keep the best of the three.")
    assert states(session) == [CaseState.REJECTED]
    assert "Three places to look" not in ana.reads()
    (thread,) = re.findall(r"/threads/(\d+)\"", ben.seat.open("/").get_data(as_text=True))

    assert "Please keep the best of the three." in text_of(ben.seat.open(f"/threads/{thread}"))


@pytest.mark.parametrize(
    ("message", "said"), [("", "Write a sentence"), ("x" * 1001, "At most 1,000 characters")]
)
def test_declining_needs_a_sentence_that_can_be_read(
    session: Session, author: Actor, moderator: Actor, sit: SitDown, message: str, said: str
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    page = iris.decide("/decline", message)

    assert said in page
    assert message in page
    assert states(session) == [CaseState.OPEN]


def test_a_post_brought_within_the_limit_needs_no_moderator(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    (thread,) = re.findall(r"/threads/(\d+)\"", ben.seat.open("/").get_data(as_text=True))
    page = ben.seat.open(f"/threads/{thread}").get_data(as_text=True)
    (post,) = set(re.findall(r"/posts/(\d+)/edit", page))
    ben.seat.fill_in(f"/posts/{post}/edit", "/edit", source="The best: https://a.example/1")

    assert states(session) == [CaseState.WITHDRAWN]
    assert "Nothing waits for you" in iris.at_desk()
    assert "Three places to look" in iris.reads()


def test_an_instructor_may_link_as_much_as_they_like(
    session: Session, moderator: Actor, sit: SitDown
) -> None:
    sit(moderator).write()

    assert states(session) == []


def test_where_the_policy_is_off_nothing_waits(
    app: Flask, session: Session, place: Place, sit: SitDown
) -> None:
    del sit  # switches it on in one course
    elsewhere = make_place(session, beside=place)
    actor = make_person(session, elsewhere)
    sign_in(session, elsewhere, actor, "another-browser")
    session.commit()
    desk = Desk(
        Seat(app, "another-browser", f"/w/{elsewhere.placement.id}/discussion"), elsewhere.placement.id
    )
    desk.write()

    assert states(session) == []


def test_learners_have_no_desk(session: Session, author: Actor, moderator: Actor, sit: SitDown) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    form = iris.form("/publish")

    assert ben.seat.open(ben.address("/")).status_code == 403
    assert ben.seat.send(form).status_code in {303, 403}
    assert states(session) == [CaseState.OPEN]


def test_a_desk_of_another_course_shows_and_decides_nothing(
    app: Flask, session: Session, place: Place, author: Actor, sit: SitDown
) -> None:
    elsewhere = make_place(session, beside=place)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR)
    sign_in(session, elsewhere, stranger, "stranger")
    mine, theirs = place.placement.id, elsewhere.placement.id
    sit(author).write()
    there = Desk(Seat(app, "stranger", f"/w/{theirs}/discussion"), theirs)
    session.rollback()  # what was read before shows the time before
    case_id = session.scalars(select(Case.id)).one()
    token = there.seat.form(there.seat.open("/threads/new"), "/threads/new")
    sent = {"csrf_token": dict(token.fields)["csrf_token"]}

    assert "Nothing waits for you" in there.at_desk()
    assert there.seat.client.post(there.address(f"/{case_id}/publish"), data=sent).status_code == 404
    assert there.seat.client.post(f"/w/{mine}/moderation/{case_id}/publish", data=sent).status_code == 401
    assert states(session) == [CaseState.OPEN]


def test_a_forged_button_decides_nothing(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    action = iris.form("/publish").action.removeprefix("http://localhost")
    answer = iris.seat.follow(iris.seat.client.post(action, data={"csrf_token": "forged"}))

    assert "nothing was decided" in text_of(answer)
    assert states(session) == [CaseState.OPEN]


def test_a_case_decided_by_somebody_faster_is_said(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(other)
    ben.write()
    late = tom.form("/publish")
    iris.decide("/decline", "Please keep the best of the three.")
    answer = tom.seat.send(late)

    assert answer.status_code == 409
    assert "already decided" in text_of(answer)
    assert states(session) == [CaseState.REJECTED]


def test_what_was_held_is_shown_as_text_and_never_as_markup(
    author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write("<script>alert(1)</script>", f"<img src=x onerror=alert(1)> {LINKS}")
    html = iris.seat.open(iris.address("/")).get_data(as_text=True)

    assert "<img" not in html
    assert "<script>alert" not in html
