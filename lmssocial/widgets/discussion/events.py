"""What happens in a discussion. No event carries words: they can be removed, and the log cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DiscussionEvent(Event):
    """Something happened in a thread."""

    placement_id: int
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadPosted(DiscussionEvent):
    """A thread was published. The actor is its author, also if a moderator let it through."""

    name: ClassVar[str] = "discussion.thread_posted"
    version: ClassVar[int] = 2

    post_id: int
    kind: str
    """As :class:`~lmssocial.widgets.discussion.models.ThreadKind`."""
    private: bool
    """Whether only one learner and the staff read it."""
    links: Sequence[int]
    """Contributions that it links to."""
    linked_author_ids: Sequence[int]
    """Who wrote those, one for each."""
    named_ids: Sequence[int]
    """Whom it mentions."""


@dataclass(frozen=True, kw_only=True)
class ReplyPosted(DiscussionEvent):
    """A reply was published. The actor is its author, also if a moderator let it through."""

    name: ClassVar[str] = "discussion.reply_posted"
    version: ClassVar[int] = 2

    post_id: int
    number: int
    parent_id: int
    parent_author_id: int
    thread_author_id: int
    question: bool
    """Whether the thread asks something."""
    length: int
    """Characters of its author's own, without what is quoted."""
    private: bool
    links: Sequence[int]
    linked_author_ids: Sequence[int]
    named_ids: Sequence[int]
    """All four as in :class:`ThreadPosted`."""


@dataclass(frozen=True, kw_only=True)
class PostEvent(DiscussionEvent):
    """Something was done to a post."""

    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class PostEdited(PostEvent):
    """A published post got a new wording."""

    name: ClassVar[str] = "discussion.post_edited"
    version: ClassVar[int] = 2

    changed: int
    """How many characters are different."""
    length_before: int
    """How many it had."""


@dataclass(frozen=True, kw_only=True)
class PostRemoved(PostEvent):
    """A post was taken out of sight by its author or by staff."""

    name: ClassVar[str] = "discussion.post_removed"


@dataclass(frozen=True, kw_only=True)
class PostRestored(PostEvent):
    """A removed post was put back."""

    name: ClassVar[str] = "discussion.post_restored"


@dataclass(frozen=True, kw_only=True)
class QuestionSolved(PostEvent):
    """Whoever asked a question said that this post, by ``author_id``, solved it."""

    name: ClassVar[str] = "discussion.question_solved"


@dataclass(frozen=True, kw_only=True)
class QuestionUnsolved(PostEvent):
    """A question is open again: its asker or a moderator said so, or the post that had solved it went."""

    name: ClassVar[str] = "discussion.question_unsolved"


@dataclass(frozen=True, kw_only=True)
class PollVoted(DiscussionEvent):
    """Somebody chose in a poll for the first time; what, the log does not know."""

    name: ClassVar[str] = "discussion.poll_voted"

    poll_id: int


@dataclass(frozen=True, kw_only=True)
class PollClosed(DiscussionEvent):
    """Its author or a moderator closed a poll before its time."""

    name: ClassVar[str] = "discussion.poll_closed"

    poll_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadPinned(DiscussionEvent):
    """Staff put a thread at the top of the list."""

    name: ClassVar[str] = "discussion.thread_pinned"


@dataclass(frozen=True, kw_only=True)
class ThreadUnpinned(DiscussionEvent):
    """Staff let a thread go back to its place in the list."""

    name: ClassVar[str] = "discussion.thread_unpinned"


@dataclass(frozen=True, kw_only=True)
class ThreadLocked(DiscussionEvent):
    """Staff closed a thread for new replies."""

    name: ClassVar[str] = "discussion.thread_locked"


@dataclass(frozen=True, kw_only=True)
class ThreadUnlocked(DiscussionEvent):
    """Staff opened a thread for replies again."""

    name: ClassVar[str] = "discussion.thread_unlocked"


@dataclass(frozen=True, kw_only=True)
class PostsRead(DiscussionEvent):
    """Somebody saw posts for the first time. Who takes a whole discussion as read has read nothing: no event."""

    name: ClassVar[str] = "discussion.posts_read"
    version: ClassVar[int] = 2

    count: int
    """How many."""
    post_ids: Sequence[int]
    """Those of other people, at most a hundred."""
    author_ids: Sequence[int]
    """Who wrote those, one for each."""
    via: str
    """What led there, as :class:`~lmssocial.social.engagement.via.Via`; empty if nothing of that."""


@dataclass(frozen=True, kw_only=True)
class PostsSearched(Event):
    """Somebody looked for posts by words. For which ones nobody knows."""

    name: ClassVar[str] = "discussion.searched"

    placement_id: int
    hits: int
    """Posts on the first page of what was found."""


@dataclass(frozen=True, kw_only=True)
class ThreadMoved(DiscussionEvent):
    """A moderator let a thread stand in another discussion of the community, which is ``placement_id``."""

    name: ClassVar[str] = "discussion.thread_moved"

    from_placement_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadSplit(DiscussionEvent):
    """A moderator made a post the opening of a thread of its own, which is ``thread_id``."""

    name: ClassVar[str] = "discussion.thread_split"

    from_thread_id: int
    post_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadMerged(DiscussionEvent):
    """A moderator put the posts of a thread below those of another, which is ``thread_id``."""

    name: ClassVar[str] = "discussion.thread_merged"

    from_thread_id: int
    post_id: int
    """The opening of the thread that is no more."""


@dataclass(frozen=True, kw_only=True)
class DiscussionImported(Event):
    """Staff brought a past discussion in from another system. Nobody in it did anything now."""

    name: ClassVar[str] = "discussion.imported"

    placement_id: int
    import_id: int
    posts: int
    """How many came in."""


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Event):
    """Staff took out again what an import had brought in."""

    name: ClassVar[str] = "discussion.import_undone"

    placement_id: int
    import_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadMadePublic(DiscussionEvent):
    """Whoever asked a private question let everybody, or their group, read it and its answers."""

    name: ClassVar[str] = "discussion.thread_made_public"


@dataclass(frozen=True, kw_only=True)
class ThreadConfigured(DiscussionEvent):
    """Moderators changed the dates of a thread, its group, or whether one answers before one reads."""

    name: ClassVar[str] = "discussion.thread_configured"

    changed: list[str]
    """Which of ``due_at``, ``locks_at``, ``post_first``, ``audience`` and ``group_id``."""


@dataclass(frozen=True, kw_only=True)
class DiscussionConfigured(Event):
    """Staff changed the settings of a discussion."""

    name: ClassVar[str] = "discussion.configured"

    placement_id: int
    changed: list[str]
    """The names of the settings that are different now; the texts and dates stand in the settings."""


EVENT_TYPES: tuple[type[Event], ...] = (
    ThreadPosted,
    ReplyPosted,
    PostEdited,
    PostRemoved,
    PostRestored,
    QuestionSolved,
    QuestionUnsolved,
    PollVoted,
    PollClosed,
    ThreadPinned,
    ThreadUnpinned,
    ThreadLocked,
    ThreadUnlocked,
    PostsRead,
    PostsSearched,
    ThreadMoved,
    ThreadSplit,
    ThreadMerged,
    DiscussionImported,
    ImportUndone,
    ThreadMadePublic,
    ThreadConfigured,
    DiscussionConfigured,
)
"""All of them, for the log."""
