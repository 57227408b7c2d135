"""What people say, on its way from a page, and what became of it."""

from dataclasses import dataclass

from lmssocial.social.content.models import State

ANSWER, MESSAGE = "experts.answer", "experts.message"
"""The kinds of contribution, as policies and moderators know them."""


@dataclass(frozen=True, kw_only=True)
class WordsDraft:
    """An answer or a message as it was written."""

    source: str
    submission_key: str | None = None
    """The name of the form it was written in: the same form sent twice says it once."""
    asks: bool = False
    """Of a message: whether the asker has to say something before the question can be answered."""


@dataclass(frozen=True, kw_only=True)
class Rewording:
    """Another wording of an own answer or message."""

    source: str
    seen_version: int
    """The version its author had before their eyes."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of something that was said."""

    contribution_id: int
    question_id: int
    state: State
    """Of its words."""
    messages: tuple[str, ...] = ()
    """What the policies tell its author, or why it waits."""
