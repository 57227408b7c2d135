"""Badges beside the names of authors: from whoever has some, where they are on, and never at the price of the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Badge, Badges, Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.web import program
from tests.support.discussion import PostThread, Reply
from tests.support.experts import make_expert, make_topic
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def supply(app: Flask, **plugins: Sequence[Badges]) -> None:
    """Let these have badges, beside whoever has some anyway."""
    with app.app_context():
        found = program.program()
        badges = {name: tuple(suppliers) for name, suppliers in plugins.items()}
        program.init_app(app, replace(found, badges={**found.badges, **badges}))


def of_everybody(_session: Any, _community_id: int, user_ids: Sequence[int]) -> Mapping[int, list[Badge]]:
    """Everybody has one."""
    return {user_id: [Badge(label="Plays the <tuba>", why="At parties.")] for user_id in user_ids}


def failing(_session: Any, _community_id: int, _user_ids: Sequence[int]) -> Mapping[int, list[Badge]]:
    """A supplier with a mistake in it."""
    raise ZeroDivisionError


def breaking(session: Any, _community_id: int, _user_ids: Sequence[int]) -> Mapping[int, list[Badge]]:
    """A supplier whose tables were never made."""
    session.execute(text("SELECT tuba FROM parties"))
    return {}


def wordy(_session: Any, _community_id: int, user_ids: Sequence[int]) -> Any:
    """A supplier that gives words instead of badges."""
    return {user_id: ["tuba"] for user_id in user_ids}


def test_an_sme_is_known_as_such_beside_their_posts_for_one_statement_more(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    reply(ana, thread.post_id)
    make_expert(session, place, ben, make_topic(session, place, "Takt"), sme=True)
    at = seat(ana)
    at.open(f"/threads/{thread.thread_id}")
    with counted_queries() as queries:
        page = at.open(f"/threads/{thread.thread_id}")

    assert text_of(page).count("SME in Takt : Instructors appointed them as SME of this topic.") == 1
    assert len([one for one in queries.statements if "experts_expertise" in one]) == 1


def test_a_supplier_that_fails_is_left_out_and_the_others_are_shown(
    app: Flask, session: Session, place: Place, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    thread = post_thread(ana)
    bad = [Badges(name=of.__name__, of=of) for of in (failing, breaking, wordy)]
    supply(app, summary=[*bad, Badges(name="tuba", of=of_everybody)])
    plugin_settings.switch(session, "summary", on=True, level=Level.COURSE, place_id=place.course.id)
    page = seat(ana).open(f"/threads/{thread.thread_id}")

    assert page.status_code == 200
    assert "Plays the &lt;tuba&gt;" in page.get_data(as_text=True)
    assert ">tuba<" not in page.get_data(as_text=True)


def test_a_supplier_is_not_asked_where_its_plugin_is_off(
    app: Flask, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    thread = post_thread(ana)
    supply(app, summary=[Badges(name="tuba", of=of_everybody)])

    assert "tuba" not in seat(ana).open(f"/threads/{thread.thread_id}").get_data(as_text=True)
