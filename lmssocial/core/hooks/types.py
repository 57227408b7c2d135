"""The values that travel through hooks. Frozen; fields are only ever added."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Ruling(IntEnum):
    """What a policy makes of a submission, from mildest to strictest; the strictest of all rulings wins."""

    ALLOW = 0
    """Publish."""
    ANNOTATE = 1
    """Publish, and tell the author something."""
    HOLD = 3
    """Show it to the author and the moderators only, until one of them decides."""
    REJECT = 4
    """Refuse it; the author keeps the text and hears why."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One policy's opinion, with what its author has to be told.

    :param ruling: what should happen.
    :param reason: a stable code for logs and reports, such as ``too-many-links``.
    :param message: one sentence for the author, translated, in plain words.
    """

    ruling: Ruling
    reason: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a person is about to publish, as policies see it. Plain values: no session, no person, no address."""

    kind: str
    """``discussion.thread``, ``discussion.reply`` …"""
    tenant_id: int
    """The customer it is written at."""
    community_id: int
    """The community it is written in."""
    author_id: int
    """Who writes it; the same number for the same person."""
    author_role: str
    """The author's leading LMS role: ``learner``, ``instructor`` …"""
    title: str
    """Of the thread, if it opens one; empty otherwise."""
    source: str
    """The Markdown as written."""
    text: str
    """The words alone, without markup."""
    links: tuple[str, ...] = ()
    """Addresses of the links in it, in order, as a reader could follow them."""
    is_edit: bool = False
    """Whether this replaces something already published."""


@dataclass(frozen=True, kw_only=True)
class Widget:
    """A kind of activity that can be placed in a course.

    :param kind: its name in ``custom`` parameters and URLs: ``discussion``.
    :param title: translated name for people; may be lazy.
    :param summary: one translated sentence for the instructor who chooses.
    :param home_endpoint: Flask endpoint of its first page; takes ``placement_id``.
    :param blueprint: a Flask blueprint, mounted at ``/w/<placement_id>/<kind>``.
    :param nav_label: translated short label for the navigation bar.
    :param moderated: kind prefix of its contributions → its side of the moderation port, if it has contributions.
    """

    kind: str
    title: str
    summary: str
    home_endpoint: str
    blueprint: Any
    nav_label: str = ""
    moderated: dict[str, Any] = field(default_factory=dict)
