"""A course with the report, and somebody in front of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.app import load_plugins
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings.work import PluginWork
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.people import Place, make_place
from tests.support.seat import Seat


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:  # noqa: ARG001 – it stands still
    """A course in which the report is on."""
    found = make_place(session)
    reporting.turn_on(session, found)
    return found


@pytest.fixture
def work(engine: Engine, settings: Settings) -> PluginWork:
    """What the timer has at hand."""
    outbound = Outbound("lmssocial tests", AllowList.parse(("127.0.0.1",)), total_seconds=2.0)
    return PluginWork("reporting", sessionmaker(engine), load_plugins(settings), outbound)


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> Callable[[Actor], Seat]:
    """Somebody in front of the report."""

    def sit_down(actor: Actor) -> Seat:
        session.commit()  # what was read so far is not read any more
        return reporting.seat(app, session, place, actor)

    return sit_down
