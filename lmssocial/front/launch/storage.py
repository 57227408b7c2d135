"""A login whose secret the LMS keeps, because the browser keeps no cookie of ours in its frame.

LTI Client Side postMessages 1.0 and LTI Platform Storage 0.1: our page asks the LMS's page to keep the secret of one
login, and asks for it when the login comes back. Whether the browser got the secret back is decided here, by the same
comparison that a cookie meets; what its script says about frames and origins decides nothing.
"""

from dataclasses import dataclass

from flask import Request, Response, make_response, render_template

from lmssocial.front.launch import refusal_page
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.lti import pending
from lmssocial.lms.lti.library import Parameters
from lmssocial.lms.lti.login import Departure
from lmssocial.lms.lti.pending import LoginRequest
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.profiles import profile_of
from lmssocial.web import scope
from lmssocial.web.cookies import salt_of
from lmssocial.web.security import origin_of, post_also_to

SECRET = "X-Launch-Secret"  # noqa: S105 -- a name
"""The header in which our page's script sends what the LMS kept. No page of another site can send it: a browser asks us
first (CORS), and we never agree. So nobody finishes their own login in somebody else's browser."""
PARENT = "_parent"
"""The name of a target frame that means the page around us (Platform Storage 0.1 §2)."""

FAILURES = frozenset({"silent", "origin", "error", "value", "unsupported", "frame", "scripts"})
"""What our script may say about a frame that did not keep the secret; for the log only."""
_ANSWER = ("state", "id_token", "error", "error_description")


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """The frame that keeps the secret of one login, as our page's script has to know it."""

    target: str
    """The name of a frame beside ours, or ``_parent``."""
    origins: tuple[str, ...]
    """Whom the secret may be told, and whose answers are believed."""
    key: str
    """What it is kept under; another one for each login."""


def frame_of(platform: Platform, asked: LoginRequest) -> str:
    """The frame of the LMS that keeps data: the one it named, else what is known of the product; empty for none."""
    named = asked.storage_target
    if named and named.isprintable():
        return named
    profile = profile_of(platform.family, platform.issuer)
    return (profile.storage_frame or PARENT) if profile.keeps_data else ""


def failure_of(request: Request) -> str:
    """Why our script gave up; empty if it did not."""
    failure = request.args.get("storage", "")
    return failure if failure in FAILURES else ("error" if failure else "")


def keeping_page(departure: Departure, frame: str, otherwise: str) -> Response:
    """The page that has the secret kept and goes on to the LMS; or on to ``otherwise`` if that fails."""
    body = render_template(
        "launch/storage_keep.html",
        keeper=_keeper(departure.platform, departure.secrets.state, frame),
        secret=departure.secrets.browser,
        onward=departure.url,
        otherwise=otherwise,
    )
    return make_response(body)


def fetching_page(state: str, parameters: Parameters) -> Response | None:
    """The page that gets the secret and sends the answer of the LMS once more; ``None`` if no LMS keeps one.

    The login is not taken by this. It is when the page's script comes back, with the secret or without it.
    """
    stored = pending.stored(scope.session(), state) if state else None
    platform = None if stored is None else Registrations(scope.session()).by_id(stored.registration_id)
    if stored is None or platform is None:
        return None
    refusal_page.let_lms_frame(platform)
    for origin in origins_of(platform):
        post_also_to(
            origin
        )  # the pages that follow are put into this one, so its policy holds for the picker's form
    body = render_template(
        "launch/storage_fetch.html",
        keeper=_keeper(platform, state, stored.storage_target),
        fields={name: parameters.get_param(name) for name in _ANSWER if parameters.get_param(name)},
    )
    return make_response(body)


def secret_of(request: Request) -> str | None:
    """What the script got from the LMS, empty if it got nothing; ``None`` if it was not our script that asks."""
    return request.headers.get(SECRET)


def origins_of(platform: Platform) -> tuple[str, ...]:
    """Whom a secret may be told: the origin of the login address (§3.1), and those an administrator added."""
    return tuple(dict.fromkeys((origin_of(platform.auth_login_url), *platform.frame_origins)))


def _keeper(platform: Platform, state: str, frame: str) -> Keeper:
    return Keeper(target=frame, origins=origins_of(platform), key=f"lmssocial-{salt_of(state)}")
