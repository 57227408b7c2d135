"""From the frame into a tab of its own: a code is asked for inside, and redeemed outside."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.front.launch import browser
from lmssocial.lms.identity import handover
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.scope import here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program

bp = Blueprint("handover", __name__)

LONGEST_PATH = 2000
"""Characters of the address of a page that a new tab goes to."""


@bp.post("/w/<int:placement_id>/handover")
def handover_create(placement_id: int) -> str | Response:
    """Give a code: as JSON to the page's script, which opens the tab, or as a page with the link to click."""
    place = here()
    if not ButtonForm(request.form).validate():
        raise Invalid(_("This page had grown old. Load it again, then open it in a new tab."))
    with unit_of_work(scope.session()) as session:
        code = handover.begin(session, place.actor, placement_id)
    wanted = _inside(placement_id, request.form.get("to", ""))
    address = url_for("handover.handover_redeem", code=code, to=wanted or None)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(url=address)
    return render_template("launch/handover.html", address=address)


@bp.get("/lti/handover/<code>")
def handover_redeem(code: str) -> AnyResponse:
    """Sign this tab in, once, and go on to the activity, or to the page of it that was wanted."""
    with unit_of_work(scope.session()) as session:
        landing = handover.redeem(session, code, browser.keep_token())
        placement = session.get(Placement, landing.placement_id)
        widget = None if placement is None else program().widgets.get(placement.widget)
    if widget is None:
        raise NotFound(_("There is no activity at this address."))
    wanted = _inside(landing.placement_id, request.args.get("to", ""))
    if wanted:
        return redirect(request.script_root + wanted, code=303)
    return redirect(url_for(widget.home_endpoint, placement_id=landing.placement_id), code=303)


def _inside(placement_id: int, path: str) -> str:
    """``path`` if it is a page of the placement; else empty. No other place is ever gone on to."""
    fits = (
        path.startswith(f"/w/{placement_id}/")
        and path.isprintable()
        and "\\" not in path
        and "/.." not in path
    )
    return path if fits and len(path) <= LONGEST_PATH else ""
