"""Whose is a row? Told for every row of every table, by what it refers to; a row of two customers is a breach.

A row belongs to the tenant it names, and to those of the rows it refers to: by foreign key, and by the columns that
refer without one (:data:`REFERENCES`), because the row they mean may go first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, inspect, select

from lmssocial.core.db import Base
from lmssocial_reporting.models import Base as Reporting

REFERENCES: Mapping[str, str] = {
    "activity_event.actor_id": "identity_user.id",
    "activity_event.community_id": "communities_community.id",
    "activity_event.course_id": "identity_course.id",
    "activity_event.tenant_id": "identity_tenant.id",
    "activity_usage.tenant_id": "identity_tenant.id",
    "identity_handover.placement_id": "communities_placement.id",
    "identity_membership.roster_run_id": "roster_run.id",
    "moderation_case.contribution_id": "content_contribution.id",
    "moderation_entry.contribution_id": "content_contribution.id",
    "moderation_flag.contribution_id": "content_contribution.id",
    "moderation_verdict.contribution_id": "content_contribution.id",
    "plugin_settings_failure.tenant_id": "identity_tenant.id",
}
"""Columns that refer to a row without a foreign key."""

OF_PLUGINS: Mapping[str, str] = {
    "about": "identity_user.id",
    "added_by": "identity_user.id",
    "by": "identity_user.id",
    "changed_by": "identity_user.id",
    "community_id": "communities_community.id",
    "course_id": "identity_course.id",
    "member": "identity_user.id",
    "other": "identity_user.id",
    "placement_id": "communities_placement.id",
    "published_by": "identity_user.id",
    "ratified_by": "identity_user.id",
    "retired_by": "identity_user.id",
    "tenant_id": "identity_tenant.id",
    "user_id": "identity_user.id",
    "withdrawn_by": "identity_user.id",
    "written_by": "identity_user.id",
}
"""Columns of plugins, which refer to rows of ours without foreign keys, in every table of theirs; 0 is nobody."""

NO_REFERENCES = frozenset(
    {
        "engagement_follow.subject_id",  # of a thread or of a tag, as the column beside it says
        "knowledge_item.origin_id",  # of what the column beside it says
        "moderation_backtest.place_id",  # of a course or of a tenant, likewise
        "plugin_settings_setting.place_id",  # likewise
        "search_document.subject_id",  # of a post or of a question, as its kind says
    }
)
"""Integers called ``…_id`` whose table is told by another column."""

OF_NOBODY = frozenset(
    {
        "activity_subscriber",
        "admin_account",
        "admin_log",
        "admin_recovery_code",
        "admin_session",
        "alembic_version",
        "lti_tool_key",
        "moderation_backtest",
        "plugin_settings_setting",
        "plugin_settings_timer",
        "reporting__erased",
    }
)
"""Tables whose rows may belong to the installation."""

Row = tuple[str, tuple[Any, ...]]
"""A table and a primary key."""


@dataclass(frozen=True)
class Link:
    """A way from a row to another: our columns, and what they are over there."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


class Owners:
    """All rows of a database, and whose they are."""

    def __init__(self, connection: Connection) -> None:
        """Read everything."""
        there = set(inspect(connection).get_table_names())
        every = [*Base.metadata.sorted_tables, *Reporting.metadata.sorted_tables]
        self.tables = [table for table in every if table.name in there]
        self.rows: dict[Row, Mapping[str, Any]] = {}
        for table in self.tables:
            for row in connection.execute(select(table)).mappings():
                values = dict(row)
                self.rows[table.name, key_of(table, values)] = values
        self.owners: dict[Row, frozenset[int]] = self._find()

    def of(self, tenant_id: int, table: str) -> list[Mapping[str, Any]]:
        """The rows of a table that belong to a tenant, in the order of their keys."""
        found = [row for row in self.rows if row[0] == table and tenant_id in self.owners[row]]
        return [self.rows[row] for row in sorted(found, key=lambda row: row[1])]

    def everything_of(self, tenant_id: int) -> dict[Row, Mapping[str, Any]]:
        """All rows of a tenant, with all that stands in them."""
        return {row: values for row, values in self.rows.items() if tenant_id in self.owners[row]}

    def breaches(self) -> list[str]:
        """Rows of several customers, and rows of none in a table where each has one."""
        found = []
        for (table, key), owners in self.owners.items():
            if len(owners) > 1:
                found.append(f"{table} {key} belongs to the tenants {sorted(owners)}")
            elif not owners and table not in OF_NOBODY:
                if table == "identity_launch":
                    continue  # whose platform it was could not be told
                found.append(f"{table} {key} belongs to nobody")
        return found

    def _find(self) -> dict[Row, frozenset[int]]:
        known: dict[Row, frozenset[int]] = dict.fromkeys(self.rows, frozenset())
        known |= {row: frozenset({row[1][0]}) for row in self.rows if row[0] == "identity_tenant"}
        links = {table.name: list(links_of(table)) for table in self.tables}
        changed = True
        while changed:
            changed = False
            for row, values in self.rows.items():
                parents = self._parents(links[row[0]], values)
                now = known[row].union(*(known.get(parent, frozenset()) for parent in parents))
                if now != known[row]:
                    known[row], changed = now, True
        return known

    def _parents(self, links: Iterable[Link], values: Mapping[str, Any]) -> Iterator[Row]:
        for link in links:
            key = tuple(values[column] for column in link.columns)
            if None not in key and key != (0,):
                yield link.table, key


def key_of(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key.columns)


def links_of(table: Table) -> Iterator[Link]:
    """Every way from a table to the primary key of another, or of its own."""
    for constraint in table.foreign_key_constraints:
        targets = tuple(element.column.name for element in constraint.elements)
        yield Link(
            tuple(column.name for column in constraint.columns), constraint.referred_table.name, targets
        )
    if "__" in table.name:
        for own in (one.name for one in table.columns if one.name in OF_PLUGINS):
            there, _, targeted = OF_PLUGINS[own].partition(".")
            yield Link((own,), there, (targeted,))
    for name, target in REFERENCES.items():
        owner, _, column = name.partition(".")
        if owner == table.name:
            there, _, targeted = target.partition(".")
            yield Link((column,), there, (targeted,))


def unexplained() -> list[str]:
    """Integer columns called ``…_id`` without a foreign key of which it is not said what they refer to."""
    found = []
    for table in Base.metadata.sorted_tables:
        keyed = {column.name for one in table.foreign_key_constraints for column in one.columns}
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            is_id = column.name.endswith("_id") and column.type.python_type is int
            if is_id and column.name not in keyed and name not in NO_REFERENCES and name not in REFERENCES:
                found.append(name)
    return found


def to_other_keys() -> list[str]:
    """Foreign keys that do not refer to a whole primary key; following them takes more than :class:`Owners` does."""
    found = []
    for table in Base.metadata.sorted_tables:
        for link in links_of(table):
            target = Base.metadata.tables[link.table]
            if link.targets != tuple(column.name for column in target.primary_key.columns):
                found.append(f"{table.name} {link.columns} → {link.table} {link.targets}")
    return found
