"""The empty composer is kept in memory; what differs from page to page is never that of somebody else."""

import re
from collections.abc import Callable

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion.composing import KEY, NAME, OPENING, TOKEN
from tests.support.discussion import PostThread
from tests.support.seat import Seat

SitDown = Callable[[Actor], Seat]


def composer_on(page: str) -> str:
    found = re.search(r'<div id="answer">(.*?)</form>', page, re.DOTALL)
    assert found
    return found[1]


def test_each_page_has_a_token_and_a_key_of_its_own_and_names_whom_it_answers(
    ana: Actor, ben: Actor, seat: SitDown, post_thread: PostThread
) -> None:
    anas, bens = post_thread(ana), post_thread(ben)
    at_anas, at_bens = seat(ana), seat(ben)
    pages = [
        composer_on(who.open(f"/threads/{thread.thread_id}").get_data(as_text=True))
        for who in (at_anas, at_bens)
        for thread in (anas, bens)
    ]
    assert not any(mark in page for page in pages for mark in (TOKEN, KEY, NAME, OPENING))
    for name in ("csrf_token", "submission_key"):
        values = [re.findall(rf'name="{name}"[^>]*value="([^"]+)"', page) for page in pages]
        assert all(len(found) == 1 for found in values)
    keys = {re.findall(r'name="submission_key"[^>]*value="([^"]+)"', page)[0] for page in pages}
    assert len(keys) == len(pages)
    assert ["Reply to Ana Ruiz" in page for page in pages] == [True, False, True, False]
    assert [f"/posts/{anas.post_id}/reply" in page for page in pages] == [True, False, True, False]


def test_what_is_written_in_it_arrives(ana: Actor, seat: SitDown, post_thread: PostThread) -> None:
    thread = post_thread(ana)
    at_anas = seat(ana)
    page = at_anas.fill_in(
        f"/threads/{thread.thread_id}", "/reply", source="Answered from the kept composer."
    )
    assert "Answered from the kept composer." in page.get_data(as_text=True)
