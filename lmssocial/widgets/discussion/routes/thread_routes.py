"""One thread: reading it, opening one, and what staff do with it."""

import hashlib
from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from lmssocial import __version__
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.scope import Here
from lmssocial.social.content.models import State
from lmssocial.social.engagement.request import carried_here
from lmssocial.social.notifications.seen import saw, unread
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.beside import beside_posts
from lmssocial.widgets.discussion.composing import empty_composer
from lmssocial.widgets.discussion.forms import ReplyForm
from lmssocial.widgets.discussion.fragments import markdown_help, posts_html
from lmssocial.widgets.discussion.models import Audience, Thread, ThreadKind
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
from lmssocial.widgets.discussion.queries.threads import ThreadHead, thread_head
from lmssocial.widgets.discussion.reading import write_ranges
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion
from lmssocial.widgets.discussion.routes.elsewhere import where_thread_went


@bp.get("/threads/<int:thread_id>")
def thread_detail(placement_id: int, thread_id: int) -> AnyResponse:
    """A thread, fifty posts at a time. Whoever has it already as it is gets a 304 for the price of one query."""
    place, session = discussion(), scope.session()
    try:
        head = thread_head(session, place.actor, placement_id, thread_id)
    except NotFound:
        if (onward := where_thread_went(placement_id, thread_id)) is None:
            raise
        return onward
    etag = _etag(place, head)
    if etag and request.if_none_match.contains(etag):
        return _kept_by_browser(make_response("", 304), etag)
    order = "best" if request.args.get("order") == "best" and head.kind is ThreadKind.QUESTION else ""
    page = _page(place, head, order)
    waiting = waiting_posts(session, place.actor, thread_id) if head.has_waiting else ()
    saw(place, [post.id for post in (*page.posts, *waiting)])
    address = base()
    beside = beside_posts(session, place.actor, head, page.posts, address)
    response = make_response(
        render_template(
            "discussion/thread_detail.html",
            thread=head,
            page=page,
            page_size=POSTS,
            posts=posts_html(page.posts, place.actor, head, address, flat=bool(order), beside=beside)
            if page.posts
            else "",
            waiting=posts_html(waiting, place.actor, head, address) if waiting else "",
            first_unread=_first_unread(head, page),
            unread_here=_unread(head, page),
            base=address,
            help=markdown_help(str(get_locale())),
            **_composer(place, head, address),
            order=order,
            **_poll(place, head),
            **_meant_for(place, head),
        )
    )
    return _kept_by_browser(response, etag) if etag and unread(place) == place.unread_notices else response


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


def _page(place: Here, head: ThreadHead, order: str) -> PostPage:
    """The posts that the address asks for; the first ones if there are none there."""
    if order:
        return best_first(scope.session(), place.actor, head.id)
    page = posts(scope.session(), place.actor, head.id, _window())
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


def _window() -> Window:
    numbers = {
        name: value
        for name in ("after", "before", "at")
        if (value := request.args.get(name, type=int)) is not None
    }
    return Window(**{name: value for name, value in numbers.items() if 0 < value < 1_000_000})


def _etag(place: Here, head: ThreadHead) -> str:
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
        head.is_open_to(place.actor),
        head.due_at and head.due_at <= clock.now(),
        place.settings,
        place.unread_notices,
        place.actor.session_id,
        place.actor.name,
        place.ground_rules,
        place.settings,
        place.community_title,
        get_locale(),
        clock.now().strftime("%Y%m%d%H"),  # names of other people are at most an hour old
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _kept_by_browser(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


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


@bp.post("/threads/<int:thread_id>/pin")
def thread_pin(placement_id: int, thread_id: int) -> AnyResponse:
    """Put it at the top of the list."""
    return _do(service.pin, placement_id, thread_id, _("Pinned: this thread stands at the top of the list."))


@bp.post("/threads/<int:thread_id>/unpin")
def thread_unpin(placement_id: int, thread_id: int) -> AnyResponse:
    """Let it go back to its place."""
    return _do(service.unpin, placement_id, thread_id, _("No longer pinned."))


@bp.post("/threads/<int:thread_id>/lock")
def thread_lock(placement_id: int, thread_id: int) -> AnyResponse:
    """Close it for replies."""
    return _do(service.lock, placement_id, thread_id, _("Locked: only moderators can reply."))


@bp.post("/threads/<int:thread_id>/unlock")
def thread_unlock(placement_id: int, thread_id: int) -> AnyResponse:
    """Open it for replies."""
    return _do(service.unlock, placement_id, thread_id, _("Unlocked: everybody can reply again."))


def _do(
    deed: Callable[[Session, Actor, int], Thread], placement_id: int, thread_id: int, done: str
) -> AnyResponse:
    place = discussion()
    thread_head(scope.session(), place.actor, placement_id, thread_id)  # it has to be in this discussion
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            deed(session, place.actor, thread_id)
        flash(done, "good")
    else:
        flash(_("This page had grown old, so nothing was changed. Please press the button again."), "warn")
    return redirect(
        url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id), code=303
    )
