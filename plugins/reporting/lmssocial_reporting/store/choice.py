"""Which store a site has."""

from sqlalchemy.orm import Session

from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.clickhouse import ClickHouseStore
from lmssocial_reporting.store.clickhouse_run import server
from lmssocial_reporting.store.port import ReportStore
from lmssocial_reporting.store.promises import Promises
from lmssocial_reporting.store.sql import SqlStore


def store_of(session: Session, settings: Settings) -> ReportStore:
    """The store for ``settings``: the site's own database, in the transaction of ``session``, or ClickHouse.

    What says how far the log was read, which days are to be derived and what members withhold stays in the site's own
    database either way.

    :raises ClickHouseMissing: if an address is set, and the client for it is not installed.
    """
    if settings.clickhouse_url:
        return ClickHouseStore(server(settings.clickhouse_url), Promises(session))
    return SqlStore(session)
