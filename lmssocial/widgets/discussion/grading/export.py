"""Grades as a file for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from lmssocial.core.kernel.spreadsheets import harmless
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.discussion.grading.queries import LearnerRow, Stage


def as_csv(rows: Iterable[LearnerRow]) -> str:
    """A line for each learner. It begins with a byte order mark, by which spreadsheets know that it is UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Name"),
            _("Id in the LMS"),
            _("State"),
            _("Points"),
            _("Out of"),
            _("Levels"),
            _("Comment"),
            _("Graded at (UTC)"),
            _("Returned at (UTC)"),
        ]
    )
    for row in rows:
        writer.writerow(
            [
                harmless(row.name),
                harmless(row.sub),
                stage_in_words(row.stage),
                "" if row.points is None else f"{row.points:g}",
                "" if row.most is None else f"{row.most:g}",
                harmless("; ".join(f"{line.criterion}: {line.points:g}" for line in row.levels)),
                harmless(row.comment),
                _moment(row.graded_at),
                _moment(row.returned_at),
            ]
        )
    return out.getvalue()


def stage_in_words(stage: Stage) -> str:
    """How far the grading of a learner has come."""
    said = {
        Stage.NOTHING: _("Nothing chosen"),
        Stage.CHOSEN: _("Chosen"),
        Stage.GRADED: _("Graded, not returned"),
        Stage.RETURNED: _("Returned"),
    }
    return said[stage]


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"
