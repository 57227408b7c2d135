"""A site whose acts and evidence are kept in a ClickHouse server, spoken to over the wire."""

import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from lmssocial.plugin import Problem
from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.models import Base
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store import clickhouse_run
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.clickhouse import ClickHouseStore
from lmssocial_reporting.store.port import Changed, Deed
from lmssocial_reporting.store.sql import SqlStore
from tests.fakes.clickhouse import clickhouse
from tests.support.reporting import WINDOW, a_population, acting, an_act


@pytest.fixture
def session() -> Iterator[Session]:
    """A site's own database, with nothing in it."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


@pytest.fixture
def address() -> Iterator[str]:
    """Of a server."""
    with clickhouse("let-me-in") as server:
        yield server.address
        clickhouse_run.server.cache_clear()


def test_the_store_is_the_sites_own_database_unless_an_address_is_set(session: Session) -> None:
    assert isinstance(store_of(session, Settings()), SqlStore)


def test_acts_and_evidence_go_to_the_server_that_is_set_and_come_back_as_they_were(
    session: Session, address: str
) -> None:
    store = store_of(session, Settings(clickhouse_url=address))
    assert isinstance(store, ClickHouseStore)
    acts = [an_act(member=member, deed=Deed.READ, via="it's \\ a 'via'"[:24]) for member in range(1, 6)]
    store.add_acts(acts)
    store.add_acts(acts)
    assert store.acts_between([1], WINDOW.first, WINDOW.last) == acts
    assert store.acts_about(1, items=[acts[2].item], deeds=[Deed.READ]) == [acts[2]]
    pieces = [piece for member in range(1, 8) for piece in acting(member, Kind.ITEM_SHARED)]
    for day in sorted({piece.day for piece in pieces}):
        todays = sorted(piece for piece in pieces if piece.day == day)
        assert store.replace_day(1, day, todays).added == tuple(todays)
    session.commit()
    again = store_of(session, Settings(clickhouse_url=address))
    learners = again.profile(a_population(20), least=5).slice("learners")
    assert learners is not None
    assert learners.acting[Role.CARRIER].value == 7
    assert again.forget_member(3)
    assert again.evidence_of([1], 3, WINDOW.first, WINDOW.last) == []


def test_without_the_client_the_administrator_reads_what_to_install(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(Problem, match=r"install lmssocial-reporting\[clickhouse\]") as refused:
        store_of(session, Settings(clickhouse_url="https://u:p@clickhouse.example:8443/reports"))
    assert (refused.value.status, refused.value.message) == (503, "")


def test_what_a_day_became_is_told_again_as_long_as_the_transaction_that_tells_it_fails(
    session: Session, address: str
) -> None:
    """The row that makes new evidence count waits for the site's own database, and the day is looked at again."""
    settings = Settings(clickhouse_url=address)
    piece = acting(1)[0]
    day = (piece.course_id, piece.day)
    session.execute(text("SELECT 1"))
    store = store_of(session, settings)
    assert store.replace_day(*day, [piece]).added == (piece,)
    assert store.unsettled == {day}
    session.rollback()
    store = store_of(session, settings)
    session.execute(text("SELECT 1"))
    assert store.replace_day(*day, [piece]).added == (piece,), "nobody was told of it yet"
    with session.begin_nested():
        session.execute(text("SELECT 1"))
    assert store.evidence_of([day[0]], 1, piece.day, piece.day) == [], "a savepoint is no commit"
    session.commit()
    store = store_of(session, settings)
    assert store.evidence_of([day[0]], 1, piece.day, piece.day) == [piece]
    assert store.replace_day(*day, [piece]) == Changed()
    assert store.unsettled == frozenset()
