"""Sign-ins of browsers that keep no cookie of ours in a frame: a token in a header (decision 26).

The page's script sends the token with every request to our own origin, and beside it what a cookie would have kept
(the notices of the page before, for example), signed by us. Such a request neither reads nor sets a cookie.
"""

from typing import Any

from flask import Request, Response
from flask import session as cookie
from itsdangerous import BadSignature, URLSafeTimedSerializer

BROWSER = "browser"
"""The key in the session cookie under which the browser's random token stands."""
STATE = "X-Frame-State"
"""The header that carries, both ways, what a cookie would keep."""
WALK = "X-Frame-Walk"
"""The header of a request whose answer becomes the page; its redirects are told, see :func:`tell_onward`."""
ONWARD = "X-Frame-Onward"
"""The header that tells where to go on."""

_SCHEME = "bearer "
_LONGEST = 100
"""Characters of a token; ours have 43."""


def token_of(request: Request) -> str:
    """The token a request carries in its header; empty if it carries none."""
    sent = request.headers.get("Authorization", "")
    token = sent[len(_SCHEME) :].strip() if sent[: len(_SCHEME)].lower() == _SCHEME else ""
    return token if len(token) <= _LONGEST else ""


def as_browser(token: str) -> str:
    """The name under which a bearer's sign-in is kept: never that of a cookie, whatever the token is."""
    return f"bearer:{token}"


def browser_token(request: Request) -> str:
    """What names the browser of ``request``: its header if it has one, else its cookie; empty for neither."""
    token = token_of(request)
    return as_browser(token) if token else str(cookie.get(BROWSER, ""))


def read_state(request: Request, serializer: URLSafeTimedSerializer, max_age: int) -> dict[str, Any]:
    """What the header keeps in a cookie's place; nothing if it is not ours or too old.

    :param max_age: seconds it is good for.
    """
    raw = request.headers.get(STATE, "")
    try:
        data = serializer.loads(raw, max_age=max_age, salt=STATE) if raw else {}
    except BadSignature:
        data = {}
    return data if isinstance(data, dict) else {}


def write_state(response: Response, serializer: URLSafeTimedSerializer, data: dict[str, Any]) -> None:
    """Send back what changed."""
    response.headers[STATE] = str(serializer.dumps(data, salt=STATE))


def tell_onward(request: Request, response: Response) -> None:
    """Turn a redirect into an answer that names its goal.

    A script that follows a redirect sees neither the headers of the first answer nor a goal on another origin.
    """
    location = response.headers.get("Location", "")
    if WALK not in request.headers or not 300 <= response.status_code < 400 or not location:
        return
    response.headers[ONWARD] = location
    del response.headers["Location"]
    response.status_code = 204
    response.set_data(b"")
