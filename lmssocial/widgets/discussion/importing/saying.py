"""In words: what is lost, and why somebody is taken for whom."""

from collections.abc import Mapping
from typing import NamedTuple

from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.discussion.importing.matching import Match, Why
from lmssocial.widgets.discussion.importing.past import Loss, Source


class Lost(NamedTuple):
    """One line of the list of what does not come along as it was."""

    what: str
    number: int
    becomes: str


def lost(losses: Mapping[Loss, int]) -> tuple[Lost, ...]:
    """Every loss that there is, in a lasting order."""
    words = _losses()
    return tuple(Lost(words[loss][0], losses[loss], words[loss][1]) for loss in Loss if losses.get(loss))


def _losses() -> dict[Loss, tuple[str, str]]:
    behind, first = _("Stay behind."), _("Stand below the first post of their thread.")
    return {
        Loss.FILES: (_("Attached files"), _("Stay behind; the texts come without them.")),
        Loss.PICTURES: (
            _("Pictures in texts"),
            _("Become the words that describe them, where there are any."),
        ),
        Loss.EMBEDDED: (_("Embedded videos, forms and other parts of pages"), behind),
        Loss.CUT: (_("Texts longer than a post can be"), _("Are cut at the end.")),
        Loss.EMPTY: (_("Posts without words"), _("Come in with a line that says so.")),
        Loss.RATINGS: (_("Ratings by scales"), behind),
        Loss.LIKES: (_("Likes"), _("Stay behind; here people say what helped them.")),
        Loss.MARKS: (
            _("Subscriptions and marks of what was read"),
            _("Stay behind; everything counts as read."),
        ),
        Loss.POLLS: (_("Polls"), _("Stay behind; the post comes in.")),
        Loss.PRIVATE: (_("Private messages and replies"), _("Stay behind: they were not for everybody.")),
        Loss.GROUPS: (
            _("Posts for groups that do not exist here"),
            _("Stay behind. Make groups of the same names first if they shall come in."),
        ),
        Loss.TIMED: (
            _("Posts outside of their time of display"),
            _("Stay behind: learners could not read them."),
        ),
        Loss.REMOVED: (_("Removed or hidden posts"), _("Stay behind; answers to them come in.")),
        Loss.NOTES: (_("Notes of the system and whispers of staff"), behind),
        Loss.DUPLICATES: (_("Posts that the file holds twice"), _("Come in once.")),
        Loss.ORPHANS: (_("Answers to posts that are not in the file"), first),
        Loss.CIRCLES: (_("Posts that answer each other in a circle"), first),
        Loss.FUTURE: (_("Dates in the future"), _("Become today.")),
        Loss.UNDATED: (_("Missing or impossible dates"), _("Become the date of the post above.")),
        Loss.NAMELESS: (_("People without a name"), _("Are called “Former member”.")),
        Loss.TITLES: (_("Missing or very long titles"), _("Are made from the first words, or shortened.")),
    }


def reason(match: Match) -> str:
    """Why somebody is taken for whom, or for nobody."""
    name = match.suggested.name if match.suggested else ""
    return {
        Why.LEGACY: _("Their LMS proves that this is who they were before LTI 1.3."),
        Why.BOTH: _("Name and e-mail are the same."),
        Why.NAME: _("The name is the same; there is no e-mail to compare."),
        Why.EMAIL: _("%(name)s has the same e-mail and another name.", name=name),
        Why.OTHER_EMAIL: _("A member has the same name and another e-mail."),
        Why.SEVERAL: _("Several members have this name."),
        Why.NOBODY: _("No member has this name."),
    }[match.why]


def source_name(source: str) -> str:
    """Where a file comes from."""
    return {Source.MOODLE: "Moodle", Source.DISCOURSE: "Discourse", Source.CSV: "CSV"}.get(
        Source(source), source
    )
