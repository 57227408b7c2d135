"""A past discussion as it was read from a file: values that know nothing of where they came from or will go."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _

MOST_POSTS = 100_000
"""Posts that one file may hold."""

MOST_TEXT = 200_000_000
"""Characters of all its texts together."""


class Unreadable(Invalid):
    """The file is not what it should be; whoever handed it in reads what is wrong with it."""


class Source(StrEnum):
    """Where a file comes from."""

    MOODLE = "moodle"
    DISCOURSE = "discourse"
    CSV = "csv"


class Loss(StrEnum):
    """What does not come along, or comes along changed."""

    FILES = "files"
    PICTURES = "pictures"
    EMBEDDED = "embedded"
    CUT = "cut"
    EMPTY = "empty"
    RATINGS = "ratings"
    LIKES = "likes"
    MARKS = "marks"
    POLLS = "polls"
    PRIVATE = "private"
    GROUPS = "groups"
    TIMED = "timed"
    REMOVED = "removed"
    NOTES = "notes"
    DUPLICATES = "duplicates"
    ORPHANS = "orphans"
    CIRCLES = "circles"
    FUTURE = "future"
    UNDATED = "undated"
    NAMELESS = "nameless"
    TITLES = "titles"


@dataclass(frozen=True)
class PastPerson:
    """Somebody who wrote."""

    key: str
    """What the other system calls them."""
    name: str
    email: str = ""
    legacy_id: str = ""
    """What LTI 1.1 called them, if the file says so."""


@dataclass(frozen=True, kw_only=True)
class PastPost:
    """Something somebody wrote."""

    key: str
    """What the other system calls it; no two of a file have the same."""
    parent: str | None
    """The key of what it answers; ``None`` for what opened the thread."""
    author: str
    """The key of its author."""
    at: datetime | None
    text: str
    is_html: bool = False
    edited_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PastThread:
    """A thread, its posts in no particular order."""

    key: str
    title: str
    posts: tuple[PastPost, ...]
    part: str = ""
    """The forum or category it stood in."""
    group: str = ""
    """The name of the group it was for; empty if it was for everybody."""
    pinned: bool = False
    locked: bool = False
    solved: str | None = None
    """The key of the post that solved it."""


@dataclass
class Past:
    """All of a file."""

    source: Source
    people: dict[str, PastPerson] = field(default_factory=dict)
    threads: list[PastThread] = field(default_factory=list)
    losses: Counter[Loss] = field(default_factory=Counter)
    post_count: int = 0
    text_size: int = 0

    def add(self, thread: PastThread) -> None:
        """Take a thread in.

        :raises Unreadable: if that is more than anybody can bring in at once.
        """
        self.post_count += len(thread.posts)
        self.text_size += sum(len(post.text) for post in thread.posts)
        if self.post_count > MOST_POSTS or self.text_size > MOST_TEXT:
            raise Unreadable(
                _(
                    "This file holds more than %(posts)d posts, or more text than fits. Divide it and bring the "
                    "parts in one after the other.",
                    posts=MOST_POSTS,
                )
            )
        self.threads.append(thread)
