"""The plugin system.

What plugins may implement (:mod:`.spec`), with which values (:mod:`.types`), who they are (:mod:`.manifest`), and the
host that calls them without ever letting one harm another (:mod:`.host`).
"""

from lmssocial.core.hooks.channels import Channel, ChannelMessage, TryLater, Undeliverable
from lmssocial.core.hooks.host import Answer, Broken, PluginHost, Reach
from lmssocial.core.hooks.manifest import Level, Manifest
from lmssocial.core.hooks.playing import Demo
from lmssocial.core.hooks.rating import (
    Allocator,
    Given,
    GroupScope,
    Pool,
    Rater,
    RaterFound,
    Ratings,
    Reviewable,
    Scored,
    Scores,
    Scoring,
    Won,
)
from lmssocial.core.hooks.routing import Badge, Badges, Candidate, Ranking, Wanted
from lmssocial.core.hooks.spec import HOOK_API, hookimpl, hookspec
from lmssocial.core.hooks.timing import Timer, Work
from lmssocial.core.hooks.types import (
    Attachment,
    Concern,
    LineItemDraft,
    Moment,
    Need,
    RecentPost,
    ReplyTo,
    Ruling,
    Span,
    Stance,
    Standing,
    Submission,
    Verdict,
    Widget,
)

__all__ = [
    "HOOK_API",
    "Allocator",
    "Answer",
    "Attachment",
    "Badge",
    "Badges",
    "Broken",
    "Candidate",
    "Channel",
    "ChannelMessage",
    "Concern",
    "Demo",
    "Given",
    "GroupScope",
    "Level",
    "LineItemDraft",
    "Manifest",
    "Moment",
    "Need",
    "PluginHost",
    "Pool",
    "Ranking",
    "Rater",
    "RaterFound",
    "Ratings",
    "Reach",
    "RecentPost",
    "ReplyTo",
    "Reviewable",
    "Ruling",
    "Scored",
    "Scores",
    "Scoring",
    "Span",
    "Stance",
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
    "hookimpl",
    "hookspec",
]
