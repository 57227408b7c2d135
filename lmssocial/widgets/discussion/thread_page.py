"""What the page of a thread shows, put together from what the queries find; and the name of what it depends on."""

import hashlib

from flask import request, url_for
from flask import session as cookie
from flask_babel import get_locale

from lmssocial import __version__
from lmssocial.core.kernel import clock
from lmssocial.social.communities.badges import badges_of
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.content.models import State
from lmssocial.social.engagement.request import carried_here
from lmssocial.social.engagement.via import PARAMETER, via_of
from lmssocial.social.notifications.seen import saw
from lmssocial.web import scope
from lmssocial.widgets.discussion.beside import beside_posts
from lmssocial.widgets.discussion.composing import empty_composer
from lmssocial.widgets.discussion.forms import ReplyForm
from lmssocial.widgets.discussion.fragments import posts_html
from lmssocial.widgets.discussion.models import Audience, ThreadKind
from lmssocial.widgets.discussion.queries.polls import poll_of
from lmssocial.widgets.discussion.queries.posts import (
    POSTS,
    PostPage,
    Window,
    best_first,
    posts,
    waiting_posts,
)
from lmssocial.widgets.discussion.queries.private import about
from lmssocial.widgets.discussion.queries.threads import ThreadHead
from lmssocial.widgets.discussion.reading import write_ranges


def content(place: Here, head: ThreadHead, window: Window, *, best: bool, address: str) -> dict[str, object]:
    """Everything that the template of a thread's page wants. Notices about what it shows are seen by that.

    :param window: which posts the address asks for.
    :param best: whether a question shall show its best answers first.
    :param address: the discussion's own address.
    """
    session = scope.session()
    order = "best" if best and head.kind is ThreadKind.QUESTION else ""
    page = _page(place, head, window, order)
    waiting = waiting_posts(session, place.actor, head.id) if head.has_waiting else ()
    saw(place, [post.id for post in (*page.posts, *waiting)])
    beside = beside_posts(session, place.actor, head, page.posts, address)
    badges = badges_of(session, place.actor, {post.author_id for post in (*page.posts, *waiting)})
    return {
        "thread": head,
        "page": page,
        "page_size": POSTS,
        "posts": posts_html(
            page.posts, place.actor, head, address, flat=bool(order), beside=beside, badges=badges
        )
        if page.posts
        else "",
        "waiting": posts_html(waiting, place.actor, head, address, badges=badges) if waiting else "",
        "first_unread": _first_unread(head, page),
        "unread_here": _unread(head, page),
        "via": via_of(request.args.get(PARAMETER)),
        "base": address,
        "help": markdown_help(str(get_locale())),
        "order": order,
        **_composer(place, head, address),
        **_poll(place, head),
        **_meant_for(place, head),
    }


def etag(place: Here, head: ThreadHead) -> str:
    """Names all that the page depends on; empty where it shows what passes or changes elsewhere."""
    was_brought = head.about_id is not None and head.audience is not Audience.PRIVATE
    if place.actor.moderates or was_brought or cookie.get("_flashes"):
        return ""
    parts = (
        __version__,
        request.full_path,
        head.version,
        head.last_read,
        head.read_ahead,
        head.draft_sequence,
        head.level,
        head.because,
        head.known,
        head.known_since,
        head.is_open_to(place.actor),
        head.due_at and head.due_at <= clock.now(),
        place.settings,
        place.unread_notices,
        place.actor.session_id,
        place.actor.name,
        place.ground_rules,
        place.community_title,
        get_locale(),
        clock.now().strftime("%Y%m%d%H"),  # names and badges of other people are at most an hour old
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _meant_for(place: Here, head: ThreadHead) -> dict[str, object]:
    """What the page says about who reads it, and when it is due; a query only where it is about a post."""
    actor, is_private = place.actor, head.audience is Audience.PRIVATE
    asked = head.learner_id == head.author_id == actor.user_id
    return {
        "about": about(scope.session(), actor, head.placement_id, head.about_id)
        if head.about_id and is_private
        else None,
        "brought": carried_here(head.about_id) if head.about_id and not is_private else None,
        "may_publish": is_private and asked and head.state is State.PUBLISHED,
        "due_is_over": head.due_at is not None and head.due_at <= clock.now(),
    }


def _page(place: Here, head: ThreadHead, window: Window, order: str) -> PostPage:
    """The posts that the address asks for; the first ones if there are none there."""
    if order:
        return best_first(scope.session(), place.actor, head.id)
    page = posts(scope.session(), place.actor, head.id, window)
    if not page.posts and head.highest_number:
        page = posts(scope.session(), place.actor, head.id, Window())
    return page


def _poll(place: Here, head: ThreadHead) -> dict[str, object]:
    """What the page shows of the thread's poll; no query if it has none."""
    poll = poll_of(scope.session(), place.actor, head.id) if head.has_poll else None
    if poll is None:
        return {"poll": None}
    decides = place.actor.moderates or head.author_id == place.actor.user_id
    is_live = head.state is State.PUBLISHED
    return {
        "poll": poll,
        "poll_open": is_live and not poll.is_closed and head.is_open_to(place.actor),
        "poll_shown": head.answers_open and (poll.has_voted or poll.is_closed or place.actor.moderates),
        "poll_closable": is_live and not poll.is_closed and decides,
    }


def _first_unread(head: ThreadHead, page: PostPage) -> str:
    """Where the first unread post is: on this page, or behind an address; empty if there is none."""
    number = head.progress.first_unread(head.highest_number)
    if number is None or (number > 1 and not head.answers_open):
        return ""
    if any(post.number == number for post in page.posts):
        return f"#post-{number}"
    return url_for(
        ".thread_detail",
        placement_id=head.placement_id,
        thread_id=head.id,
        at=number,
        _anchor=f"post-{number}",
    )


def _composer(place: Here, head: ThreadHead, address: str) -> dict[str, object]:
    """Where an answer is written at the end of the page, with what was being written; nothing if none is taken."""
    is_public = head.state is State.PUBLISHED and head.opening_state is State.PUBLISHED
    if not (is_public and head.is_open_to(place.actor)):
        return {}
    if not head.draft_source:
        return {"composed": empty_composer(head, address, place)}
    form = ReplyForm(data={"source": head.draft_source})
    form.for_target("opening")
    return {"form": form}


def _unread(head: ThreadHead, page: PostPage) -> str:
    """The numbers on the page that were not read yet: scripts say which of them were on the screen."""
    read = head.progress
    return write_ranges(post.number for post in page.posts if post.number and not read.has_read(post.number))
