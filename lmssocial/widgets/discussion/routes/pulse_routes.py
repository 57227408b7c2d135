"""What a page that is being read asks now and then: has anything been written since? Announced, never inserted."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from lmssocial.web import scope
from lmssocial.widgets.discussion.queries.pulse import Pulse, pulse_of
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion


@bp.get("/threads/<int:thread_id>/pulse")
def thread_pulse(placement_id: int, thread_id: int) -> Response:
    """How many posts came after number ``seen``, as a link to the first of them, and the bell; 304 if nothing changed.

    It costs one query beside the one that says who asks, and no template unless there is something to say.
    """
    place = discussion()
    pulse = pulse_of(scope.session(), place.actor, placement_id, thread_id)
    etag = pulse_etag(pulse, place.unread_notices)
    if request.if_none_match.contains(etag):
        response = make_response("", 304)
    else:
        seen = request.args.get("seen", pulse.highest_number, type=int)
        new = max(0, pulse.highest_number - seen)
        href = f"{base()}/threads/{thread_id}?at={seen + 1}#post-{seen + 1}"
        response = make_response(render_template("discussion/_pulse.html", new=new, href=href))
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def pulse_etag(pulse: Pulse, unread_notices: int) -> str:
    """Names what the answer depends on; the page brings it along, so that the first question is a 304 already."""
    return f"p{pulse.highest_number}-{unread_notices}"
