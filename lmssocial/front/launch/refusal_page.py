"""The page for a login or launch that is not let in: what happened, what to do, and a reference for who can help."""

from shlex import quote

import structlog
from flask import Response, g, make_response, render_template, request

from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch import browser, traces
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.identity.refusals import NotApproved
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.lms.lti.way_back import way_back
from lmssocial.social.communities.scope import origins_of
from lmssocial.web import scope
from lmssocial.web.errors import new_reference
from lmssocial.web.security import frame_anywhere_unless_named, frame_by

log = structlog.get_logger(__name__)


def answer_refusal(refusal: LaunchRefused) -> Response:
    """Log the cause, and tell the person in words, inside their LMS; wherever they are while we do not know which one.

    Then the page says why and has nothing to press.
    """
    reference = new_reference()
    log.warning(
        "launch refused",
        reference=reference,
        status=refusal.status,
        cause=refusal.cause.code,
        detail=refusal.detail,
        registration_id=refusal.registration_id,
    )
    platform = (
        Registrations(scope.session()).by_id(refusal.registration_id) if refusal.registration_id else None
    )
    if platform is not None:
        let_lms_frame(platform)
    frame_anywhere_unless_named()
    traces.refused(refusal, reference)
    back = "" if platform is None else _way_back(platform, refusal, reference)
    body = render_template(
        "launch/refused.html",
        back_href=back,
        title=refusal.title,
        message=_without_cookies() if _cookies_are_off(refusal) else refusal.message,
        reference=reference,
        restart_url=g.get("restart_url", ""),
        in_new_tab=not _cookies_are_off(refusal),
        to_approve=refusal if isinstance(refusal, NotApproved) else None,
        approve_command=_approve_command(refusal) if isinstance(refusal, NotApproved) else "",
    )
    response = make_response(body, refusal.status)
    if refusal.status == causes.KEYS_UNAVAILABLE.status:
        response.headers["Retry-After"] = "60"
    return response


def let_lms_frame(platform: Platform) -> None:
    """Let whatever this request ends with be shown inside ``platform``."""
    frame_by(*_origins(platform))


def _origins(platform: Platform) -> tuple[str, ...]:
    added = {"origins": platform.frame_origins}
    return origins_of(platform.issuer, platform.auth_login_url, added)


def _way_back(platform: Platform, refusal: LaunchRefused, reference: str) -> str:
    """Back to the LMS, which is told what happened; empty before a verified token has said where that is."""
    return way_back(
        g.get("return_url", ""), _origins(platform), errormsg=refusal.title, errorlog=f"reference {reference}"
    )


def _approve_command(refusal: NotApproved) -> str:
    """What to type; quoted, because the LMS chose the deployment's name and somebody will paste it into a shell."""
    return f"lmssocial platforms approve {refusal.registration_id} --deployment-id {quote(refusal.deployment_id)}"


def _cookies_are_off(refusal: LaunchRefused) -> bool:
    """Whether the cookie is missing although nobody frames us: a new tab would not help."""
    return refusal.cause is causes.COOKIE_MISSING and browser.is_top_level(request)


def _without_cookies() -> str:
    return _(
        "We need one cookie to know that it was you who opened this activity, and your browser refused it. "
        "Allow cookies for %(site)s in its settings, then try again.",
        site=request.host,
    )
