"""How large pages of posts are: small enough for a phone on a train."""

import gzip
import itertools
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from tests.support.discussion import PostThread, Reply
from tests.support.seat import Seat

WORDS = "words that an ordinary answer has " * 20


def test_fifty_ordinary_posts_are_at_most_120_kb_raw_and_15_kb_compressed(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: Callable[[Actor], Seat],
) -> None:
    for sequence in (
        "content_contribution",
        "discussion_thread",
    ):  # numbers as long as those of an old installation
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"ALTER SEQUENCE {sequence}_id_seq RESTART WITH 123456"))
    thread = post_thread(ana, WORDS)
    for number in range(49):
        reply(ana if number % 3 else ben, thread.post_id, f"Answer {number}: {WORDS}")
    at_bens = seat(ben)
    first = at_bens.open(f"/threads/{thread.thread_id}").data
    assert len(first) <= 120_000
    assert len(gzip.compress(first, 6)) <= 15_000
    html = at_bens.open(f"/threads/{thread.thread_id}").get_data(as_text=True)
    posts = [html.index(f'id="post-{number}"') for number in range(10, 20)]
    assert max(end - start for start, end in itertools.pairwise(posts)) <= 2_250
