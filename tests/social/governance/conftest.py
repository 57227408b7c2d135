"""A course with somebody of every kind, and their browsers at its settings."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.core.hooks import Level
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of

_numbers = itertools.count(1)


@pytest.fixture
def place(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def iris(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def stella(session: Session, place: Place) -> Actor:
    """A learner who is the steward."""
    return with_office(session, make_person(session, place, "Stella Steward"), Office.STEWARD)


@pytest.fixture
def sam(session: Session, place: Place) -> Actor:
    """A learner who is the SME."""
    return with_office(session, make_person(session, place, "Sam Expert"), Office.SME)


def with_office(session: Session, actor: Actor, office: Office) -> Actor:
    """The same person, appointed."""
    session.add(
        Appointment(
            community_id=actor.community_id,
            user_id=actor.user_id,
            offices=office.value,
            appointed_at=clock.now(),
        )
    )
    session.flush()
    return replace(actor, offices=frozenset({office}))


def switch_on(session: Session, place: Place, plugin: str = "linklimit") -> None:
    """Switch a plugin on for the course."""
    plugin_settings.switch(session, plugin, on=True, level=Level.COURSE, place_id=place.course.id)
    session.flush()


@dataclass
class Chair:
    """Somebody's browser at the settings of a placement's community."""

    seat: Seat
    placement_id: int

    def address(self, path: str) -> str:
        """An address below the settings."""
        return f"/w/{self.placement_id}/settings{path}"

    def open(self, path: str = "/") -> TestResponse:
        """Open a page."""
        return self.seat.open(self.address(path))

    def reads(self, path: str = "/") -> str:
        """What a page says."""
        return text_of(self.open(path))

    def press(self, path: str, action: str, button: str = "", **values: str) -> str:
        """Fill in the one form on a page whose action ends in ``action``, send it, and read what comes of it."""
        form = self.seat.form(self.open(path), action)
        answer = self.seat.send(form, button=button, **values)
        return text_of(self.seat.follow(answer) if answer.status_code in {302, 303} else answer)

    def send(self, path: str, **values: str) -> TestResponse:
        """Send something that no page offered, with a token from a page of this sign-in."""
        token = self.seat.form(self.seat.open(f"/w/{self.placement_id}/discussion/"), "/handover").fields[0]
        return self.seat.client.post(self.address(path), data=dict([token]) | values)


SitDown = Callable[[Actor], Chair]


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> SitDown:
    """Sign somebody in to the course of ``place``."""

    def sit(actor: Actor) -> Chair:
        session.commit()  # what this session read before is old by now
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Chair(Seat(app, browser, f"/w/{place.placement.id}/discussion"), place.placement.id)

    return sit
