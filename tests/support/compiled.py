"""Templates and statements that were compiled once in this process, for all the applications that its tests make."""

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

STATEMENTS = 5_000
"""That are kept; the suite has fewer."""


class Compiled(BytecodeCache):
    """Keeps compiled templates in memory; one whose text changed is another one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled, if it was."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))  # type: ignore[assignment]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


def share_statements() -> None:
    """Let all engines of this process share the statements they compiled.

    Each test has a database of its own, and so an engine. SQLAlchemy keeps statements by dialect, and takes each
    engine's for another one; here all of a kind speak to the same kind of server.
    """
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    kept: LRUCache[object, object] = LRUCache(STATEMENTS)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)
