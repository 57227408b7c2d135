"""What a page that is being read learns of the posts that came meanwhile."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from tests.support.discussion import PostThread, Reply
from tests.support.people import Place, make_placement
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def test_new_replies_are_announced_with_a_link_to_the_first_of_them_and_not_inserted(
    session: Session, ana: Actor, ben: Actor, seat: SitDown, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "First words.")
    at_anas = seat(ana)
    page = at_anas.open(f"/threads/{thread.thread_id}").get_data(as_text=True)
    asked = unescape(re.findall(r'data-pulse-url="([^"]+)"', page)[-1])
    etag = re.findall(r"data-pulse-etag='([^']+)'", page)[-1]
    assert at_anas.open(asked, If_None_Match=etag).status_code == 304
    assert text_of(at_anas.open(asked)) == "Notices"  # the bell, which comes along

    reply(ben, thread.post_id, "One.")
    reply(ben, thread.post_id, "Two.")
    session.commit()
    answer = at_anas.open(asked, If_None_Match=etag)
    assert answer.status_code == 200
    assert "2 new replies" in text_of(answer)
    assert f"/threads/{thread.thread_id}?at=2#post-2" in answer.get_data(as_text=True)
    assert "One." not in text_of(answer)
    assert at_anas.open(asked, If_None_Match=answer.headers["ETag"]).status_code == 304


def test_a_pulse_costs_two_queries_however_much_there_is(
    ana: Actor,
    seat: SitDown,
    post_thread: PostThread,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    thread = post_thread(ana, "First words.")
    at_anas = seat(ana)
    path = f"/threads/{thread.thread_id}/pulse"
    at_anas.open(path)
    with count_queries() as sent:
        assert at_anas.open(path, If_None_Match='"p1-0"').status_code == 304
    assert len(sent) == 2


def test_a_pulse_is_felt_only_where_the_thread_is(
    session: Session, place: Place, ana: Actor, seat: SitDown, post_thread: PostThread
) -> None:
    thread = post_thread(ana)
    other = make_placement(session, place.community)
    at_anas = seat(ana)
    assert at_anas.open(f"/w/{other.id}/discussion/threads/{thread.thread_id}/pulse").status_code == 404
    assert at_anas.open("/threads/999999/pulse").status_code == 404
