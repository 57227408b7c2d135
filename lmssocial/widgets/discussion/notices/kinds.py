"""What the discussion tells people of."""

from flask_babel import lazy_gettext as _l

from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind

REPLY = "discussion.reply"
MENTION = "discussion.mention"
PRIVATE = "discussion.private"
ANNOUNCEMENT = "discussion.announcement"
WATCHED = "discussion.watched"
ENDORSED = "discussion.endorsed"
SPECIAL = "discussion.special_mention"
HELPFUL = "discussion.helpful"
REMOVED = "discussion.removed"

BY_AUTHORS = frozenset({REPLY, MENTION, PRIVATE, ANNOUNCEMENT, WATCHED})
"""Kinds that tell of new posts: who did it is who wrote them."""

KINDS: tuple[Kind, ...] = (
    Kind(
        name=REPLY,
        label=_l("Replies to you"),
        about=_l("Somebody answers a post of yours."),
        default=How.NOW,
    ),
    Kind(name=MENTION, label=_l("Mentions"), about=_l("Somebody names you in a post."), default=How.NOW),
    Kind(
        name=PRIVATE,
        label=_l("Private messages"),
        about=_l("Somebody writes in a private thread that is open to you."),
        default=How.NOW,
    ),
    Kind(
        name=ANNOUNCEMENT,
        label=_l("Announcements"),
        about=_l("Instructors tell everybody something."),
        default=How.NOW,
    ),
    Kind(
        name=WATCHED,
        label=_l("Threads you watch"),
        about=_l("There is a new post in a thread you chose to watch."),
        default=How.NOW,
    ),
    Kind(
        name=ENDORSED,
        label=_l("Answers that are right"),
        about=_l("An answer of yours, or an answer to your question, is endorsed or solves the question."),
        default=How.DIGEST,
    ),
    Kind(
        name=SPECIAL,
        label=_l("Special mentions"),
        about=_l("Somebody says why others should read a post of yours."),
        default=How.DIGEST,
    ),
    Kind(
        name=HELPFUL,
        label=_l("Helpful"),
        about=_l("A post of yours helped somebody."),
        default=How.BELL,
    ),
    Kind(
        name=REMOVED,
        label=_l("Removals"),
        about=_l("A moderator removes a post of yours."),
        default=How.NOW,
        may_be_off=False,
    ),
)
"""In the order of the settings page."""
