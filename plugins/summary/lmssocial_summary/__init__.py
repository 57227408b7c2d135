"""How we moderate: what was held, decided, appealed and flagged in a community, month by month, for all to read.

It counts what happens and keeps nothing else: no names, no words, no posts. Numbers so small that they could point at
a person are not shown.
"""

from typing import Any

from sqlalchemy.orm import Session

from lmssocial.plugin import Happened, Manifest, hookimpl, lazy_gettext
from lmssocial_summary import counting

manifest = Manifest(
    name="summary",
    title=lazy_gettext("How we moderate"),
    summary=lazy_gettext(
        "A page on which everybody in a community reads, month by month, how much was held and decided."
    ),
    migrations="migrations",
    pages="lmssocial_summary.routes:bp",
    stores=lazy_gettext(
        "How often something happened in a community in a month, and never to whom. Until it is purged."
    ),
)


@hookimpl
def lmssocial_on_event(event: Happened, session: Any) -> None:
    """Count what happens in moderation."""
    tables: Session = session
    counting.note(tables, event)
