"""Everything a plugin may import, and nothing else.

What stands here keeps its name and meaning within a major version of the hook API. A plugin is a distribution with
an entry point in the group ``lmssocial.plugins`` that names a module with a ``manifest`` and functions marked with
:data:`hookimpl`; :mod:`lmssocial.core.hooks.spec` says which there are and when they are called::

    from lmssocial.plugin import Manifest, Ruling, Submission, Verdict, hookimpl

    manifest = Manifest(name="shouting", title="No shouting", summary="Holds posts in capitals.")

    @hookimpl
    def lmssocial_screen_submission(submission: Submission) -> Verdict | None:
        if not submission.text.isupper():
            return None
        return Verdict(ruling=Ruling.HOLD, reason="shouting", message="A moderator reads this first.")
"""

from flask_babel.speaklater import LazyString

from lmssocial.core.hooks import (
    HOOK_API,
    Allocator,
    Attachment,
    Badge,
    Badges,
    Candidate,
    Channel,
    ChannelMessage,
    Concern,
    Demo,
    Given,
    GroupScope,
    Level,
    LineItemDraft,
    Manifest,
    Moment,
    Need,
    Pool,
    Ranking,
    Rater,
    RaterFound,
    Ratings,
    RecentPost,
    ReplyTo,
    Reviewable,
    Ruling,
    Scored,
    Scores,
    Scoring,
    Span,
    Standing,
    Submission,
    Timer,
    TryLater,
    Undeliverable,
    Verdict,
    Wanted,
    Widget,
    Won,
    Work,
    hookimpl,
)
from lmssocial.core.kernel.clock import now
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from lmssocial.core.kernel.events import Event, Happened
from lmssocial.core.kernel.words import gettext, pgettext
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.web.forms import LinesField, RoleChecks, SafeForm, SelectMultipleChecks

__all__ = [
    "HOOK_API",
    "Allocator",
    "Attachment",
    "Badge",
    "Badges",
    "Candidate",
    "Channel",
    "ChannelMessage",
    "Concern",
    "Conflict",
    "Demo",
    "Event",
    "Given",
    "GroupScope",
    "Happened",
    "Invalid",
    "Level",
    "LineItemDraft",
    "LinesField",
    "LmsRole",
    "Manifest",
    "Moment",
    "Need",
    "NotAllowed",
    "NotFound",
    "Pool",
    "Problem",
    "Ranking",
    "Rater",
    "RaterFound",
    "Ratings",
    "RecentPost",
    "ReplyTo",
    "Reviewable",
    "RoleChecks",
    "Ruling",
    "SafeForm",
    "Scored",
    "Scores",
    "Scoring",
    "SelectMultipleChecks",
    "Span",
    "Standing",
    "Submission",
    "Timer",
    "TryLater",
    "Undeliverable",
    "Verdict",
    "Wanted",
    "Widget",
    "Won",
    "Work",
    "gettext",
    "hookimpl",
    "lazy_gettext",
    "lazy_pgettext",
    "now",
    "pgettext",
]


def lazy_gettext(message: str, **values: object) -> LazyString:
    """``message`` in the reader's language, looked up when it is shown: for manifests, forms and constants."""
    return LazyString(gettext, message, **values)


def lazy_pgettext(context: str, message: str, **values: object) -> LazyString:
    """``message`` as :func:`pgettext` says it, looked up when it is shown."""
    return LazyString(pgettext, context, message, **values)
