"""The order of a report: one list of blocks, from which the page, the print and the PDF are made alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from flask_babel import format_date, format_datetime, format_time

from lmssocial.plugin import gettext as _
from lmssocial_reporting.report.document import ChartCopy, Document, SectionCopy
from lmssocial_reporting.report.sections import Name
from lmssocial_reporting.report.tables import (
    TableOf,
    definition_table,
    list_tables,
    measure_tables,
    plan_table,
    role_table,
    shared_fields,
    split_table,
    target_table,
    timeframes,
    trend_table,
)


class Shape(StrEnum):
    """What kind of block it is."""

    HEADING = "heading"
    WORDS = "words"
    NOTE = "note"
    TABLE = "table"
    CHART = "chart"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a report that stands under the one before."""

    shape: Shape
    level: int = 2
    """Of a heading."""
    words: str = ""
    """Paragraphs are set apart by empty lines."""
    table: TableOf | None = None
    folded: bool = False
    """Whether a table is folded on a page, under its title, because few read it."""
    chart: ChartCopy | None = None


def blocks(document: Document, *, published_by: str = "") -> Iterator[Block]:
    """Everything in it, in order; its title stands above."""
    yield from _head(document, published_by)
    written = {section.name: section for section in document.sections}
    yield from _section(written, Name.OBJECTIVE)
    yield from _figures(document)
    for name in Name:
        if name not in (Name.OBJECTIVE, Name.RESPONSIBLE):
            yield from _section(written, name)
    yield from _annexes(document)


def _head(document: Document, published_by: str) -> Iterator[Block]:
    facts = document.facts
    yield _words(
        _(
            "%(scope)s, from %(first)s to %(last)s.",
            scope=document.scope_title,
            first=format_date(facts.first, "long"),
            last=format_date(facts.last, "long"),
        )
    )
    made = _("%(day)s, %(time)s", day=format_date(document.made_at, "long"), time=_time(document))
    if published_by:
        yield _words(_("Published on %(day)s by %(name)s.", day=made, name=published_by))
    else:
        yield _words(_("As it stood on %(day)s. This is a draft: nobody has published it.", day=made))
    yield Block(shape=Shape.NOTE, words=document.caution)
    for note in facts.notes:
        yield Block(shape=Shape.NOTE, words=note)


def _figures(document: Document) -> Iterator[Block]:
    facts = document.facts
    yield _heading(_("What the figures say"))
    if facts.target:
        yield _table(target_table(facts.target))
    else:
        yield _words(_("No target is agreed on, so the shares are compared with nothing."))
    yield _table(role_table(facts))
    if any(line.share is not None for line in facts.roles):
        yield _words(
            _(
                "If the same members repeated a month like this, each share would plausibly lie in its range. "
                "The shares do not add up to a hundred: one person may act in several roles, or in none."
            )
        )
    if facts.mix:
        yield _words(facts.mix.sentence)
    for chart in facts.charts:
        yield Block(shape=Shape.CHART, chart=chart)


def _section(written: dict[str, SectionCopy], name: Name) -> Iterator[Block]:
    section = written.get(name)
    if section is None or not (section.words or section.rows):
        return
    yield _heading(section.title)
    if section.words:
        yield _words(section.words)
    else:
        links = tuple(at for at, holds in enumerate(section.holds) if holds == "link")
        rows = tuple(
            tuple(
                format_date_of(cell) if holds == "day" else cell
                for cell, holds in zip(row, section.holds, strict=True)
            )
            for row in section.rows
        )
        yield _table(TableOf(title="", header=section.header, rows=rows, links=links))


def _annexes(document: Document) -> Iterator[Block]:
    facts = document.facts
    yield _heading(_("Annexes"))
    if facts.trend:
        yield _heading(_("Trend"), 3)
        yield _table(trend_table(facts))
    if facts.splits:
        yield _heading(_("By LMS role, group and course"), 3)
        yield _table(split_table(facts))
    for table in measure_tables(facts):
        yield _heading(table.title, 3)
        yield _table(replace(table, title=""))
    yield from _data(document)
    yield _heading(_("Definition and parameters"), 3)
    yield _words(
        _(
            "Definition %(version)s. Figures of reports with another definition or with other parameters cannot be "
            "compared with these.",
            version=facts.definition.version,
        )
    )
    yield _table(definition_table(facts.definition))


def _data(document: Document) -> Iterator[Block]:
    """Which events the figures rest on: long, so that it says once what is the same for all."""
    if not document.data:
        return
    yield _heading(_("Data list"), 3)
    yield _words(
        _(
            "Which events the figures rest on, by source. Of every event these fields are used: %(fields)s.",
            fields=", ".join(shared_fields(document.data)),
        )
    )
    for table in list_tables(document.data):
        yield Block(shape=Shape.TABLE, table=table, folded=True)
    yield _heading(_("Data collection plan"), 3)
    for said in timeframes(document.data):
        yield _words(f"{said}.")
    yield Block(shape=Shape.TABLE, table=plan_table(document.data), folded=True)


def _time(document: Document) -> str:
    return f"{format_time(document.made_at, 'short')} {format_datetime(document.made_at, 'zzz')}"


def format_date_of(day: str) -> str:
    """A day as people wrote it, ``2026-11-22``, in the reader's language; as it is if it is none."""
    try:
        return str(format_date(date.fromisoformat(day), "long"))
    except ValueError:
        return day


def _heading(words: str, level: int = 2) -> Block:
    return Block(shape=Shape.HEADING, words=words, level=level)


def _words(words: str) -> Block:
    return Block(shape=Shape.WORDS, words=words)


def _table(table: TableOf) -> Block:
    return Block(shape=Shape.TABLE, table=table)
