"""A course with a discussion in which people are told things."""

import itertools
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import PostThread, Reply, let_pass
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat

_numbers = itertools.count(1)

SitDown = Callable[[Actor], Seat]


@pytest.fixture
def place(session: Session) -> Place:
    """A course with a discussion."""
    return make_place(session)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """Another learner."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def post_thread(session: Session, place: Place) -> PostThread:
    """Open a thread: ``post_thread(ana)``."""

    def post(actor: Actor, source: str = "What worked?", *, title: str = "") -> Posted:
        title = title or f"Question {next(_numbers)}"
        draft = ThreadDraft(placement_id=place.placement.id, title=title, source=source)
        return service.post_thread(session, let_pass, actor, draft)

    return post


@pytest.fixture
def reply(session: Session) -> Reply:
    """Answer a post: ``reply(ben, thread.post_id)``."""

    def answer(actor: Actor, parent_id: int, source: str = "") -> Posted:
        draft = ReplyDraft(parent_id=parent_id, source=source or f"Answer {next(_numbers)}")
        return service.reply_to(session, let_pass, actor, draft)

    return answer


@pytest.fixture
def seat(app: Flask, session: Session, place: Place) -> SitDown:
    """Sign somebody in, and let everything prepared so far be seen by the application: ``seat(ana)``."""

    def sit_down(actor: Actor) -> Seat:
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Seat(app, browser, f"/w/{place.placement.id}/notices")

    return sit_down
