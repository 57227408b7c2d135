"""The statement by which a database of the site says how much evidence there is for each member and role."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from lmssocial_reporting.definition import ROLES_1, WEAK
from lmssocial_reporting.models import EvidenceRow

EVIDENCE: Table = EvidenceRow.__table__  # type: ignore[assignment]  # a declared table is one


@cache
def tallying() -> Select[Any]:
    """Distinct days and people for each member and role, of some ``courses`` from the ``first`` to the ``last`` day.

    Built once: that takes longer than counting a course of usual size.

    Pieces that nobody else touched do not count between two of whom each has ``lone_ties`` of them for the other. The
    first common table counts these pieces by pair, the second keeps the pairs that have enough of them both ways. They
    are asked for by IN, and not joined: SQLite would compare each piece with each pair.
    """
    courses: BindParameter[Any] = bindparam("courses", expanding=True, literal_execute=True)
    days = EVIDENCE.c.day.between(bindparam("first"), bindparam("last"))
    wanted = (EVIDENCE.c.course_id.in_(courses), days)
    member, lone = of_whom(EVIDENCE.c.member), _lone(wanted)
    pair = tuple_(EVIDENCE.c.member, EVIDENCE.c.other)
    pieces = (
        select(
            member.label("member"),
            EVIDENCE.c.role,
            EVIDENCE.c.kind,
            EVIDENCE.c.day,
            EVIDENCE.c.other,
            case((EVIDENCE.c.third, 1), (pair.in_(select(lone)), 0), else_=1).label("counts"),
        )
        .where(*wanted)
        .cte("pieces")
    )
    counts = pieces.c.counts == 1
    return (
        select(
            pieces.c.member,
            pieces.c.role,
            func.count(distinct(case((counts, pieces.c.day)))),
            func.count(distinct(case((and_(counts, pieces.c.other != 0), pieces.c.other)))),
            func.max(case((and_(counts, pieces.c.kind.not_in(sorted(WEAK))), 1), else_=0)),
            func.count(),
        )
        .group_by(pieces.c.member, pieces.c.role)
        .order_by(pieces.c.member, pieces.c.role)
    )


def _lone(wanted: Sequence[ColumnElement[bool]]) -> CTE:
    """The pairs each of whom has enough pieces for the other that nobody else touched."""
    member = of_whom(EVIDENCE.c.member)
    alone = (
        select(member.label("member"), EVIDENCE.c.other)
        .where(*wanted, EVIDENCE.c.third.is_(False), EVIDENCE.c.other != 0)
        .group_by(member, EVIDENCE.c.other)
        .having(func.count() >= ROLES_1.lone_ties)
        .cte("alone")
    )
    back = alone.alias("back")
    return (
        select(alone.c.member, alone.c.other)
        .where(tuple_(alone.c.other, alone.c.member).in_(select(back.c.member, back.c.other)))
        .cte("lone")
    )


def within(course_ids: Collection[int], since: date, until: date) -> list[ColumnElement[bool]]:
    """The evidence of some courses on some days, both included."""
    return [one_of(EVIDENCE.c.course_id, course_ids), EVIDENCE.c.day.between(since, until)]


def one_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """One of some values, of which there may be more than a database takes parameters for."""
    wanted = sorted(values)
    among: BindParameter[Any] = bindparam(
        None, wanted, expanding=True, literal_execute=True, type_=column.type
    )
    return column.in_(among)


def of_whom(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """A member to group by, in words that fit no index.

    Otherwise SQLite reads the index of all members of the site, which has them in the right order already, instead of
    the few rows that are asked for.
    """
    return cast(column + literal_column("0"), Integer)
