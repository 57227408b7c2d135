"""A course with a thread of Ana's in it, and people who read it."""

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
from tests.support.discussion import let_pass
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat

_numbers = itertools.count(1)


@pytest.fixture
def place(session: Session) -> Place:
    """A course with a discussion."""
    return make_place(session)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner, who wrote the post."""
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
def thread(session: Session, place: Place, ana: Actor) -> Posted:
    """A thread of Ana's."""
    draft = ThreadDraft(placement_id=place.placement.id, title="Walk-away point", source="Know *yours*.")
    return service.post_thread(session, let_pass, ana, draft)


@pytest.fixture
def reply(session: Session) -> Callable[[Actor, int], Posted]:
    """Answer a post: ``reply(ben, thread.post_id)``."""

    def answer(actor: Actor, parent_id: int) -> Posted:
        draft = ReplyDraft(parent_id=parent_id, source=f"Answer {next(_numbers)}")
        return service.reply_to(session, let_pass, actor, draft)

    return answer


@pytest.fixture
def seat(app: Flask, session: Session, place: Place) -> Callable[[Actor], Seat]:
    """Sign somebody in; addresses stand on the placement's: ``seat(ben).open("/engagement/saved")``."""

    def sit_down(actor: Actor) -> Seat:
        session.commit()  # what was read before is a snapshot that writers trip over
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Seat(app, browser, f"/w/{place.placement.id}")

    return sit_down
