"""A past discussion brought into our order: every post below what it answers, numbered, dated, in Markdown.

Whatever the file says, the result is sound: each key once, no circles, nobody answers what is not there, nothing is of
the future.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import NamedTuple

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import excerpt, tidy_line
from lmssocial.widgets.discussion.importing.markdown import to_markdown
from lmssocial.widgets.discussion.importing.past import Loss, Past, PastPerson, PastPost, PastThread, Source
from lmssocial.widgets.discussion.numbering import SEGMENTS, WIDTH

MAX_TITLE = 200
"""Characters of a thread's title."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before this nobody wrote in a forum; such a date is a mistake."""


class Placed(NamedTuple):
    """A post in its place."""

    key: str
    author: str
    at: datetime
    edited_at: datetime | None
    source: str
    """Markdown."""
    above: int | None
    """Which post of the thread it answers, counted from 0."""
    path: str
    depth: int


@dataclass(frozen=True)
class Arranged:
    """A thread in our order; its post number *n* is the *n*-th, counted from 1."""

    key: str
    title: str
    part: str
    group_id: int | None
    pinned: bool
    locked: bool
    solved: int | None
    """Which of the posts solved it, counted from 0."""
    posts: tuple[Placed, ...]


@dataclass(frozen=True)
class Arrangement:
    """Everything that can be brought in."""

    source: Source
    threads: tuple[Arranged, ...]
    people: tuple[PastPerson, ...]
    """Those who wrote something of it, sorted by name."""
    posts_of: Mapping[str, int]
    """How many posts are whose."""
    losses: Counter[Loss]
    missing_groups: tuple[str, ...]
    """Groups that there are not here, whose threads therefore stay behind."""

    @property
    def post_count(self) -> int:
        """How many posts there are."""
        return sum(len(thread.posts) for thread in self.threads)


def arrange(past: Past, groups: Mapping[str, int]) -> Arrangement:
    """Bring ``past`` into our order.

    :param groups: the community's groups by their folded names.
    """
    losses = Counter(past.losses)
    threads, missing, taken = [], set(), set[str]()
    for thread in past.threads:
        group_id = groups.get(thread.group.casefold()) if thread.group else None
        if thread.group and group_id is None:
            losses[Loss.GROUPS] += len(thread.posts)
            missing.add(thread.group)
            continue
        once = [post for post in thread.posts if post.key not in taken and not taken.add(post.key)]  # type: ignore[func-returns-value]
        losses[Loss.DUPLICATES] += len(thread.posts) - len(once)
        if once:
            threads.append(_arranged(replace(thread, posts=tuple(once)), group_id, losses))
    posts_of = Counter(post.author for thread in threads for post in thread.posts)
    people = [_named(past.people.get(key) or PastPerson(key, ""), losses) for key in posts_of]
    return Arrangement(
        past.source,
        tuple(threads),
        tuple(sorted(people, key=lambda one: (one.name.casefold(), one.email, one.key))),
        posts_of,
        +losses,
        tuple(sorted(missing)),
    )


def _named(person: PastPerson, losses: Counter[Loss]) -> PastPerson:
    name = tidy_line(person.name)[:200]
    if name:
        return replace(person, name=name)
    losses[Loss.NAMELESS] += 1
    return replace(person, name=_("Former member"))


def _arranged(thread: PastThread, group_id: int | None, losses: Counter[Loss]) -> Arranged:
    posts = {post.key: post for post in thread.posts}
    first = _opening(thread.posts)
    parents = _parents(posts, first, losses)
    times = _times(thread.posts, losses)
    order = _order(parents, first, times)
    index = {key: number for number, (key, _at) in enumerate(order)}
    placed: list[Placed] = []
    for number, (key, at) in enumerate(order):
        post, parent = posts[key], parents[key]
        above = None if parent is None else index[parent]
        over = None if above is None else placed[above]
        source = to_markdown(post.text, is_html=post.is_html, losses=losses)
        edited = post.edited_at if post.edited_at and at < post.edited_at <= clock.now() else None
        path = ("" if not above or over is None else over.path)[: (SEGMENTS - 1) * WIDTH]
        placed.append(
            Placed(
                key=key,
                author=post.author,
                at=at,
                edited_at=edited,
                source=source,
                above=above,
                path=f"{path}{number + 1:0{WIDTH}d}",
                depth=0 if over is None else over.depth + 1,
            )
        )
    return Arranged(
        key=thread.key,
        title=_title(thread, placed[0].source, losses),
        part=thread.part,
        group_id=group_id,
        pinned=thread.pinned,
        locked=thread.locked,
        solved=index.get(thread.solved or "") or None,
        posts=tuple(placed),
    )


def _title(thread: PastThread, opening: str, losses: Counter[Loss]) -> str:
    title = tidy_line(thread.title)
    if title and len(title) <= MAX_TITLE:
        return title
    losses[Loss.TITLES] += 1
    return excerpt(title, MAX_TITLE) if title else excerpt(opening, 80)


def _opening(posts: Iterable[PastPost]) -> str:
    """The key of what opened the thread: the first of those that answer nothing, or else the first of all."""
    late = datetime.max.replace(tzinfo=UTC)
    return min(posts, key=lambda post: (post.parent is not None, post.at or late)).key


def _parents(posts: Mapping[str, PastPost], first: str, losses: Counter[Loss]) -> dict[str, str | None]:
    """What each post answers, so that all of them hang on the first."""
    parents: dict[str, str | None] = {first: None}
    below: dict[str, list[str]] = {}
    for key, post in posts.items():
        if key == first:
            continue
        parent = post.parent
        if parent is not None and parent not in posts:
            losses[Loss.ORPHANS] += bool(parent)
            parent = None
        parents[key] = parent or first
        below.setdefault(parent or first, []).append(key)
    reached: set[str] = set()
    _reach(first, below, reached)
    for key in posts:
        if key not in reached:  # part of a circle, or below one: it is opened here
            losses[Loss.CIRCLES] += 1
            parents[key] = first
            _reach(key, below, reached)
    return parents


def _reach(start: str, below: Mapping[str, list[str]], reached: set[str]) -> None:
    ends = [start]
    while ends:
        key = ends.pop()
        if key not in reached:
            reached.add(key)
            ends.extend(below.get(key, ()))


def _times(posts: Iterable[PastPost], losses: Counter[Loss]) -> dict[str, datetime | None]:
    """When each was written; ``None`` where nobody can say."""
    now, times = clock.now(), dict[str, datetime | None]()
    for post in posts:
        at = post.at
        if at is not None and at > now:
            losses[Loss.FUTURE] += 1
            at = now
        elif at is None or at < EARLIEST:
            losses[Loss.UNDATED] += 1
            at = None
        times[post.key] = at
    return times


def _order(
    parents: Mapping[str, str | None], first: str, times: Mapping[str, datetime | None]
) -> list[tuple[str, datetime]]:
    """The posts by date, each behind what it answers, however the dates are; with the date that it gets."""
    below: dict[str, list[str]] = {}
    for key, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(key)
    known = [at for at in times.values() if at is not None]
    ready = [(times[first] or min(known, default=clock.now()), 0, first)]
    order: list[tuple[str, datetime]] = []
    count = 0
    while ready:
        at, _turn, key = heappop(ready)
        order.append((key, times[key] or at))
        for child in below.get(key, ()):
            count += 1
            heappush(ready, (max(at, times[child] or at), count, child))
    return order
