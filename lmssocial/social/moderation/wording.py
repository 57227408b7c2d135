"""States, origins and deeds in words, for templates; each lazy, so that it is said in the reader's language."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lmssocial.social.moderation.models import CaseState, Deed, Origin

ORIGINS = {
    Origin.POLICY: _l("Held by a policy"),
    Origin.LATER: _l("To be looked at later"),
    Origin.FLAG: _l("Flagged by members"),
    Origin.APPEAL: _l("Second look"),
}
"""Why there is a case."""

STATES = {
    CaseState.OPEN: _l("Waits"),
    CaseState.APPROVED: _l("Approved"),
    CaseState.REJECTED: _l("Not published"),
    CaseState.REDACTED: _l("Words taken out"),
    CaseState.CHANGE_ASKED: _l("Change asked for"),
    CaseState.WITHDRAWN: _l("Changed or withdrawn by its author"),
}
"""Where a case stands."""

DEEDS = {
    Deed.OPENED: _l("Case opened"),
    Deed.CLAIMED: _l("Taken"),
    Deed.RELEASED: _l("Given back"),
    Deed.APPROVED: _l("Approved"),
    Deed.REJECTED: _l("Not published"),
    Deed.REDACTED: _l("Words taken out"),
    Deed.CHANGE_ASKED: _l("Change asked for"),
    Deed.RESTORED: _l("Decision taken back"),
    Deed.WITHDRAWN: _l("Changed or withdrawn by its author"),
    Deed.FLAGGED: _l("Flagged"),
    Deed.HIDDEN: _l("Hidden after flags"),
    Deed.APPEALED: _l("Second look asked for"),
    Deed.STANCE_CHANGED: _l("A policy's say changed"),
    Deed.TIER_CHANGED: _l("Quality tier changed"),
    Deed.RULES_CHANGED: _l("Ground rules changed"),
    Deed.APPOINTED: _l("Somebody appointed"),
    Deed.DISMISSED: _l("Somebody dismissed"),
}
"""What the log tells."""

RULINGS = {
    "allow": _l("publish it"),
    "annotate": _l("publish it, and tell the author something"),
    "redact": _l("take words out"),
    "hold": _l("hold it"),
    "reject": _l("refuse it"),
}
"""What a policy wanted, and what came of it, by the names kept with a case."""

DECIDERS = {
    "instructor": lambda count: ngettext("%(num)d instructor", "%(num)d instructors", count),
    "administrator": lambda count: ngettext("%(num)d administrator", "%(num)d administrators", count),
    "steward": lambda count: ngettext("%(num)d steward", "%(num)d stewards", count),
    "sme": lambda count: ngettext("%(num)d subject-matter expert", "%(num)d subject-matter experts", count),
}
"""Who decides, and how many of them there are."""
