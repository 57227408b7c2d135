"""What plugins may import, in the order in which somebody reads about it."""

import inspect
from collections.abc import Callable
from typing import Any

import lmssocial.plugin
import lmssocial.plugin_data
from lmssocial.core.hooks import Stance, spec

VALUES = (
    "Manifest",
    "Level",
    "Need",
    "Submission",
    "Moment",
    "ReplyTo",
    "Standing",
    "RecentPost",
    "Attachment",
    "Verdict",
    "Ruling",
    "Concern",
    "Span",
    "Stance",
    "Happened",
    "Event",
    "LmsRole",
    "Widget",
    "LineItemDraft",
    "Channel",
    "ChannelMessage",
    "Allocator",
    "Pool",
    "Reviewable",
    "Rater",
    "GroupScope",
    "Scoring",
    "Ratings",
    "Given",
    "Won",
    "Scores",
    "Scored",
    "RaterFound",
    "Ranking",
    "Wanted",
    "Candidate",
    "Badges",
    "Badge",
    "Timer",
    "Demo",
)
"""What a plugin makes or is handed; a stance is only told about."""

DATA = (
    "CourseFacts",
    "Enrolled",
    "Placed",
    "SpanFacts",
    "EventType",
    "EventField",
    "NoticeKind",
    "Proposal",
    "Withdrawal",
    "Noted",
    "Worded",
)
"""What a plugin reads, and what its notices are made of."""

FORMS = ("SafeForm", "SelectMultipleChecks", "RoleChecks", "LinesField")
"""What settings forms are made of, beside WTForms."""

WORDS = {
    "hookimpl": "Marks a function of the plugin as the implementation of the hook of its name.",
    "HOOK_API": "The hook API of this lmssocial, as `(major, minor)`.",
    "gettext": "",
    "lazy_gettext": "",
    "pgettext": "",
    "lazy_pgettext": "",
    "Undeliverable": "",
    "TryLater": "",
    "now": "",
    "Problem": "",
    "Invalid": "",
    "Conflict": "",
    "NotAllowed": "",
    "NotFound": "",
}
"""The other names of the façade: what is said of each, or nothing if its own docstring says it."""

PLAIN = {
    "JsonObject": "A column of JSON, as the type of a mapped attribute.",
    "UtcDateTime": "A column of moments; they come back aware, in UTC.",
}
"""Names of ``plugin_data`` that are types of the database and say nothing of themselves."""


def value(name: str) -> Any:
    """What stands in the façade under ``name``."""
    return Stance if name == "Stance" else getattr(lmssocial.plugin, name)


def datum(name: str) -> Any:
    """What stands in ``plugin_data`` under ``name``."""
    return getattr(lmssocial.plugin_data, name)


def hooks() -> list[tuple[str, Callable[..., object]]]:
    """Every specification in the order of the source."""
    found = [
        (name, value)
        for name, value in vars(spec).items()
        if name.startswith("lmssocial_") and callable(value)
    ]
    return sorted(found, key=lambda entry: entry[1].__code__.co_firstlineno)


def methods(protocol: type) -> list[tuple[str, Callable[..., object]]]:
    """The methods of a protocol, in the order of the source."""
    return [
        (name, value)
        for name, value in vars(protocol).items()
        if inspect.isfunction(value) and name[0] != "_"
    ]
