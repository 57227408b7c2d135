"""Every table says whose its rows are, so that nothing of one customer is ever shown to another."""

import importlib
import pkgutil

from sqlalchemy import Enum, Table

import lmssocial
from lmssocial.core.db import Base

SCOPES = {"community_id", "course_id", "placement_id", "tenant_id", "registration_id"}
"""Columns that tie a row to a course, a community or a customer."""

REASONS = {
    "activity_subscriber": "a cursor of the installation",
    "admin_account": "administrators belong to the installation",
    "admin_log": "what they did, which may concern several customers",
    "identity_tenant": "the customer itself",
    "lti_tool_key": "the tool signs with one key for everybody",
    "moderation_backtest": "its place is a course, a customer or the installation",
    "plugin_settings_timer": "a plugin's timer serves all customers; what it did for them is theirs",
    "plugin_settings_setting": "its place is a course, a customer or the installation",
}
"""Table without such a column → why that is right."""


def tables() -> list[Table]:
    """Every table of the core."""
    for found in pkgutil.walk_packages(lmssocial.__path__, "lmssocial."):
        if found.name.endswith(".models") or found.name.endswith("_models"):
            importlib.import_module(found.name)
    return list(Base.metadata.sorted_tables)


def scoped(table: Table) -> bool:
    """Whether the table has a scope of its own, or belongs to a row of one that has."""
    if SCOPES & set(table.columns.keys()):
        return True
    parents = {key.column.table for key in table.foreign_keys if key.parent.nullable is False} - {table}
    return any(scoped(parent) or parent.name in REASONS for parent in parents)


def test_every_table_belongs_to_a_customer_or_says_why_not() -> None:
    lost = [table.name for table in tables() if not scoped(table) and table.name not in REASONS]
    assert not lost


def test_every_reason_is_still_needed() -> None:
    known = {table.name: table for table in tables()}
    assert not [name for name in REASONS if name not in known or scoped(known[name])]


def test_tables_are_named_after_their_slice() -> None:
    for mapper in Base.registry.mappers:
        module = mapper.class_.__module__
        if module.startswith("lmssocial."):
            slice_name = module.split(".")[2]
            assert str(mapper.local_table).startswith(f"{slice_name}_"), f"{mapper.local_table} in {module}"


def test_no_column_depends_on_one_database() -> None:
    for table in tables():
        for column in table.columns:
            if isinstance(column.type, Enum):
                assert not column.type.native_enum, (
                    f"{table.name}.{column.name}: short_enum() suits both databases"
                )


def test_relationships_are_never_loaded_by_accident() -> None:
    tables()
    loaded = [
        f"{mapper.class_.__name__}.{relationship.key}: lazy={relationship.lazy!r}"
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise"
    ]
    assert not loaded
