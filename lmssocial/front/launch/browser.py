"""What a launch keeps in the browser: one secret for each login under way, one lasting token, and nothing else."""

from flask import Request, Response, current_app, request
from flask import session as cookie

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.lti.pending import VALID_FOR
from lmssocial.social.communities.scope import ONWARD
from lmssocial.web.bearer import BROWSER, browser_token
from lmssocial.web.cookies import drop_framed_cookie, framed_cookie, salt_of, set_framed_cookie

IN_FRAME = frozenset({"iframe", "frame", "embed", "object"})


def keep_login_secret(response: Response, state: str, secret: str) -> None:
    """Give the browser the secret of a login, in a cookie of its own: two frames of one page begin at once."""
    seconds = int(VALID_FOR.total_seconds())
    set_framed_cookie(response, _name(state), secret, secure=_secure(), max_age=seconds)


def login_secret(state: str) -> str:
    """The secret of the login with ``state`` that this browser keeps; empty when it sent none."""
    return framed_cookie(request, _name(state), secure=_secure())


def forget_login_secret(response: Response, state: str) -> None:
    """Take the secret back: a login ends once."""
    drop_framed_cookie(response, _name(state), secure=_secure())


def token() -> str:
    """The browser's lasting token; empty when it has kept no cookie of ours and carries none in a header."""
    return browser_token(request)


def keep_token() -> str:
    """The browser's lasting token, made now if it has none; its cookie lives on from this moment."""
    kept = str(cookie.get(BROWSER, "")) or new_token()
    cookie[BROWSER] = kept
    return kept


def onward(placement_id: int) -> str:
    """The page of a placement that this browser wanted before it was signed in, once; empty if there is none."""
    wanted = str(cookie.get(ONWARD, ""))
    if not wanted.startswith(f"/w/{placement_id}/"):
        return ""
    del cookie[ONWARD]
    return request.script_root + wanted


def is_framed(sent: Request) -> bool:
    """Whether the browser says that it shows our answer inside another page (Fetch Metadata, §2.2)."""
    return sent.headers.get("Sec-Fetch-Dest", "") in IN_FRAME


def is_top_level(sent: Request) -> bool:
    """Whether the browser says that our answer has a tab of its own. Old browsers say neither."""
    return sent.headers.get("Sec-Fetch-Dest", "") == "document"


def _name(state: str) -> str:
    return f"lmssocial-login-{salt_of(state)}"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
