"""Every failure in words: what happened, what to do, and a reference that is also in the log."""

import secrets

import structlog
from flask import Flask, Response, g, make_response, render_template, request, url_for
from jinja2 import TemplateNotFound
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
    ServiceUnavailable,
)

from lmssocial.core.kernel.errors import Problem
from lmssocial.core.kernel.words import gettext as _
from lmssocial.web import scope
from lmssocial.web.fragments import is_fragment
from lmssocial.web.security import frame_anywhere_unless_named

log = structlog.get_logger(__name__)

WRITTEN = frozenset({"title", "source", "message", "intro", "comment", "note", "plea", "sentence"})
"""Form fields in which people write; a form's prefix may stand before them."""
NOWHERE_TO_GO = frozenset({401, 500, 503})
"""Answers after which the activity's first page would say the same."""
IN_FRAMES = ("/lti/", "/w/")
"""Begin the addresses that LMSs show in frames; whose they are may be just what could not be found out."""


def init_app(app: Flask) -> None:
    """Answer problems, HTTP errors, a database that does not answer, and anything unforeseen with a page."""
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unforeseen)


def tell_whom(name: str) -> None:
    """Let a refusal in the rest of this request say as whom this browser is signed in."""
    g.signed_in_as = name


def answer_problem(problem: Problem) -> Response:
    """The page for a problem; the reason goes to the log only."""
    reference = new_reference()
    log.info("refused", reference=reference, status=problem.status, reason=str(problem.reason))
    return error_page(problem.status, reference, title=problem.title, message=problem.message)


def _http(error: HTTPException) -> Response:
    reference = new_reference()
    status = error.code or 500
    log.info("refused", reference=reference, status=status, reason=error.name)
    response = error_page(status, reference)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _database(error: OperationalError) -> Response:
    reference = new_reference()
    log.error("database failed", reference=reference, exc_info=error)
    scope.session().rollback()
    response = error_page(ServiceUnavailable.code, reference)
    response.headers["Retry-After"] = "10"
    return response


def _unforeseen(error: Exception) -> Response:
    reference = new_reference()
    log.error("request failed", reference=reference, exc_info=error)
    return error_page(InternalServerError.code, reference)


def new_reference() -> str:
    """A short name for one failure, shown to the person and written to the log."""
    return secrets.token_hex(4)


def error_page(status: int, reference: str, *, title: str = "", message: str = "") -> Response:
    """The page for ``status``: its own template if there is one, else the generic one.

    What the person was sending is handed back, so that nothing typed is lost.
    """
    scope.leave_visitor_unasked()
    if request.path.startswith(IN_FRAMES):
        frame_anywhere_unless_named()
    context = {
        "status": status,
        "reference": reference,
        "error_title": title,
        "error_message": message,
        "kept_text": kept_text(),
        "signed_in_as": g.get("signed_in_as", ""),
        "back_href": way_back() if status not in NOWHERE_TO_GO else "",
        "partial": is_fragment(),
    }
    try:
        body = render_template([f"errors/{status}.html", "errors/generic.html"], **context)
    except TemplateNotFound:
        body = _("Something went wrong. Reference: %(reference)s", reference=reference)
    return make_response(body, status)


def kept_text() -> str:
    """What the refused request carried of somebody's own words, so that the page can give them back."""
    if request.method != "POST":
        return ""
    try:
        form = request.form
    except RequestEntityTooLarge:
        return ""  # this is what was refused: too much to read, and too much to send back
    written = (
        value.strip() for name, value in form.items() if name.rpartition("-")[2] in WRITTEN and value.strip()
    )
    return "\n\n".join(written)


def way_back() -> str:
    """Where to go on from an error inside an activity, whose frame has no back button; empty anywhere else.

    Never the address that failed: where there is no activity, no button promises one.
    """
    placement_id = (request.view_args or {}).get("placement_id")
    if placement_id is None:
        return ""
    first = url_for("communities.activity_detail", placement_id=placement_id)
    return "" if request.path == first else first
