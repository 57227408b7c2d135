"""How many statements a page takes: the same for fifty posts as for one, and not more than was promised."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from tests.support.discussion import HOLD, PostThread, Reply
from tests.support.queries import Queries
from tests.support.seat import Seat

Count = Callable[[], AbstractContextManager[Queries]]
SitDown = Callable[[Actor], Seat]


def statements(count_queries: Count, seat: Seat, path: str) -> int:
    """The statements of a page that was opened before, so that nothing is unread any more."""
    seat.open(path)
    with count_queries() as queries:
        assert seat.open(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["ben", "tom"])
def test_a_thread_of_fifty_posts_takes_no_more_statements_than_one_of_one_post(
    who: str,
    session: Session,
    ana: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Count,
    request: pytest.FixtureRequest,
) -> None:
    person: Actor = request.getfixturevalue(who)
    small, large = post_thread(ana), post_thread(ana)
    last = large
    for number in range(49):
        last = reply(ana if number % 2 else person, last.post_id if number % 3 else large.post_id)
    at = seat(person)
    few = statements(count_queries, at, f"/threads/{small.thread_id}")
    many = statements(count_queries, at, f"/threads/{large.thread_id}")
    assert few == many
    for thread in (small, large):
        reply(person, thread.post_id, screen=HOLD)
    session.commit()
    with_waiting = statements(count_queries, at, f"/threads/{large.thread_id}")
    assert with_waiting == many + 1
    assert with_waiting <= 6


@pytest.mark.parametrize("view", ["", "?view=unread", "?view=mine"])
@pytest.mark.parametrize("who", ["ben", "tom"])
def test_a_list_of_thirty_threads_takes_four_statements_at_most(
    view: str,
    who: str,
    session: Session,
    ana: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Count,
    request: pytest.FixtureRequest,
) -> None:
    person: Actor = request.getfixturevalue(who)
    reply(person, post_thread(ana).post_id)
    at = seat(person)
    few = statements(count_queries, at, f"/{view}")
    for _ in range(40):
        reply(person, post_thread(ana).post_id)
    session.commit()
    assert statements(count_queries, at, f"/{view}") == few
    assert few <= 4


def test_an_unchanged_thread_takes_two_statements(
    ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown, count_queries: Count
) -> None:
    path, at_bens = f"/threads/{post_thread(ana).thread_id}", seat(ben)
    at_bens.open(path)
    etag = at_bens.open(path).headers["ETag"]
    with count_queries() as queries:
        assert at_bens.open(path, If_None_Match=etag).status_code == 304
    assert len(queries) == 2


def test_a_search_takes_three_statements_however_much_it_finds(
    session: Session, ana: Actor, post_thread: PostThread, reply: Reply, seat: SitDown, count_queries: Count
) -> None:
    thread, at_anas = post_thread(ana, "needle"), seat(ana)
    few = statements(count_queries, at_anas, "/search?q=needle")
    for _ in range(30):
        reply(ana, thread.post_id, "needle in hay")
    session.commit()
    assert statements(count_queries, at_anas, "/search?q=needle") == few == 3


def test_fifty_posts_are_less_than_120_000_bytes(
    ana: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ana)
    for number in range(49):
        reply(ana, thread.post_id, f"Answer {number}: " + "words that an ordinary answer has " * 20)
    page = seat(ana).open(f"/threads/{thread.thread_id}")
    assert len(page.data) < 120_000
