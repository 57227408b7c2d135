"""The measures as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from lmssocial.core.kernel.spreadsheets import harmless
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.experts.desk.lines import answered_after, lines
from lmssocial.widgets.experts.desk.measuring import Measures


def as_csv(found: Measures) -> Iterator[str]:
    """The file, part by part; it says what the page says."""
    yield _row("measure", _("Measure"), _("Says"), _("What it is good for, and what it does not say"))
    yield _row("days", _("Days"), str(found.days), "")
    for line in lines(found):
        yield _row(line.key, line.title, line.says, line.good_for)
    for hours, within, percent in answered_after(found):
        yield _row(
            f"answered_{hours}", _("Answered within %(time)s, in percent", time=within), str(percent), ""
        )


def _row(*cells: str) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()
