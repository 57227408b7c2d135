"""What the log of events knows of posts and of reading: numbers, never words."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement.via import Via, via_of, with_via
from lmssocial.widgets.discussion import marking, publishing
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.publishing import Entry
from tests.support.discussion import HOLD, PostThread, Reply, edit, events, place_of, thread_of, words_of
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat

Sit = Callable[[Actor], Seat]


def last(session: Session, name: str) -> dict[str, Any]:
    """The payload of the last event of that name."""
    return [payload for one, _who, payload in events(session) if one == name][-1]


def test_a_post_tells_what_it_links_to_and_whom_it_names_once_it_is_published(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    earlier = post_thread(ana, "Which limit?")
    assert last(session, "discussion.thread_posted") == {
        "placement_id": place.placement.id,
        "thread_id": earlier.thread_id,
        "post_id": earlier.post_id,
        "kind": "discussion",
        "private": False,
        "links": (),
        "linked_author_ids": (),
        "named_ids": (),
    }
    question = post_thread(ben, "And how?")
    thread_of(session, question).kind = ThreadKind.QUESTION
    words = (
        f"> And how?\n\nSee [this](/w/{place.placement.id}/discussion/posts/{earlier.post_id}), @Ben Okoro."
    )
    held = reply(tom, question.post_id, words, screen=HOLD)
    assert "discussion.reply_posted" not in [name for name, _who, _payload in events(session)]
    entry = Entry(thread_of(session, held), place_of(session, held), words_of(session, held))
    publishing.let_through(session, ana, entry)
    told = last(session, "discussion.reply_posted")
    assert told | {"thread_id": 0} == {
        "placement_id": place.placement.id,
        "thread_id": 0,
        "post_id": held.post_id,
        "number": 2,
        "parent_id": question.post_id,
        "parent_author_id": ben.user_id,
        "thread_author_id": ben.user_id,
        "question": True,
        "length": len(words) - len("> And how?\n\n"),
        "private": False,
        "links": (earlier.post_id,),
        "linked_author_ids": (ana.user_id,),
        "named_ids": (ben.user_id,),
    }


def test_a_plain_post_asks_nothing_for_its_connections(
    ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "Which limit?")
    with counted_queries() as plain:
        reply(ben, thread.post_id, "None at all.")
    assert len(plain) > 0
    assert not [one for one in plain.statements if "content_reference" in one]


def test_an_edit_tells_how_much_of_title_and_words_is_different(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "Which limit is meant?", title="Limits")
    edit(session, ana, posted, "Which amount is meant?", title="Bounds")
    told = last(session, "discussion.post_edited")
    assert (told["author_id"], told["changed"], told["length_before"]) == (
        ana.user_id,
        len("amount ") + len("Bounds"),
        len("Which limit is meant?"),
    )


def test_reading_names_the_posts_of_others_once_and_only_what_the_reader_sees(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    own, held = reply(ben, thread.post_id), reply(tom, thread.post_id, screen=HOLD)
    third = reply(tom, thread.post_id)
    assert (own.number, held.number, third.number) == (2, None, 3)
    marking.mark_read(session, ben, thread.thread_id, [1, 2, 3], via=Via.SEARCH)
    told = last(session, "discussion.posts_read")
    assert (told["count"], told["via"]) == (2, "search")
    assert told["post_ids"] == (thread.post_id, third.post_id)
    assert told["author_ids"] == (ana.user_id, tom.user_id)
    before = len(events(session))
    marking.mark_read(session, ben, thread.thread_id, [1, 2, 3])
    assert len(events(session)) == before


def test_the_words_behind_an_answer_of_ones_own_are_not_read_before_it(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    reply(tom, thread.post_id)
    thread_of(session, thread).post_first = True
    session.flush()
    marking.mark_read(session, ben, thread.thread_id, [1, 2])
    assert last(session, "discussion.posts_read")["post_ids"] == (thread.post_id,)


def test_taking_everything_as_read_is_not_reading(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    post_thread(ana)
    before = len(events(session))
    marking.mark_all_read(session, ben, place.placement.id)
    assert len(events(session)) == before


def recorded(session: Session, name: str) -> list[dict[str, Any]]:
    """The payloads of the events of that name that were written."""
    session.rollback()
    statement = select(ActivityEvent).where(ActivityEvent.name == name).order_by(ActivityEvent.id)
    return [event.payload for event in session.scalars(statement)]


def test_a_search_is_told_by_its_first_page_with_the_number_of_hits_and_no_word(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, seat: Sit
) -> None:
    post_thread(ana, "The limit of limits")
    at_bens = seat(ben)
    assert "data-telling" not in at_bens.open("/search").get_data(as_text=True)
    assert "data-telling" not in at_bens.open("/search?q=limit&after=0").get_data(as_text=True)
    page = at_bens.open("/search?q=limits")
    assert recorded(session, "discussion.searched") == [], "looking writes nothing"
    form = at_bens.form(page, "/search")
    assert [name for name, _value in form.fields] == ["csrf_token", "hits"]
    assert at_bens.send(form).status_code == 204
    for nonsense in ("", "-1", "101", "limits"):
        assert at_bens.send(form, hits=nonsense).status_code == 422
    assert recorded(session, "discussion.searched") == [{"placement_id": place.placement.id, "hits": 1}]


@pytest.mark.parametrize(("said", "via"), [("search", "search"), ("shared", "shared"), ("mars", "")])
def test_what_led_to_a_post_comes_along_to_what_is_read_there(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, seat: Sit, said: str, via: str
) -> None:
    thread = post_thread(ana, "The limit of limits")
    at_bens = seat(ben)
    found = at_bens.open("/search?q=limits").get_data(as_text=True)
    assert f'/posts/{thread.post_id}?via=search"' in found
    page = at_bens.follow(at_bens.open(f"/posts/{thread.post_id}?via={said}"))
    assert page.status_code == 200
    assert at_bens.send(at_bens.form(page, "/read")).status_code == 303, (
        "the button for those without scripts"
    )
    assert [told["via"] for told in recorded(session, "discussion.posts_read")] == [via]


def test_only_a_way_we_know_is_put_into_an_address_before_its_fragment() -> None:
    assert with_via("/w/1/x?at=3#post-3", Via.DIGEST) == "/w/1/x?at=3&via=digest#post-3"
    assert with_via("/w/1/x", Via.NOTICE) == "/w/1/x?via=notice"
    assert [via_of(said) for said in ("shared", "SHARED", "", None)] == ["shared", "", "", ""]
