"""A report for programs that reckon: one tidy CSV, and a workbook. What people wrote is never taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from lmssocial.plugin import gettext as _
from lmssocial.plugin import pgettext
from lmssocial.plugin_pages import plain_cell
from lmssocial_reporting.report.document import Document, MixCopy
from lmssocial_reporting.report.plain import plain

COLUMNS = (
    "record",
    "first",
    "last",
    "by",
    "key",
    "title",
    "members",
    "role",
    "acting",
    "share",
    "low",
    "high",
    "sustained",
    "emerging",
    "nothing",
    "acts",
    "band_low",
    "band_high",
    "gap",
    "verdict",
    "value",
    "chance",
    "definition",
)
"""Of the CSV; ``docs/reporting-formats.md`` says what each holds."""

_PROFILE = (
    "role",
    "title",
    "acting",
    "share",
    "low",
    "high",
    "sustained",
    "emerging",
    "nothing",
    "acts",
    "band_low",
    "band_high",
    "gap",
    "verdict",
)
_SPLITS = ("by", "key", "title", "members", "role", "acting", "sustained", "emerging", "nothing")
_TREND = ("first", "last", "members", "role", "acting", "share", "low", "high")

Line = dict[str, Any]


def csv_of(document: Document) -> bytes:
    """The figures as one table, in UTF-8 with a mark that spreadsheets know it by."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for line in _lines(document):
        full = line | {"definition": document.facts.definition.version}
        writer.writerow([plain_cell(full.get(column, "")) for column in COLUMNS])
    return written.getvalue().encode("utf-8-sig")


def _lines(document: Document) -> Iterator[Line]:
    facts = document.facts
    window = {"first": facts.first.isoformat(), "last": facts.last.isoformat()}
    for role in facts.roles:
        yield (
            {"record": "profile", "by": "all", "key": facts.speaks_of, "members": facts.spoken_of}
            | window
            | (_cells(role, _PROFILE))
        )
    for name, distance, chance in _distances(facts.mix):
        yield (
            {"record": "mix", "by": "all", "key": facts.speaks_of, "members": facts.spoken_of, "title": name}
            | window
            | {"acting": facts.mix.acting if facts.mix else "", "value": distance, "chance": chance}
        )
    for split in facts.splits:
        yield {"record": "split"} | window | _cells(split, _SPLITS)
    for trend in facts.trend:
        yield {"record": "trend", "by": "all", "key": facts.speaks_of} | _cells(trend, _TREND)
    for measure in facts.measures:
        value = measure.value if measure.number is None else f"{measure.number:g}"
        yield {"record": "measure", "by": measure.monitor, "title": measure.name, "value": value} | window
    for note in (document.caution, *facts.notes):
        yield {"record": "note", "title": note}


def xlsx_of(document: Document) -> bytes:
    """The figures as a workbook of six sheets."""
    written = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter  # noqa: PLC0415 – a quarter of a second that only this file is worth

    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": document.title, "comments": document.caution})
        bold = book.add_format({"bold": True})
        for title, header, rows in _sheets(document):
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(header) - 1, 18)
            for at, name in enumerate(header):
                sheet.write_string(0, at, name, bold)
            for number, row in enumerate(rows, start=1):
                for at, cell in enumerate(row):
                    _write(sheet, number, at, cell)
    return written.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        sheet.write_string(row, column, str(cell))


def _sheets(document: Document) -> Iterator[tuple[str, tuple[str, ...], Iterable[Iterable[Any]]]]:
    facts = document.facts
    yield _("Profile"), _PROFILE, [_cells(role, _PROFILE).values() for role in facts.roles]
    yield (
        _("Target"),
        ("distance", "value", "chance", "acting"),
        [(*row, facts.mix.acting if facts.mix else "") for row in _distances(facts.mix)],
    )
    yield _("Splits"), _SPLITS, [_cells(split, _SPLITS).values() for split in facts.splits]
    yield _("Trend"), _TREND, [_cells(line, _TREND).values() for line in facts.trend]
    yield (
        _("Monitors"),
        ("monitor", "name", "value", "number"),
        [(one.monitor, one.name, one.value, one.number) for one in facts.measures],
    )
    about = [
        (pgettext("the report", "Report"), document.title),
        (_("Of"), document.scope_title),
        (_("First day"), facts.first.isoformat()),
        (_("Last day"), facts.last.isoformat()),
        (_("Members"), facts.members),
        (_("Definition"), facts.definition.version),
        *((one.name, one.value) for one in facts.definition.parameters),
        (_("Caution"), document.caution),
        *((_("Note"), note) for note in facts.notes),
    ]
    yield _("Definition"), ("parameter", "value"), about


def _distances(mix: MixCopy | None) -> tuple[tuple[str, float, float], ...]:
    """Name, value and what chance alone gives of each distance between mix and target; none where it is not said."""
    if mix is None:
        return ()
    return (
        ("total_variation", mix.total_variation, mix.total_variation_chance),
        ("jensen_shannon", mix.jensen_shannon, mix.jensen_shannon_chance),
    )


def _cells(value: object, columns: Iterable[str]) -> Line:
    """These fields of ``value``; what is not said is an empty cell."""
    return {column: "" if (cell := getattr(value, column)) is None else plain(cell) for column in columns}
