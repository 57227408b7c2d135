"""Headers on every answer: a strict content security policy, and who may frame the page."""

from urllib.parse import urlsplit

from flask import Flask, Response, g

NOBODY = ("'none'",)
SEPARATORS = frozenset(" ;,'\"")
"""No host is called so, and in a policy they would begin something new."""


def frame_by(*origins: str) -> None:
    """Let pages of these origins frame this answer; without this call nobody may."""
    g.frame_ancestors = tuple(dict.fromkeys(origins))


def frame_anywhere_unless_named() -> None:
    """Let anybody frame this answer, unless somebody was named who may: only for pages that hold no data and no forms.

    A browser that may not frame a page shows "refused to connect" in its place, and whoever sits before the LMS never
    reads what happened.
    """
    if not g.get("frame_ancestors"):
        frame_by("*")


def post_also_to(origin: str) -> None:
    """Let forms of what is put into this page be sent to ``origin`` too."""
    g.form_targets = (*g.get("form_targets", ("'self'",)), origin)


def post_only_to(origin: str) -> None:
    """Let forms on this page be sent to ``origin`` and not to us; needed only to answer a deep-linking request."""
    g.form_targets = (origin,)


def origin_of(url: str) -> str:
    """The origin of ``url``, as a content security policy names it; empty if it has none."""
    parts = urlsplit(url)
    is_plain = bool(parts.netloc) and not set(parts.netloc) & SEPARATORS
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and is_plain else ""


def policy(frame_ancestors: tuple[str, ...], form_targets: tuple[str, ...], pictures_from: str = "") -> str:
    """The content security policy: our own files and nothing else, no inline anything; pictures from anywhere safe.

    :param pictures_from: an origin without https that has pictures, too.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: https: {pictures_from}".strip(),
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": " ".join(form_targets or ("'self'",)),
        "frame-ancestors": " ".join(frame_ancestors),
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


def init_app(app: Flask, *, secure: bool, pictures_from: str = "") -> None:
    """Send the headers with every answer.

    :param pictures_from: the origin where attached pictures are, if browsers load them from there.
    """
    unsafe = pictures_from if pictures_from.startswith("http://") else ""

    @app.after_request
    def protect(response: Response) -> Response:
        ancestors = g.get("frame_ancestors") or NOBODY
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy(ancestors, g.get("form_targets", ()), unsafe))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if ancestors == NOBODY:
            headers.setdefault("X-Frame-Options", "DENY")
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.mimetype == "text/html":
            headers.setdefault("Cache-Control", "no-store")
        return response
