"""One thread: reading it, opening one, and what staff do with it."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.seen import unread
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import service, thread_page
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.queries.posts import Window
from lmssocial.widgets.discussion.queries.threads import thread_head
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
    etag = thread_page.etag(place, head)
    if etag and request.if_none_match.contains(etag):
        return _kept_by_browser(make_response("", 304), etag)
    best = request.args.get("order") == "best"
    shown = thread_page.content(place, head, _window(), best=best, address=base())
    response = make_response(render_template("discussion/thread_detail.html", **shown))
    return _kept_by_browser(response, etag) if etag and unread(place) == place.unread_notices else response


def _window() -> Window:
    numbers = {
        name: value
        for name in ("after", "before", "at")
        if (value := request.args.get(name, type=int)) is not None
    }
    return Window(**{name: value for name, value in numbers.items() if 0 < value < 1_000_000})


def _kept_by_browser(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


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
