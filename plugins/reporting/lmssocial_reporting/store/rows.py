"""Acts and evidence as rows, and what makes one day's evidence another's: the same for every engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.store.port import Act, Changed, Deed, Evidence

ACT_COLUMNS = Act._fields
EVIDENCE_COLUMNS = tuple(field.name for field in fields(Evidence))
KEY = ("course_id", "day", "member", "role", "kind", "other", "item")
"""What a piece of evidence is unique in."""

DEED = {deed.value: deed for deed in Deed}
ROLE = {role.value: role for role in Role}
KIND = {kind.value: kind for kind in Kind}
"""What rows name, looked up: to call an enumeration takes several times as long, and there may be very many rows."""

_AT_DEED = ACT_COLUMNS.index("deed")


@dataclass(frozen=True)
class Difference:
    """What has to be written so that a day's evidence becomes another."""

    deleted: list[Evidence]
    """As they are there."""
    inserted: list[Evidence]
    changed: Changed
    """What to tell: a piece that only got another ``third`` or ``placement_id`` is neither new nor gone."""


def difference(there: Iterable[Evidence], wanted: Iterable[Evidence]) -> Difference:
    """Compare what is there with what should be; of two pieces with the same key the first counts."""
    before = {_key(one): one for one in there}
    after: dict[tuple[Any, ...], Evidence] = {}
    for one in wanted:
        after.setdefault(_key(one), one)
    gone = [one for key, one in before.items() if key not in after]
    added = [one for key, one in after.items() if key not in before]
    altered = [key for key, one in after.items() if key in before and before[key] != one]
    return Difference(
        deleted=gone + [before[key] for key in altered],
        inserted=added + [after[key] for key in altered],
        changed=Changed(added=tuple(sorted(added)), gone=tuple(sorted(gone))),
    )


def act_of(row: Sequence[Any]) -> Act:
    """An act from a row with the columns in :data:`ACT_COLUMNS`, in their order."""
    return Act._make((*row[:_AT_DEED], DEED[row[_AT_DEED]], *row[_AT_DEED + 1 :]))


def evidence_of(row: Any) -> Evidence:
    """A piece of evidence from a row with its columns."""
    values = {name: getattr(row, name) for name in EVIDENCE_COLUMNS}
    values["role"], values["kind"] = ROLE[values["role"]], KIND[values["kind"]]
    values["third"] = bool(values["third"])
    return Evidence(**values)


def act_values(act: Act) -> dict[str, Any]:
    """The columns of an act."""
    return act._asdict() | {"deed": act.deed.value}


def evidence_values(piece: Evidence) -> dict[str, Any]:
    """The columns of a piece of evidence."""
    values = {name: getattr(piece, name) for name in EVIDENCE_COLUMNS}
    return values | {"role": piece.role.value, "kind": piece.kind.value}


def key_values(piece: Evidence) -> dict[str, Any]:
    """The columns it is unique in, as the parameters of a statement that names it."""
    values = evidence_values(piece)
    return {f"key_{name}": values[name] for name in KEY}


def _key(piece: Evidence) -> tuple[Any, ...]:
    return (piece.course_id, piece.day, piece.member, piece.role, piece.kind, piece.other, piece.item)
