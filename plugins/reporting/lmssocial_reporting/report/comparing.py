"""Two reports beside each other: only where both rest on the same definition, with the same parameters."""

from lmssocial.plugin import gettext as _
from lmssocial_reporting.report.document import Document
from lmssocial_reporting.report.tables import TableOf, share_words


def comparison(newer: Document, older: Document) -> TableOf | None:
    """The shares of both; ``None`` where they cannot be compared."""
    if not comparable(newer, older):
        return None
    before = {line.role: line.share for line in older.facts.roles}
    return TableOf(
        title=_("Shares of members who acted in each role"),
        header=(_("Role"), _("Then"), _("Now")),
        rows=tuple(
            (line.title, share_words(before.get(line.role)), share_words(line.share))
            for line in newer.facts.roles
        ),
    )


def comparable(newer: Document, older: Document) -> bool:
    """Whether their figures mean the same: the same definition, of the same kind of members."""
    return (newer.facts.definition.fingerprint, newer.facts.speaks_of) == (
        older.facts.definition.fingerprint,
        older.facts.speaks_of,
    )
