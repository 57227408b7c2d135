"""The schema of plugins: a history of revisions for each that stores something, beside the core's.

A history is a plugin's own affair: one that fails, or that nobody applied yet, costs that plugin and nobody else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lmssocial import paths
from lmssocial.core.db.migrate import History, position, upgrade
from lmssocial.core.hooks.host import PluginHost

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Upgraded:
    """What became of one history."""

    owner: str
    before: str | None
    after: str | None
    error: Exception | None = None
    """Why it stands where it stood."""


def core_history() -> History:
    """The core's own."""
    migrations = paths.resource("migrations")
    return History("core", migrations, migrations / "versions")


def plugin_histories(host: PluginHost) -> tuple[History, ...]:
    """One for each loaded plugin whose manifest names a folder of revisions, by name."""
    migrations = paths.resource("migrations")
    found = []
    for name, manifest in sorted(host.manifests.items()):
        folder = host.folder_of(name)
        if manifest.migrations and folder is not None:
            found.append(History(name, migrations, folder / manifest.migrations))
    return tuple(found)


def upgrade_each(engine: Engine, histories: Iterable[History]) -> Iterator[Upgraded]:
    """Apply what is pending in each of ``histories``; one plugin's failure is told and holds up nobody else.

    :raises Exception: whatever the core's own revisions raise: without them nothing works.
    """
    for history in histories:
        before = None
        try:
            with engine.connect() as connection:
                where = position(connection, history)
            before = where.at
            if where.pending:
                upgrade(engine, history)
        except Exception as error:
            if history.owner == "core":
                raise
            log.exception("migrations failed", plugin=history.owner)
            yield Upgraded(history.owner, before, before, error)
            continue
        yield Upgraded(history.owner, before, where.head)


def hold_back(host: PluginHost, engine: Engine) -> None:
    """Take plugins out of ``host`` whose tables are not up to date: they would fail, or spoil what is stored.

    Asks the database only if some plugin stores something. A database that does not answer is told elsewhere.
    """
    for history in plugin_histories(host):
        try:
            with engine.connect() as connection:
                pending = position(connection, history).pending
        except SQLAlchemyError as error:
            log.warning(
                "the schema of a plugin could not be looked at", plugin=history.owner, error=str(error)
            )
            return
        except Exception as error:  # noqa: BLE001 – somebody else's revisions may be anything
            host.drop(history.owner, f"Its migrations cannot be read: {error}", error)
            continue
        if not history.versions.is_dir():
            host.drop(
                history.owner,
                f"Its manifest names the migrations {history.versions.name}, and there is no such folder.",
            )
        elif pending:
            host.hold(
                history.owner,
                "Its tables are not up to date. Bring them up to date, then run lmssocial reload.",
                command=f"lmssocial plugins upgrade {history.owner}",
            )
