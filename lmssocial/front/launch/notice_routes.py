"""Where platforms bring notices: no browser, no sign-in, only what they signed (Platform Notification Service 1.0)."""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from lmssocial.core.db import unit_of_work
from lmssocial.front.launch.keys import platform_keys
from lmssocial.lms.identity import notices as rows
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.lti.notices import read_notice
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.lms.lti.signed import FindKey
from lmssocial.web import scope
from lmssocial.web.errors import new_reference

bp = Blueprint("notices", __name__, url_prefix="/lti")
log = structlog.get_logger(__name__)

MAX_BODY = 1_000_000
"""Bytes of one request; a notice has one to three thousand."""
MAX_NOTICES = 100
"""Notices in one request; Canvas sends no more at a time."""


class _Unusable(Exception):
    """The request as a whole makes no sense."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


@bp.post("/notices/<public_key>")
def notice_create(public_key: str) -> Response:
    """Take in what a platform tells us.

    Each notice is taken or refused by itself, in a transaction of its own. The answer is a success only if all of them
    were taken, now or earlier; a platform that sends all of them again does no harm.
    """
    platform = Registrations(scope.session()).by_public_key(public_key)
    if platform is None:
        return _refuse(404, "No platform of ours has this address.")
    if not platform.enabled:
        return _refuse(403, "This platform is switched off here.")
    try:
        tokens = _tokens()
    except _Unusable as problem:
        log.warning("notices refused", registration_id=platform.registration_id, detail=str(problem))
        return _refuse(problem.status, str(problem))
    find_key = _asking_once(platform_keys().find)
    outcomes = [_take(token, platform, find_key) for token in tokens]
    status = max([200, *(int(one["status"]) for one in outcomes)])
    return make_response(jsonify(notices=outcomes), status)


def _tokens() -> list[str]:
    """The notices of the request, each as the token it is (§4.2).

    :raises _Unusable: if there are none, or too many.
    """
    request.max_content_length = MAX_BODY
    try:
        body = json.loads(request.get_data(cache=False))
    except RequestEntityTooLarge:
        raise _Unusable(413, f"More than {MAX_BODY:,} bytes at a time are not taken.") from None
    except (ValueError, RecursionError):
        raise _Unusable(400, "The body is not JSON.") from None
    listed = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise _Unusable(400, 'The body has no list called "notices".')
    if len(listed) > MAX_NOTICES:
        raise _Unusable(413, f"More than {MAX_NOTICES} notices at a time are not taken.")
    return [_token(one) for one in listed]


def _token(entry: object) -> str:
    """The token of one entry; empty, and so refused for itself, where there is none."""
    token = entry.get("jwt") if isinstance(entry, Mapping) else None
    return token if isinstance(token, str) else ""


def _take(token: str, platform: Platform, find_key: FindKey) -> dict[str, Any]:
    try:
        notice = read_notice(token, platform, find_key)
        with unit_of_work(scope.session()) as session:
            is_new = rows.take(session, notice)
    except LaunchRefused as refusal:
        reference = new_reference()
        log.warning(
            "notice refused",
            reference=reference,
            cause=refusal.cause.code,
            status=refusal.status,
            detail=refusal.detail,
            registration_id=platform.registration_id,
        )
        return {
            "outcome": "refused",
            "status": refusal.status,
            "cause": refusal.cause.code,
            "reference": reference,
        }
    if is_new:
        log.info("notice taken", kind=notice.kind, id=notice.id, registration_id=platform.registration_id)
    return {"id": notice.id, "outcome": "taken" if is_new else "seen", "status": 200}


def _asking_once(find: FindKey) -> FindKey:
    """Like ``find``, but a key that could not be found for one notice is not looked for again for the next."""
    missing: dict[str, LaunchRefused] = {}

    def found(platform: Platform, kid: str) -> RSAPublicKey:
        if kid in missing:
            raise missing[kid]
        try:
            return find(platform, kid)
        except LaunchRefused as refusal:
            missing[kid] = refusal
            raise

    return found


def _refuse(status: int, says: str) -> Response:
    return make_response(jsonify(error=says), status)
