"""The gate before every page under ``/admin/``: who may pass, and whom forms are made for."""

import secrets
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import SignInNeeded
from lmssocial.front.admin import sessions
from lmssocial.front.admin.sessions import Admin
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, bind_forms_to

bp = Blueprint("admin", __name__, url_prefix="/admin")

OPEN = frozenset({"admin.sign_in", "admin.sign_in_code"})
"""The endpoints for people who are not signed in."""
_FORMS_OF = "forms"
"""The key in the cookie of a random value that forms are bound to, before a sign-in and after it."""


def account_behind(key: str) -> Admin | None:
    """Who is behind the sign-in token ``key``; only the jar of ``/admin`` is ever believed."""
    if getattr(cookie, "jar", "") != "admin":
        return None
    return sessions.find(scope.session(), key)


def signed_in() -> Admin | None:
    """The administrator of this request, if there is one."""
    found = scope.visitor()
    return found if isinstance(found, Admin) else None


def me() -> Admin:
    """The administrator of this request.

    :raises SignInNeeded: if there is none, which the gate has made sure of.
    """
    found = signed_in()
    if found is None:
        raise SignInNeeded
    return found


def let_in(token: str, admin: Admin) -> None:
    """Begin a signed-in cookie from nothing, so that nothing planted before survives."""
    cookie.clear()
    _new_form_value()
    scope.sign_in(token, admin)


def let_out() -> None:
    """Empty the cookie."""
    scope.sign_out()
    cookie.clear()


def local_path(wanted: str) -> str:
    """``wanted`` if it is a path under ``/admin``, else the first page; never another host's address."""
    parts = urlsplit(wanted)
    plain = (
        wanted.isascii()
        and wanted.isprintable()
        and "\\" not in wanted
        and not (parts.scheme or parts.netloc)
    )
    if plain and (wanted == "/admin" or wanted.startswith("/admin/")) and ".." not in wanted:
        return wanted
    return url_for("admin.overview")


def pressed() -> bool:
    """Whether the button that was pressed stood on a page of this sign-in; says so if it did not."""
    if ButtonForm(request.form).validate():
        return True
    flash(
        _("This page was opened before your present sign-in, so nothing was done. Please press again."),
        "warn",
    )
    return False


@bp.before_request
def _gate() -> Response | str | None:
    admin = signed_in()
    if _FORMS_OF not in cookie:
        if admin is None and _comes_from_elsewhere():
            return render_template("admin/onward.html")
        _new_form_value()
    bind_forms_to(f"admin:{admin.token_hash if admin else 'nobody'}:{cookie[_FORMS_OF]}")
    if admin is not None:
        _note_use(admin)
        return None
    return None if request.endpoint in OPEN else _to_sign_in()


@bp.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _new_form_value() -> None:
    cookie[_FORMS_OF] = secrets.token_urlsafe(16)


def _comes_from_elsewhere() -> bool:
    """Whether a link on another site led here: the browser then withholds our cookie (SameSite=Strict).

    To answer with a new one would sign somebody out who only followed a link; a page that opens itself again is
    enough for the browser to send it.
    """
    return request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site"


def _note_use(admin: Admin) -> None:
    if sessions.wants_touch(admin):
        with unit_of_work(scope.session()) as session:
            sessions.touch(session, admin)
        cookie.modified = True  # the cookie's own time begins anew


def _to_sign_in() -> Response:
    if request.method != "GET":
        flash(_("Your sign-in had ended, so nothing was changed. Sign in and do it once more."), "warn")
        return redirect(url_for("admin.sign_in"), code=303)
    wanted = request.full_path.rstrip("?")
    first = wanted.rstrip("/") == bp.url_prefix
    return redirect(url_for("admin.sign_in", next=None if first else wanted), code=303)
