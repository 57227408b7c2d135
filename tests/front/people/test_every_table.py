"""No table, whatever slice it is of, leads to a person who was erased; what stays is written down here."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Engine,
    Enum,
    Float,
    Integer,
    String,
    Table,
    Time,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.orm import Session

from lmssocial.app import load_plugins
from lmssocial.core.db import Base, UtcDateTime, unit_of_work
from lmssocial.core.db.held import Fate, columns_of, unlisted
from lmssocial.front.people_cli import erasing, log
from lmssocial.front.people_cli.held import HELD
from lmssocial.lms.identity.models import User
from lmssocial.plugin_data import event_catalogue
from lmssocial.settings import Settings
from lmssocial.widgets.discussion import persons as discussion
from lmssocial.widgets.experts import persons as experts
from lmssocial.widgets.peer_rating import persons as peer_rating

LISTED = (*HELD, *discussion.HELD, *experts.HELD, *peer_rating.HELD)
TABLES = [table for table in Base.metadata.sorted_tables if not table.name.startswith("reporting")]

THINGS = frozenset(
    f"{thing}_id"
    for thing in (
        *("answer", "appeal", "as_contribution", "booking", "case", "comparison", "contribution", "example"),
        *(
            "from_placement",
            "from_thread",
            "group",
            "import",
            "into",
            "introduction",
            "invitation",
            "message",
        ),
        *("office_hour", "origin", "parent", "placement", "poll", "post", "question", "release", "review"),
        *("solution", "span", "subject", "thread", "to_community", "topic", "work"),
    )
) | {"answer_ids", "changed_ids", "post_ids", "topic_ids", "work_ids"}
"""Fields of events that hold numbers of things and not of people."""

NAME, SUB, MAIL = "Rosalind Quickly-Unmistakable", "sub-unmistakable", "rosalind@unmistakable.example"
_numbers = itertools.count(10_000)


def test_every_column_with_the_id_of_a_person_says_what_becomes_of_it() -> None:
    assert unlisted(TABLES, LISTED) == set()


def test_every_field_of_an_event_that_holds_ids_is_known_to_be_of_people_or_of_things() -> None:
    fields = {
        field.name
        for kind in event_catalogue()
        if not kind.name.startswith(("tests.", "reporting."))
        for field in kind.fields
    }
    ids = {name for name in fields if name.endswith(("_id", "_ids"))}
    people = {name for name in ids if log.PERSON.fullmatch(name)}
    assert ids - people - THINGS == set()
    assert people & THINGS == set()


@pytest.fixture
def bare(db_url: str) -> Iterator[Engine]:
    """An engine that does not ask whether what rows refer to is there, so that every table can be filled alone."""
    engine = create_engine(db_url)

    @event.listens_for(engine, "connect")
    def loosen(connection: Any, _record: object) -> None:
        if engine.dialect.name == "postgresql":
            connection.execute("SET session_replication_role = replica")
            connection.commit()

    yield engine
    engine.dispose()


def test_no_row_leads_to_a_person_who_was_erased_but_those_that_stay(
    bare: Engine, settings: Settings
) -> None:
    host = load_plugins(settings)
    with Session(bare) as session, unit_of_work(session):
        person, other = (
            session.execute(insert(User).values(**_user(*who)).returning(User.id)).scalar_one()
            for who in ((NAME, SUB, MAIL), ("Other", "other", "other@example.org"))
        )
        for table in TABLES:
            for name in sorted(columns_of(table)):
                session.execute(insert(table).values(_row(table, name.partition(".")[2], person, other)))
    with Session(bare) as session, unit_of_work(session):
        erasing.erase(session, host, session.get_one(User, person), with_words=False)
    stays = {one.name for one in LISTED if one.fate is Fate.STAYS}
    with bare.connect() as connection:
        left = {
            name
            for table in TABLES
            for name in columns_of(table)
            if connection.execute(select(table).where(table.c[name.partition(".")[2]] == person)).first()
        }
        assert left == stays
        for table in TABLES:
            said = repr(connection.execute(select(table)).all())
            assert not [one for one in (NAME, SUB, MAIL) if one in said], table.name


def _user(name: str, sub: str, email: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "tenant_id": 1,
        "registration_id": 1,
        "sub": sub,
        "name": name,
        "email": email,
        "created_at": now,
        "locale": "",
        "has_real_name": True,
        "is_test": False,
        "is_former": False,
        "legacy_id": sub,
    }


def _row(table: Table, theirs: str, person: int, other: int) -> dict[str, Any]:
    """A row that names the person in one column, and says their name where texts are only theirs."""
    people = {name.partition(".")[2] for name in columns_of(table)}
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.key == theirs:
            row[column.key] = person
        elif column.key in people:
            row[column.key] = other
        elif not (
            column.primary_key
            and column.autoincrement is not False
            and len(table.primary_key.columns) == 1
            and isinstance(column.type, Integer)
            and not column.foreign_keys
        ):
            row[column.key] = _value(column.type, next(_numbers))
    if (table.name, theirs) == ("notifications_delivery", "user_id"):
        row |= {"address": MAIL, "text": NAME}
    if (table.name, theirs) == ("content_mention", "user_id"):
        row |= {"written": NAME}
    if table.name == "notifications_notice":
        row |= {"people": {"ids": [person, other]}}
    return row


VALUES: tuple[tuple[type[Any], Any], ...] = (
    (JSON, {}),
    (Boolean, False),
    (Float, 0.5),
    (DateTime, datetime(2026, 1, 1, tzinfo=UTC)),
    (Date, date(2026, 1, 1)),
    (Time, time(9)),
)


def _value(kind: Any, number: int) -> Any:
    """Something for a column of this type, unlike that of every other row where it can be."""
    kind = kind.impl if isinstance(kind, UtcDateTime) else kind
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return next(iter(kind.enum_class))
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, String):
        return str(number)[: kind.length or 10]
    return next(value for type_, value in VALUES if isinstance(kind, type_))
