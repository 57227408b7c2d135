"""Posts as HTML, kept in memory.

A page of 50 posts is mostly the same text for everybody and for ever. What a post looks like depends on its values and
a few facts about the reader; both are the key under which its HTML is kept, so nothing has to be thrown away when
something changes: another version is another key, and what nobody asks for is forgotten.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import current_app, url_for
from flask_babel import get_locale, get_timezone
from markupsafe import Markup

from lmssocial.core.hooks import Badge
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.scope import here
from lmssocial.social.content.models import State
from lmssocial.social.engagement.ranking import shown_average
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.queries.lists import ThreadRow
from lmssocial.widgets.discussion.queries.posts import PostView
from lmssocial.widgets.discussion.queries.threads import ThreadHead
from lmssocial.widgets.discussion.settings import DiscussionSettings

KEPT = 4096
"""Posts whose HTML one process keeps; about 3 KB each."""

LEVELS = 2
"""How many times replies step to the side; deeper ones only say what they answer."""


class Reader(NamedTuple):
    """What a post's HTML depends on besides the post itself."""

    base: str
    """The address of the discussion: ``/w/7/discussion``."""
    moderation: str
    """The address of moderation: the desk, and below it what authors and members need of it."""
    thread_id: int
    locale: str
    zone: str
    is_author: bool
    moderates: bool
    is_live: bool
    """Whether everybody can read the thread."""
    is_open: bool
    """Whether this reader may write in the thread now."""
    is_unread: bool
    answers_here: bool
    """Whether the post it answers stands on the same page."""
    engagement: str = ""
    """The address of engagement: marks, and below it the people who made them."""
    takes_stars: bool = False
    """Whether stars are given and shown here."""
    asked: bool = False
    """Whether the thread is this reader's own question, so that they say what solved it."""


class Rights(NamedTuple):
    """What stands under a post for a reader; the same rules as in ``access``, which a test compares."""

    reply: bool
    edit: bool
    history: bool
    restore: bool
    why: bool
    mark: bool
    """Say that it helped."""
    solve: bool
    unsolve: bool


def rights(post: PostView, reader: Reader) -> Rights:
    """What ``reader`` may do with a post they see."""
    mine, removed = reader.is_author, post.state is State.REMOVED
    mine_or_staff = mine or reader.moderates
    return Rights(
        reply=post.state is State.PUBLISHED and reader.is_live and reader.is_open,
        edit=mine and not removed and reader.is_open,
        history=post.edited_at is not None and mine_or_staff,
        restore=removed and (reader.moderates or (mine and post.removed_by_author)),
        why=mine and not removed and (post.state is not State.PUBLISHED or bool(post.note)),
        mark=post.state is State.PUBLISHED and reader.is_live and not mine,
        solve=reader.asked and post.depth > 0 and post.state is State.PUBLISHED and not post.solves,
        unsolve=post.solves and (reader.asked or reader.moderates),
    )


@lru_cache(maxsize=KEPT)
def post_html(post: PostView, reader: Reader, shown: tuple[Badge, ...] = ()) -> str:
    """One post.

    :param shown: the badges of its author.
    """
    return _rendered("discussion/_post.html", post, reader, shown)


def row_html(post: PostView, actor: Actor, head: ThreadHead, base: str) -> str:
    """What stands under one post, alone: it takes the place of the row that was there before a press."""
    return _rendered("discussion/_row.html", post, next(readers_of([post], actor, head, base)))


def _rendered(name: str, post: PostView, reader: Reader, shown: tuple[Badge, ...] = ()) -> str:
    template = current_app.jinja_env.get_template(name)
    average = shown_average(post.stars_count, post.stars_sum) if reader.takes_stars else None
    known = known_as(post, reader)
    may = rights(post, reader)
    return template.render(post=post, reader=reader, may=may, average=average, known=known, shown=shown)


def known_as(post: PostView, reader: Reader) -> str:
    """What a post is called in the name of whatever is done with it."""
    if post.number:
        return _("post %(number)s", number=post.number)
    if reader.is_author:
        return _("your waiting post")
    return _("the waiting post by %(name)s", name=post.author_name)


def posts_html(
    posts: Sequence[PostView],
    actor: Actor,
    head: ThreadHead,
    base: str,
    *,
    flat: bool = False,
    beside: Mapping[int, str] | None = None,
    badges: Mapping[int, tuple[Badge, ...]] | None = None,
) -> Markup:
    """Posts in reading order, as nested lists; or one below the other, where they stand in another order.

    :param beside: id of a post → what stands beside it for this reader (:mod:`.beside`).
    :param badges: id of a person → what stands behind their name.
    """
    more, known = beside or {}, badges or {}
    readers = readers_of(posts, actor, head, base)
    parts = ['<ol class="posts">']
    level = -1
    for post, reader in zip(posts, readers, strict=True):
        wanted = 0 if flat else min(max(post.depth - 1, 0), LEVELS, level + 1)
        if wanted <= level:
            parts.append("</li></ol>" * (level - wanted) + "</li>")
        elif wanted:
            parts.append('<ol class="posts replies">')
        shown = known.get(post.author_id, ())
        parts.extend(("<li>", post_html(post, reader, shown), more.get(post.id, "")))
        level = wanted
    parts.append("</li></ol>" * (level + 1) if posts else "</ol>")
    return Markup("".join(parts))  # noqa: S704 – each part was escaped or sanitised when it was made


def readers_of(posts: Sequence[PostView], actor: Actor, head: ThreadHead, base: str) -> Iterator[Reader]:
    """The facts about the reader of each post; most are the same for all posts of a page."""
    progress, numbers = head.progress, {post.number for post in posts}
    common = Reader(
        base=base,
        moderation=url_for("moderation.case_list", placement_id=head.placement_id),
        thread_id=head.id,
        locale=str(get_locale() or ""),
        zone=str(get_timezone() or ""),
        is_author=False,
        moderates=actor.moderates,
        is_live=head.state is State.PUBLISHED,
        is_open=head.is_open_to(actor),
        is_unread=False,
        answers_here=True,
        engagement=url_for("engagement.saved_list", placement_id=head.placement_id).removesuffix("/saved"),
        takes_stars=DiscussionSettings.read(here().settings).stars,
        asked=head.kind is ThreadKind.QUESTION
        and head.author_id == actor.user_id
        and head.state is State.PUBLISHED,
    )
    known: dict[tuple[bool, bool, bool], Reader] = {}
    for post in posts:
        facts = (
            post.author_id == actor.user_id,
            post.number is not None and not progress.has_read(post.number),
            post.parent_number in numbers,
        )
        if facts not in known:
            known[facts] = common._replace(is_author=facts[0], is_unread=facts[1], answers_here=facts[2])
        yield known[facts]


@lru_cache(maxsize=KEPT)
def thread_html(thread: ThreadRow, base: str, locale: str, zone: str, *, why: bool = False) -> str:
    """One thread in the list.

    :param why: whether to say why it is popular.
    """
    del locale, zone  # only parts of the key: the template asks for both itself
    template = current_app.jinja_env.get_template("discussion/_thread.html")
    return template.render(thread=thread, base=base, why=why)


def threads_html(threads: Sequence[ThreadRow], base: str, *, why: bool = False) -> Markup:
    """Threads as the items of a list."""
    locale, zone = str(get_locale() or ""), str(get_timezone() or "")
    rows = (thread_html(thread, base, locale, zone, why=why) for thread in threads)
    return Markup("").join(Markup(row) for row in rows)  # noqa: S704
