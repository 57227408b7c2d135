"""The one place that commits."""

import threading

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Tenant


def test_a_block_that_succeeds_is_committed_and_one_that_fails_is_not(engine: Engine) -> None:
    with Session(engine) as session, unit_of_work(session):
        session.add(Tenant(name="kept", created_at=clock.now()))

    def write_and_fail() -> None:
        with Session(engine) as session, unit_of_work(session):
            session.add(Tenant(name="lost", created_at=clock.now()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with Session(engine) as session:
        assert session.scalars(select(Tenant.name)).all() == ["kept"]


def test_two_who_read_before_they_write_both_succeed(engine: Engine) -> None:
    """Without the write lock at the start, SQLite refuses the second with 'database is locked' at once."""
    with Session(engine) as session, unit_of_work(session):
        session.add(Tenant(name="0", created_at=clock.now()))
    failures: list[Exception] = []

    def count_up() -> None:
        try:
            with Session(engine) as session:
                for _ in range(10):
                    with unit_of_work(session):
                        tenant = session.scalars(select(Tenant).with_for_update()).one()
                        tenant.name = str(int(tenant.name) + 1)
        except Exception as error:  # noqa: BLE001 – whatever goes wrong in a thread is looked at below
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(engine) as session:
        assert session.scalars(select(Tenant.name)).one() == "40"


def test_reading_before_a_unit_of_work_does_not_make_it_see_the_past(engine: Engine) -> None:
    with Session(engine) as reader, Session(engine) as writer:
        assert reader.scalars(select(Tenant)).all() == []
        with unit_of_work(writer):
            writer.add(Tenant(name="new", created_at=clock.now()))
        with unit_of_work(reader):
            assert reader.scalars(select(Tenant.name)).all() == ["new"]
