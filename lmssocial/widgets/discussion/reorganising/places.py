"""New places for posts whose thread is split or merged, and what becomes of how far people had read. Pure functions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from lmssocial.widgets.discussion.numbering import SEGMENTS, WIDTH
from lmssocial.widgets.discussion.reading import Progress


class Standing(NamedTuple):
    """Where a post stands."""

    post_id: int
    thread_id: int
    parent_id: int | None
    """The post it answers; ``None`` for an opening."""
    number: int | None
    """``None`` while it waits for a moderator."""
    path: str | None
    depth: int


def branch(posts: Iterable[Standing], root_id: int) -> set[int]:
    """The ids of ``root_id`` and everything below it, however deep; waiting posts are among them."""
    below: dict[int | None, list[int]] = {}
    for post in posts:
        below.setdefault(post.parent_id, []).append(post.post_id)
    found, open_ends = {root_id}, [root_id]
    while open_ends:
        children = below.get(open_ends.pop(), ())
        found.update(children)
        open_ends.extend(children)
    return found


def lay_out(
    posts: Sequence[Standing], thread_id: int, *, after: int = 0, above: Mapping[int, Standing] | None = None
) -> list[Standing]:
    """``posts`` of ``thread_id`` with numbers that follow ``after`` without gaps, in the order they had.

    :param posts: sorted so that every post stands behind the one it answers; those that wait stand last.
    :param above: posts of the thread that keep their places and may be answered by these.
    """
    placed: dict[int, Standing] = dict(above or {})
    new: list[Standing] = []
    number = after
    for post in posts:
        parent = placed[post.parent_id] if post.parent_id is not None else None
        number += post.number is not None
        depth = 0 if parent is None else parent.depth + 1
        here, path = (None, None) if post.number is None else (number, _path_below(parent, number))
        standing = Standing(post.post_id, thread_id, post.parent_id, here, path, depth)
        placed[post.post_id] = standing
        new.append(standing)
    return new


def _path_below(parent: Standing | None, number: int) -> str:
    """As :func:`~lmssocial.widgets.discussion.numbering.path_below`, for places that are not stored yet."""
    begins = parent is None or parent.parent_id is None
    above = "" if begins or parent is None else parent.path or ""
    return above[: (SEGMENTS - 1) * WIDTH] + f"{number:0{WIDTH}d}"


def in_order(posts: Iterable[Standing]) -> list[Standing]:
    """By number, and those that wait behind them, the oldest first."""
    return sorted(posts, key=lambda post: (post.number is None, post.number or post.post_id))


class Numbers:
    """Some of the numbers of a thread, counted anew from 1: what each of them becomes."""

    def __init__(self, chosen: Collection[int], highest: int) -> None:
        """:param chosen: those that there still are; :param highest: the greatest there was."""
        self._up_to = list(accumulate((n in chosen for n in range(1, highest + 1)), initial=0))

    def carry(self, progress: Progress) -> Progress:
        """``progress`` as it is in the new count: what was read stays read."""
        up_to, highest = self._up_to, len(self._up_to) - 1
        ahead = frozenset(up_to[n] for n in progress.ahead if 0 < n <= highest and up_to[n] > up_to[n - 1])
        return Progress(up_to[min(progress.last, highest)], ahead).and_read(())


def joined(below: Progress, highest: int, added: Progress, added_highest: int) -> Progress:
    """How far somebody has read a thread of ``highest`` posts to which another was added.

    :param added: how far they had read that other, which had ``added_highest`` posts.
    """
    numbers = (*range(1, min(added.last, added_highest) + 1), *added.ahead)
    return below.and_read(highest + number for number in numbers)
