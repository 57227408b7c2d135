"""The report in the whole application, with its evidence in a ClickHouse server that fails."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial_reporting.store import clickhouse_run
from tests.conftest import TestClock
from tests.fakes.clickhouse import ClickHouseServer, clickhouse
from tests.support.course_log import Course
from tests.support.far_report import FarReport
from tests.support.people import make_person, make_place


@pytest.fixture(scope="module")
def clickhouse_server() -> Iterator[ClickHouseServer]:
    """One for all tests of a file; only one may be there in a process."""
    with clickhouse("let-me-in") as server:
        yield server
        clickhouse_run.server.cache_clear()


@pytest.fixture
def server(clickhouse_server: ClickHouseServer) -> Iterator[ClickHouseServer]:
    """A ClickHouse server with nothing in it."""
    yield clickhouse_server
    clickhouse_server.empty()


@pytest.fixture
def far(
    session: Session, clock: TestClock, server: ClickHouseServer, engine: Engine, settings: Settings
) -> FarReport:
    """A course with the report, which keeps its evidence in that server."""
    del clock  # it stands still
    return FarReport(session, make_place(session), server, engine, settings)


@pytest.fixture
def course(far: FarReport) -> Course:
    """The log of that course."""
    return Course(far.session, far.place)


@pytest.fixture
def amal(far: FarReport) -> Actor:
    """Somebody in it."""
    return _person(far, "Amal")


@pytest.fixture
def ben(far: FarReport) -> Actor:
    """Somebody else."""
    return _person(far, "Ben")


@pytest.fixture
def cleo(far: FarReport) -> Actor:
    """And one more."""
    return _person(far, "Cleo")


def _person(far: FarReport, name: str) -> Actor:
    person = make_person(far.session, far.place, name)
    far.session.commit()
    return person
