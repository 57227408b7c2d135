"""What was read is what somebody says was on their screen, and nothing else."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion import marks
from lmssocial.widgets.discussion.reading import Progress
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import PostThread, Reply
from tests.support.people import Place, make_placement
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


@pytest.fixture
def long(ana: Actor, post_thread: PostThread, reply: Reply) -> Posted:
    """A thread of 71 posts."""
    posted = post_thread(ana)
    for _ in range(70):
        reply(ana, posted.post_id)
    return posted


def tell(at: Seat, posted: Posted, numbers: str, *, token: str = "") -> TestResponse:
    """What a script tells of a page."""
    token = token or dict(at.form(at.open(f"/threads/{posted.thread_id}"), "/read").fields)["csrf_token"]
    path = at.address(f"/threads/{posted.thread_id}/read")
    return at.client.post(
        path, data={"csrf_token": token, "numbers": numbers}, headers={"HX-Request": "true"}
    )


def read(session: Session, actor: Actor, posted: Posted) -> Progress:
    session.rollback()
    return marks.progress_of(session, actor.user_id, posted.thread_id)


def test_looking_at_a_page_writes_nothing(session: Session, ben: Actor, long: Posted, seat: SitDown) -> None:
    at_bens = seat(ben)
    for path in ("", "?after=50", "?at=71", "?before=70"):
        assert at_bens.open(f"/threads/{long.thread_id}{path}").status_code == 200
    assert read(session, ben, long) == Progress()


def test_exactly_what_was_on_the_screen_is_read(
    session: Session, ben: Actor, long: Posted, seat: SitDown
) -> None:
    at_bens = seat(ben)
    assert tell(at_bens, long, "1,2,5-7").status_code == 204
    assert read(session, ben, long) == Progress(2, frozenset({5, 6, 7}))
    page = at_bens.open(f"/threads/{long.thread_id}").get_data(as_text=True)
    assert 'href="#post-3">First unread post' in page
    assert 'name="numbers" value="3-4,8-50"' in page


def test_the_first_unread_post_is_found_on_any_page(
    session: Session, ben: Actor, long: Posted, seat: SitDown
) -> None:
    at_bens = seat(ben)
    tell(at_bens, long, "1-60,65")
    assert read(session, ben, long) == Progress(60, frozenset({65}))
    page = at_bens.open(f"/threads/{long.thread_id}").get_data(as_text=True)
    assert f'href="{at_bens.address(f"/threads/{long.thread_id}")}?at=61#post-61">First unread post' in page
    shown = at_bens.open(f"/threads/{long.thread_id}?at=61").get_data(as_text=True)
    assert 'id="post-61"' in shown
    assert 'href="#post-61">First unread post' in shown


def test_without_scripts_the_button_leads_on_to_what_is_unread(
    ben: Actor, long: Posted, seat: SitDown
) -> None:
    at_bens = seat(ben)
    page = at_bens.open(f"/threads/{long.thread_id}")
    answer = at_bens.send(at_bens.form(page, "/read"))
    assert answer.headers["Location"].endswith(f"/threads/{long.thread_id}?at=51#post-51")
    assert 'id="post-51"' in at_bens.follow(answer).get_data(as_text=True)


@pytest.mark.parametrize("numbers", ["", "x", "1-", "1-999999", "-1", "1,,2", "9" * 30, "1," * 200 + "2"])
def test_numbers_nobody_can_have_seen_are_not_read(
    session: Session, ben: Actor, long: Posted, seat: SitDown, numbers: str
) -> None:
    at_bens = seat(ben)
    assert tell(at_bens, long, numbers).status_code in {204, 422}
    assert read(session, ben, long) == Progress()


def test_another_site_cannot_mark_anything(
    session: Session, ana: Actor, ben: Actor, long: Posted, seat: SitDown
) -> None:
    at_bens, at_anas = seat(ben), seat(ana)
    theirs = dict(at_anas.form(at_anas.open("/threads/new"), "/threads/new").fields)["csrf_token"]
    assert tell(at_bens, long, "1", token=theirs).status_code == 422
    assert read(session, ben, long) == Progress()


def test_an_unchanged_page_is_another_one_once_it_was_read(ben: Actor, long: Posted, seat: SitDown) -> None:
    at_bens, path = seat(ben), f"/threads/{long.thread_id}"
    etag = at_bens.open(path).headers["ETag"]
    assert at_bens.open(path, If_None_Match=etag).status_code == 304
    tell(at_bens, long, "1-3")
    again = at_bens.open(path, If_None_Match=etag)
    assert again.status_code == 200
    assert again.get_data(as_text=True).count("is-unread") == 47


def test_a_thread_is_read_in_its_own_discussion_only(
    session: Session, place: Place, ben: Actor, long: Posted, seat: SitDown
) -> None:
    other = make_placement(session, place.community)
    at_bens = seat(ben)
    token = dict(at_bens.form(at_bens.open(f"/threads/{long.thread_id}"), "/read").fields)["csrf_token"]
    answer = at_bens.client.post(
        f"/w/{other.id}/discussion/threads/{long.thread_id}/read", data={"csrf_token": token, "numbers": "1"}
    )
    assert answer.status_code == 404
    assert "unread" in text_of(at_bens.open("/")) or "New" in text_of(at_bens.open("/"))
