"""Runs one history of schema revisions, the core's or a plugin's, on the connection it is given."""

from typing import Literal

from alembic import context
from sqlalchemy import text

from lmssocial.core.db import Base, UtcDateTime

config = context.config
owner: str = config.attributes["owner"]
connection = config.attributes["connection"]


def belongs(name: str | None, kind: str) -> bool:
    """Whether a table is this history's business: a plugin's tables carry its prefix, the core's carry none."""
    if kind != "table" or name is None:
        return True
    if owner == "core":
        return "__" not in name and not name.startswith("search_words")
    return name.startswith(f"{owner}__")


def include_object(
    _object: object, name: str | None, kind: str, _reflected: object, _compare_to: object
) -> bool:
    """Alembic asks for each object it meets."""
    return belongs(name, kind)


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write stock types into revisions, so that an old revision never imports the program."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table=config.attributes["version_table"],
    include_object=include_object,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # a migration that cannot get its lock gives up instead of stopping the site behind it
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    context.run_migrations()
