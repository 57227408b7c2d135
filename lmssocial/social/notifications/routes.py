"""The bell, the page of notices, and the page where people say what they want to hear of."""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.engagement.via import Via, with_via
from lmssocial.social.notifications import preferences, queries, reading
from lmssocial.social.notifications.forms import chosen, wishes_form
from lmssocial.social.notifications.ports import Registry
from lmssocial.social.notifications.seen import take, unread
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm

bp = Blueprint("notifications", __name__, url_prefix="/w/<int:placement_id>/notices")

_EXTENSION = "lmssocial_notices"


def init_app(app: Flask, notices: Registry) -> None:
    """Mount the pages, and give every template inside a community ``unread_notices``."""
    app.extensions[_EXTENSION] = notices
    app.register_blueprint(bp)

    @app.context_processor
    def bell() -> dict[str, Any]:
        found = scope.visitor() if "placement_id" in (request.view_args or {}) else None
        return {"unread_notices": unread(found)} if isinstance(found, Here) else {}


def registry() -> Registry:
    """Everybody who has something to tell."""
    found: Registry = current_app.extensions[_EXTENSION]
    return found


@bp.get("/")
def notice_list(placement_id: int) -> str:
    """The person's notices, the newest first. Unread ones whose target is out of sight are over."""
    del placement_id
    place, session = here(), scope.session()
    after = request.args.get("after", "")
    page = queries.notice_page(session, registry(), place.actor, after)
    if page.over:
        take(place, lambda session: reading.mark_read(session, place.actor, page.over))
    return render_template("notifications/notice_list.html", page=page, is_start=not after)


@bp.get("/<int:notice_id>")
def notice_detail(placement_id: int, notice_id: int) -> AnyResponse:
    """Lead to what a notice is about; it is read by that.

    :raises NotFound: if it is not theirs, or was deleted.
    """
    place, session = here(), scope.session()
    notice = queries.one_notice(session, place.actor, notice_id)
    if notice is None:
        raise NotFound(_("This notice is gone: what it told of was removed, or it was read long ago."))
    words = queries.worded(session, registry(), place.actor, [notice]).get(notice_id)
    if notice.generation == 0:
        take(place, lambda session: reading.mark_read(session, place.actor, [notice_id]))
    if words is None:
        flash(_("What this notice told of was removed, or is not open to you any more."), "warn")
        return redirect(url_for("notifications.notice_list", placement_id=placement_id), code=303)
    return redirect(request.script_root + with_via(words.path, Via.NOTICE), code=303)


@bp.post("/read")
def notice_list_read(placement_id: int) -> AnyResponse:
    """Take all as read."""
    place = here()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            reading.mark_all_read(session, place.actor)
        flash(_("All notices are marked as read."), "good")
    else:
        flash(_("This page had grown old, so nothing was marked. Please press the button again."), "warn")
    return redirect(url_for("notifications.notice_list", placement_id=placement_id), code=303)


@bp.get("/pulse")
def pulse(placement_id: int) -> Response:
    """The bell as it is now, for pages that stay open; silence (304) while it is as it was."""
    del placement_id
    place = here()
    etag = f"b{place.unread_notices}"
    if request.if_none_match.contains(etag):
        return _private(make_response("", 304), etag)
    return _private(make_response(render_template("notifications/_bell.html")), etag)


def _private(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/settings")
def settings(placement_id: int) -> str:
    """What the person is told of, kind by kind."""
    del placement_id
    wishes = preferences.wishes(scope.session(), registry(), here().actor)
    return render_template("notifications/settings.html", form=wishes_form(wishes))


@bp.post("/settings")
def settings_change(placement_id: int) -> AnyResponse | tuple[str, int]:
    """Remember what they chose."""
    place = here()
    wishes = preferences.wishes(scope.session(), registry(), place.actor)
    form = wishes_form(wishes, request.form)
    if not form.validate():
        return render_template("notifications/settings.html", form=form), 422
    with unit_of_work(scope.session()) as session:
        preferences.choose(session, registry(), place.actor, chosen(form, wishes))
    flash(_("Saved. It holds for what happens in this community from now on."), "good")
    return redirect(url_for("notifications.settings", placement_id=placement_id), code=303)
