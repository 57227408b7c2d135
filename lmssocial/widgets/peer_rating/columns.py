"""The two columns that an activity has in the LMS's gradebook: one for the work, one for reviewing. Nothing commits.

An activity whose settings give no points for one of them has no such column, and says nothing there.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.models import Column
from lmssocial.social.gradebook.service import Mark
from lmssocial.widgets.peer_rating.activities import Running

REVIEWING = "reviewing"
"""The tag of the second one."""


def work_column(session: Session, running: Running) -> Column | None:
    """The placement's own column: what the work is worth; ``None`` if nothing goes there."""
    if running.settings.points <= 0:
        return None
    return gradebook.column(session, running.placement.id, maximum=running.settings.points)


def reviewing_column(session: Session, running: Running) -> Column | None:
    """The column beside it: what reviewing is worth; ``None`` if nothing goes there."""
    if running.settings.reviewing_points <= 0:
        return None
    return gradebook.column(
        session,
        running.placement.id,
        tag=REVIEWING,
        label=_("%(title)s: reviewing", title=running.placement.title),
        maximum=running.settings.reviewing_points,
    )


def handed_in(session: Session, running: Running, author_ids: Iterable[int], submitted_at: datetime) -> None:
    """Let the gradebook say that there is something to grade; a grade that stands there stays."""
    column = work_column(session, running)
    if column is not None:
        mark = gradebook.handed_in(running.settings.points, submitted_at)
        gradebook.put_all(session, column.id, dict.fromkeys(author_ids, mark))


def taken_back(session: Session, running: Running, author_ids: Iterable[int]) -> None:
    """Let the gradebook say that there is nothing to grade any more: the work was withdrawn, or cancelled."""
    column = work_column(session, running)
    if column is not None:
        mark = Mark(given=None, maximum=running.settings.points)
        gradebook.put_all(session, column.id, dict.fromkeys(author_ids, mark))
