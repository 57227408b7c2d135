"""What every page of the academy has: one address, a form token, a Content-Security-Policy, a person."""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from lmssocial.front.demo.cast import Part, Person
from lmssocial.front.demo.lms.campus import campus, database, signed_in
from lmssocial.front.demo.lms.tools import all_tools

Asked = ParamSpec("Asked")
Page = str | AnyResponse | tuple[str, int]
OUTSIDE = "/lti/"
"""Below this path tools and browsers on their way between sites speak; messages there are signed instead."""


def install(app: Flask) -> None:
    """Put the guards in front of every view of ``app`` and the headers behind it."""
    app.before_request(_named_client)
    app.before_request(_one_address)
    app.before_request(_form_token_is_right)
    app.after_request(_headers)
    app.add_template_global(form_token)


def form_token() -> str:
    """The token that every form of this browser carries."""
    if "form_token" not in session:
        session["form_token"] = secrets.token_urlsafe(24)
    return str(session["form_token"])


def may_frame(origin: str) -> None:
    """Let this one page frame ``origin`` beside the registered tools."""
    g.setdefault("frames", set()).add(origin)


def me() -> Person:
    """Who this browser is; only called behind :func:`for_parts`."""
    person = signed_in()
    if person is None:
        abort(401)
    return person


def for_parts(*parts: Part) -> Callable[[Callable[Asked, Page]], Callable[Asked, Page]]:
    """Let only people with one of ``parts`` see a page (everybody who chose a person, if none is named)."""

    def guarded(view: Callable[Asked, Page]) -> Callable[Asked, Page]:
        @wraps(view)
        def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Page:
            person = signed_in()
            if person is None:
                return redirect(url_for("people.front"), 303)
            if parts and person.part not in parts:
                abort(403, f"{person.name} may not do this here.")
            return view(*args, **kwargs)

        return answer

    return guarded


def _named_client() -> None:
    """Where the platform minds, refuse whoever does not say who they are."""
    if campus().quirks.needs_user_agent and not request.headers.get("User-Agent"):
        abort(403, "A User-Agent header is needed.")


def _one_address() -> AnyResponse | None:
    """Bring browsers that came by another name, such as 127.0.0.1, to the issuer's: cookies belong to one host."""
    here = campus().issuer
    if request.method == "GET" and not request.path.startswith(OUTSIDE) and request.host_url != f"{here}/":
        return redirect(here + request.full_path.removesuffix("?"), 302)
    return None


def _form_token_is_right() -> None:
    if request.method != "POST" or request.path.startswith(OUTSIDE):
        return
    expected = str(session.get("form_token", ""))
    if not expected or not hmac.compare_digest(expected, request.form.get("form_token", "")):
        abort(
            400, "This page was open for too long or belongs to another person by now. Go back and reload it."
        )


def _headers(response: Response) -> Response:
    tools = {origin for tool in all_tools(database()) for origin in tool.origins}
    frames = " ".join(sorted(tools | g.get("frames", set())))
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"frame-src 'self' {frames}; form-action 'self' {' '.join(sorted(tools))}; "
        "frame-ancestors 'self'; base-uri 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
