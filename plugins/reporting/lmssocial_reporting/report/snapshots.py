"""Published reports: made once, read for good, and never written again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.plugin import Conflict, NotFound, now
from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import names
from lmssocial_reporting.report.document import Document
from lmssocial_reporting.report.drafting import Place
from lmssocial_reporting.report.models import PublishedReport


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A published report in a list."""

    id: int
    scope: str
    title: str
    definition: str
    first: date
    last: date
    published_at: datetime
    published_by: str
    """Their name at present; "Former member" once they were erased."""
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_because: str


def publish(session: Session, place: Place, document: Document, *, by: int) -> PublishedReport:
    """Keep ``document`` as it is. Flushed, so that it has its id."""
    report = PublishedReport(
        tenant_id=place.tenant_id,
        scope=place.scope,
        title=document.title,
        definition=document.facts.definition.fingerprint,
        first=document.facts.first,
        last=document.facts.last,
        content=document.to_json(),
        published_at=document.made_at,
        published_by=by,
        withdrawn_at=None,
        withdrawn_by=None,
    )
    session.add(report)
    session.flush()
    return report


def withdraw(session: Session, place: Place, report_id: int, because: str, *, by: int) -> None:
    """Mark a report as withdrawn; what it says stays as it was.

    :raises NotFound: if the scope has no such report.
    :raises Conflict: if it was withdrawn already.
    """
    row = session.scalar(
        select(PublishedReport)
        .where(
            PublishedReport.id == report_id,
            PublishedReport.tenant_id == place.tenant_id,
            PublishedReport.scope == place.scope,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise _unknown()
    if row.withdrawn_at is not None:
        raise Conflict(_("This report was withdrawn already. Nothing has changed."))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = now(), by, because


def published(session: Session, place: Place) -> list[Entry]:
    """The reports of a scope, the newest first, without what they say. Two queries."""
    wanted = [column for column in PublishedReport.__table__.columns if column.name != "content"]
    rows = session.execute(
        select(*wanted)
        .where(PublishedReport.tenant_id == place.tenant_id, PublishedReport.scope == place.scope)
        .order_by(PublishedReport.published_at.desc(), PublishedReport.id.desc())
    ).all()
    return _entries(session, place.tenant_id, rows)


def one(session: Session, tenant_id: int, scopes: Sequence[str], report_id: int) -> tuple[Entry, Document]:
    """One report with all it says. Two queries.

    :param scopes: the scopes of which the reader may read.
    :raises NotFound: if none of these has such a report.
    """
    row = session.scalar(
        select(PublishedReport).where(
            PublishedReport.id == report_id,
            PublishedReport.tenant_id == tenant_id,
            PublishedReport.scope.in_(scopes),
        )
    )
    if row is None:
        raise _unknown()
    (entry,) = _entries(session, tenant_id, [row])
    return entry, Document.from_json(row.content)


def before(entries: Sequence[Entry], report_id: int) -> Entry | None:
    """The report of the same scope that came before, leaving out those that were withdrawn."""
    ids = [entry.id for entry in entries]
    older = entries[ids.index(report_id) + 1 :] if report_id in ids else ()
    return next((entry for entry in older if entry.withdrawn_at is None), None)


def _entries(session: Session, tenant_id: int, rows: Sequence[object]) -> list[Entry]:
    whose = {getattr(row, who) for row in rows for who in ("published_by", "withdrawn_by")} - {None}
    called = names(session, tenant_id, whose)
    former = _("Former member")
    plain = (
        "id",
        "scope",
        "title",
        "definition",
        "first",
        "last",
        "published_at",
        "withdrawn_at",
        "withdrawn_because",
    )
    return [
        Entry(
            **{name: getattr(row, name) for name in plain},
            published_by=called.get(getattr(row, "published_by"), former),  # noqa: B009 – rows of two kinds
            withdrawn_by=called.get(getattr(row, "withdrawn_by"), former),  # noqa: B009
        )
        for row in rows
    ]


def _unknown() -> NotFound:
    return NotFound(_("There is no such report, or it is not yours to read."))
