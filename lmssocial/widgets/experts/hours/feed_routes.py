"""``/calendar/<secret>.ics``: what a calendar program asks for, again and again, without a sign-in.

The secret in the address is the authority; reading is all it allows. An address that is not right is answered like any
page that is not there, so nobody learns whether somebody has a calendar.
"""

from hashlib import sha256

from flask import Blueprint, Response, request

from lmssocial.web import scope
from lmssocial.web.i18n import speak
from lmssocial.web.program import program
from lmssocial.widgets.experts.hours.feeds import feed, whose
from lmssocial.widgets.experts.hours.icalendars import House

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("/<token>.ics")
def feed_detail(token: str) -> Response:
    """The calendar; nothing but "not modified" (304), if the program has it like that already."""
    session, settings = scope.session(), program().settings
    person = whose(session, token)
    speak(person=person.locale)
    text = feed(session, person, House(public_url=settings.public_url, sender=settings.sender))
    response = ics_response(text, "office-hours.ics")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(sha256(text.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def ics_response(text: str, name: str) -> Response:
    """A calendar object as a file to open (RFC 5545 §8.1)."""
    response = Response(text.encode(), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
