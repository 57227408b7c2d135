"""A course whose evidence is kept in a ClickHouse server, and the worker that derives it there."""

from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.app import load_plugins
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.front.people_cli import log
from lmssocial.settings import Settings as SiteSettings
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial_reporting import leaving
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import following
from lmssocial_reporting.models import Base
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.port import Act, Evidence
from tests.fakes.clickhouse import ClickHouseServer, Fault
from tests.support.people import Place

FIRST, LAST = date(2025, 1, 1), date(2027, 1, 1)
ROUNDS = 100


class RolledBack(Exception):
    """What ends a transaction that came to nothing."""


class FarReport:
    """The report is on in the course; a worker does what there is to do, round after round, whatever fails."""

    def __init__(
        self, session: Session, place: Place, server: ClickHouseServer, engine: Engine, site: SiteSettings
    ) -> None:
        """Let the installation keep its evidence in ``server``, and switch the report on in the course of ``place``."""
        self.session, self.place, self.server = session, place, server
        self.course_id = place.course.id
        self.settings = Settings(clickhouse_url=server.address)
        outbound = Outbound("lmssocial tests", AllowList.parse(("127.0.0.1",)), total_seconds=2.0)
        self.work = PluginWork("reporting", sessionmaker(engine), load_plugins(site), outbound)
        address = {"clickhouse_url": server.address}
        plugin_settings.configure(session, "reporting", address, level=Level.INSTALLATION)
        plugin_settings.switch(session, "reporting", on=True, level=Level.COURSE, place_id=place.course.id)
        session.commit()

    def sends_to(self, url: str) -> None:
        """Let the tenant have a learning record store."""
        values = {"lrs_url": url, "lrs_key": "key"}
        plugin_settings.configure(
            self.session, "reporting", values, level=Level.TENANT, place_id=self.place.tenant.id
        )
        self.session.commit()

    def has(self, *faults: Fault) -> None:
        """Let this go wrong."""
        self.server.faults = list(faults)

    def works(self, *, until_it_fails: bool = False) -> list[Exception]:
        """Do all there is to do, or until something fails; what failed meanwhile."""
        self.session.commit()
        failures: list[Exception] = []
        for _ in range(ROUNDS):
            try:
                if not following.follow(self.work):
                    return failures
            except Exception as error:  # noqa: BLE001 – a worker keeps what was raised, and comes back
                failures.append(error)
                if until_it_fails:
                    return failures
        raise AssertionError("the worker finds no end", failures[-1:])

    def steps(self, *, rolled_back: bool = False, own: bool = False) -> None:
        """Do one step in the course, which comes to nothing in the site's database if it is rolled back.

        :param own: whether a thread of its own does.
        """
        if not own:
            self.session.commit()
        with suppress(RolledBack), self.work.unit_of_work() as session:
            following.catch_up(session, self.course_id, self.settings)
            if rolled_back:
                raise RolledBack

    def anew(self) -> list[Evidence]:
        """Tell everything from the beginning of the log, and give the evidence."""
        following.replay(self.session, self.place.course.id)
        assert self.works() == []
        return self.evidence()

    def evidence(self) -> list[Evidence]:
        """All that counts, as often as it does."""
        self.session.rollback()
        return store_of(self.session, self.settings).evidence_between(
            [self.place.course.id], FIRST, LAST, list(Kind)
        )

    def acts(self) -> list[Act]:
        """All there are, as often as they count."""
        return store_of(self.session, self.settings).acts_between([self.place.course.id], FIRST, LAST)

    def stored(self, table: str, where: str = "1") -> int:
        """How many rows there are in a table of the server, also of those that do not count."""
        return self.server.number(f"SELECT count() FROM {table} WHERE {where}")  # noqa: S608 – of the tests

    def naming(self, member: int) -> int:
        """How many rows of the server name somebody."""
        return sum(
            self.stored(table, f"member = {member} OR other = {member}")
            for table in ("reporting_act", "reporting_evidence")
        )

    def rows(self, model: type[Base]) -> int:
        """How many rows of a table of the site there are."""
        self.session.rollback()
        return self.session.scalar(select(func.count()).select_from(model)) or 0

    def erases(self, member: int) -> None:
        """Erase somebody as the command does, in the plugin and in the log."""
        with unit_of_work(self.session):
            leaving.forget(self.session, member)
            log.forget(self.session, member, self.place.tenant.id)

    def change(self, model: Any, **values: object) -> None:
        """Change all rows of a table of the site."""
        with unit_of_work(self.session):
            self.session.execute(update(model).values(**values))
