"""The draft of a scope: read it, and save one section without losing what somebody else saved."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.plugin import Conflict, now
from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import JsonObject, names
from lmssocial_reporting.report.models import DraftSection
from lmssocial_reporting.report.sections import SECTIONS, Name

Row = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Whose draft it is."""

    tenant_id: int
    scope: str
    """As :func:`~lmssocial_reporting.scope.scope_key` names it."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What people wrote for a section."""

    words: str = ""
    rows: tuple[Row, ...] = ()
    version: int = 0
    """0: nobody has written anything yet."""
    changed_at: datetime | None = None
    changed_by: str = ""
    """Their name; empty if nobody has, or they are gone."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.words and not self.rows


@dataclass(frozen=True)
class Draft:
    """All sections of a scope."""

    sections: Mapping[Name, Written] = field(default_factory=dict)

    def of(self, name: Name) -> Written:
        """One section, empty if nobody wrote it."""
        return self.sections.get(name, Written())

    @property
    def fingerprint(self) -> str:
        """Another one whenever somebody saves something."""
        versions = ",".join(f"{name}:{self.of(name).version}" for name in Name)
        return hashlib.sha256(versions.encode()).hexdigest()[:16]


def draft_of(session: Session, place: Place) -> Draft:
    """The draft of a scope. Two queries."""
    rows = session.scalars(
        select(DraftSection).where(
            DraftSection.tenant_id == place.tenant_id, DraftSection.scope == place.scope
        )
    ).all()
    called = names(session, place.tenant_id, {row.changed_by for row in rows})
    return Draft(
        {
            Name(row.name): Written(
                words=row.content.get("words", ""),
                rows=tuple(row.content.get("rows", ())),
                version=row.version,
                changed_at=row.changed_at,
                changed_by=called.get(row.changed_by, ""),
            )
            for row in rows
            if row.name in set(Name)
        }
    )


def save(session: Session, place: Place, name: Name, written: Written, *, seen: int, by: int) -> None:
    """Save one section.

    :param seen: the version that was on the page when they began to write; :param by: the user.
    :raises Conflict: if somebody saved it since; nothing is written then.
    """
    content: JsonObject = (
        {"rows": [dict(row) for row in written.rows]} if SECTIONS[name].columns else {"words": written.words}
    )
    row = session.scalar(
        select(DraftSection)
        .where(
            DraftSection.tenant_id == place.tenant_id,
            DraftSection.scope == place.scope,
            DraftSection.name == name,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (row.version if row else 0) != seen:
        raise _overtaken()
    if row is not None:
        row.content, row.changed_at, row.changed_by = content, now(), by
        return
    session.add(
        DraftSection(
            tenant_id=place.tenant_id,
            scope=place.scope,
            name=name,
            content=content,
            changed_at=now(),
            changed_by=by,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise _overtaken() from error


def filled(rows: Sequence[Row], name: Name) -> tuple[Row, ...]:
    """The rows in which there is anything."""
    keys = [column.key for column in SECTIONS[name].columns]
    tidy = ({key: row.get(key, "").strip() for key in keys} for row in rows)
    return tuple(row for row in tidy if any(row.values()))


def _overtaken() -> Conflict:
    return Conflict(
        _(
            "Somebody else saved this section while you were writing, so nothing of yours was saved yet. "
            "Your text is still here, and theirs stands beside it: put together what shall stand, and save again."
        )
    )
