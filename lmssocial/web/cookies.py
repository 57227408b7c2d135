"""Cookies that work inside an LMS frame, and a jar of their own for administrators.

In a frame on another site a browser keeps a cookie only if it is ``SameSite=None; Secure``, and, since third-party
cookies are blocked, only if it is also ``Partitioned`` (CHIPS). Over https the name carries ``__Host-``, so no
sister domain can plant it. Over plain http, which only a development machine may use, browsers take ``Secure``
cookies on localhost, yet programs do not send them back; there the cookie goes out a second time, plain.
"""

import hashlib
from typing import Any

from flask import Flask, Request, Response
from flask import request as current
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from lmssocial.web import bearer

ADMIN_PATH = "/admin"
_PLAIN = "-local"


def cookie_name(base: str, *, secure: bool) -> str:
    """The cookie's name: ``__Host-`` binds it to this very host, which browsers allow over https only."""
    return f"__Host-{base}" if secure else base


def set_framed_cookie(
    response: Response, base: str, value: str, *, secure: bool, max_age: int | None = None
) -> None:
    """Set a cookie that a frame on another site gets back, and no script and no other site can read.

    :param max_age: seconds; ``None`` until the browser closes.
    """
    response.set_cookie(
        cookie_name(base, secure=secure), value, max_age=max_age, path="/", secure=True, httponly=True,
        samesite="None", partitioned=True,
    )  # fmt: skip
    if not secure:
        response.set_cookie(base + _PLAIN, value, max_age=max_age, path="/", httponly=True, samesite="Lax")


def framed_cookie(request: Request, base: str, *, secure: bool) -> str:
    """The value set by :func:`set_framed_cookie`; empty when the browser sent none."""
    value = request.cookies.get(cookie_name(base, secure=secure), "")
    return value or ("" if secure else request.cookies.get(base + _PLAIN, ""))


def drop_framed_cookie(response: Response, base: str, *, secure: bool) -> None:
    """Delete a cookie set by :func:`set_framed_cookie`."""
    set_framed_cookie(response, base, "", secure=secure, max_age=0)


class TwoJars(SecureCookieSessionInterface):
    """Flask's signed session in one of two cookies: the framed one, or under ``/admin`` one that stays at home.

    They never mix: what an administrator signed in to is never sent from inside somebody else's page.
    """

    framed = "lmssocial"
    admin = "lmssocial-admin"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session from the jar that belongs to the path."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        secure = bool(app.config["SESSION_COOKIE_SECURE"])
        if _is_bearer(request):
            kept: SecureCookieSession = self.session_class(
                bearer.read_state(request, serializer, _lifetime(app))
            )
            kept.jar = "bearer"  # type: ignore[attr-defined]
            return kept
        if _is_admin(request):
            raw = request.cookies.get(cookie_name(self.admin, secure=secure), "")
        else:
            raw = framed_cookie(request, self.framed, secure=secure)
        try:
            data: dict[str, Any] = serializer.loads(raw, max_age=_lifetime(app)) if raw else {}
        except BadSignature:
            data = {}
        opened: SecureCookieSession = self.session_class(data)
        opened.jar = "admin" if _is_admin(request) else "framed"  # type: ignore[attr-defined]
        return opened

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Write the session back into its jar if anything changed."""
        if getattr(session, "jar", "framed") == "bearer":
            self._save_for_bearer(app, session, response)
            return
        if session.accessed:
            response.vary.add("Cookie")
        if not session.modified:
            return
        secure = bool(app.config["SESSION_COOKIE_SECURE"])
        serializer = self.get_signing_serializer(app)
        value = serializer.dumps(dict(session)) if serializer is not None and session else ""
        max_age = _lifetime(app) if session else 0
        if getattr(session, "jar", "framed") == "framed":
            set_framed_cookie(response, self.framed, str(value), secure=secure, max_age=max_age)
        else:
            response.set_cookie(
                cookie_name(self.admin, secure=secure), str(value), max_age=max_age, path="/", secure=secure,
                httponly=True, samesite="Strict",
            )  # fmt: skip

    def _save_for_bearer(self, app: Flask, session: Any, response: Response) -> None:
        """The same for a request that carries its sign-in in a header: no cookie is set."""
        response.vary.add("Authorization")
        serializer = self.get_signing_serializer(app)
        if session.modified and serializer is not None:
            bearer.write_state(response, serializer, dict(session))
        bearer.tell_onward(current, response)


def salt_of(text: str) -> str:
    """A short stable name for something that must not stand in a cookie's name in full."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_admin(request: Request) -> bool:
    return request.path == ADMIN_PATH or request.path.startswith(ADMIN_PATH + "/")


def _is_bearer(request: Request) -> bool:
    return bool(bearer.token_of(request)) and not _is_admin(request)


def _lifetime(app: Flask) -> int:
    return int(app.permanent_session_lifetime.total_seconds())
