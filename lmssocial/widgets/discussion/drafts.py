"""What people hand in, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class PollDraft:
    """A poll at the head of a new thread."""

    question: str
    options: tuple[str, ...]
    several: bool = False
    """Whether one person may choose several answers."""
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ThreadDraft:
    """A new thread."""

    placement_id: int
    title: str
    source: str
    submission_key: str | None = None
    """Names the form it was written in; the same form sent twice opens one thread."""
    kind: str = "discussion"
    """A :class:`~lmssocial.widgets.discussion.models.ThreadKind`."""
    pinned: bool = False
    """Whether it stands at the top of the list; moderators may ask for that at once."""
    poll: PollDraft | None = None
    group_id: int | None = None
    """The group it is for, where threads belong to groups and there is a choice."""


@dataclass(frozen=True, kw_only=True)
class AboutDraft:
    """Something said in private about a post: to the moderators, or by one of them to its author."""

    placement_id: int
    post_id: int
    source: str
    submission_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyDraft:
    """An answer to a post."""

    parent_id: int
    """The contribution it answers; a reply to the thread answers its opening."""
    source: str
    submission_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class EditDraft:
    """A new wording of a post."""

    post_id: int
    source: str
    seen_version: int
    """The version its editor had before their eyes."""
    title: str = ""
    """The thread's title, if this is its opening."""
