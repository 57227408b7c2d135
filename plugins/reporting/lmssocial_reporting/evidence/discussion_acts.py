"""What events of discussions tell. Posts are ``c…``, for a post is a contribution; threads are ``t…``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from lmssocial_reporting.evidence.contribution_acts import edited, linked, removed, restored
from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.store.port import Act, Deed

QUESTION = "question"
PRIVATE = "private"


def _thread_posted(told: Told) -> Iterator[Act]:
    item, thread = f"c{told.key('post_id')}", f"t{told.key('thread_id')}"
    via = PRIVATE if told.flag("private") else ""
    yield told.act(Deed.POSTED, item=item, thread=thread, via=via)
    if told.text("kind") == QUESTION:
        yield told.act(Deed.ASKED, item=item, thread=thread, via=via)
    yield from linked(told, item, thread)
    yield from _named(told, item, thread)


def _reply_posted(told: Told) -> Iterator[Act]:
    """``number`` is 0 where the length is not known: before version 2."""
    item, thread = f"c{told.key('post_id')}", f"t{told.key('thread_id')}"
    yield told.act(
        Deed.REPLIED,
        item=item,
        thread=thread,
        other=told.number("parent_author_id"),
        target=f"c{told.key('parent_id')}",
        number=told.number("length"),
        via=PRIVATE if told.flag("private") else "",
    )
    yield from linked(told, item, thread)
    yield from _named(told, item, thread)


def _named(told: Told, item: str, thread: str) -> Iterator[Act]:
    for named in told.numbers("named_ids"):
        yield told.act(Deed.NAMED, item=item, thread=thread, other=named)


def _edited(told: Told) -> Iterator[Act]:
    return edited(told, *_post(told))


def _removed(told: Told) -> Iterator[Act]:
    return removed(told, *_post(told))


def _restored(told: Told) -> Iterator[Act]:
    return restored(told, *_post(told))


def _post(told: Told) -> tuple[str, str]:
    """The post an event is about, and its thread."""
    return f"c{told.key('post_id')}", f"t{told.key('thread_id')}"


def _read(told: Told) -> Iterator[Act]:
    """Before version 2 nobody knows what was read."""
    thread, via = f"t{told.key('thread_id')}", told.text("via")[:24]
    for post, author in told.pairs("post_ids", "author_ids"):
        yield told.act(Deed.READ, item=f"c{post}", thread=thread, other=author, via=via)


def _searched(told: Told) -> Iterator[Act]:
    yield told.act(Deed.SEARCHED, number=told.number("hits"))


def _solved(told: Told) -> Iterator[Act]:
    item, thread = f"c{told.key('post_id')}", f"t{told.key('thread_id')}"
    yield told.act(Deed.SOLVED, item=item, thread=thread, other=told.number("author_id"))


def _tended(via: str, told: Told) -> Iterator[Act]:
    """A thread was looked after; whose it is, the acts on it say."""
    thread = f"t{told.key('thread_id')}"
    yield told.act(Deed.MODERATED, item=thread, thread=thread, via=via)


READERS: Mapping[str, Callable[[Told], Iterable[Act]]] = {
    "discussion.thread_posted": _thread_posted,
    "discussion.reply_posted": _reply_posted,
    "discussion.post_edited": _edited,
    "discussion.post_removed": _removed,
    "discussion.post_restored": _restored,
    "discussion.posts_read": _read,
    "discussion.searched": _searched,
    "discussion.question_solved": _solved,
    "discussion.thread_pinned": partial(_tended, "pinned"),
    "discussion.thread_unpinned": partial(_tended, "unpinned"),
    "discussion.thread_locked": partial(_tended, "locked"),
    "discussion.thread_unlocked": partial(_tended, "unlocked"),
    "discussion.thread_moved": partial(_tended, "moved"),
    "discussion.thread_split": partial(_tended, "split"),
    "discussion.thread_merged": partial(_tended, "merged"),
    "discussion.thread_configured": partial(_tended, "configured"),
}
