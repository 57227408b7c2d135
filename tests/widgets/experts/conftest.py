"""A course with expert connect and some people in it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat


@pytest.fixture
def place(session: Session) -> Place:
    """A course with expert connect, set as it comes."""
    return make_place(session, widget="experts")


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """Another learner."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def cleo(session: Session, place: Place) -> Actor:
    """A third learner."""
    return make_person(session, place, "Cleo Maas")


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def seat(app: Flask, session: Session, place: Place) -> Callable[[Actor], Seat]:
    """Somebody in front of a browser: ``seat(ana).open("/")``."""

    def sit(actor: Actor) -> Seat:
        browser = f"browser-{actor.user_id}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Seat(app, browser, f"/w/{place.placement.id}/experts")

    return sit
