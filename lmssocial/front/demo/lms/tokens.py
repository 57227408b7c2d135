"""The token endpoint: client credentials proven by a signed assertion (Security Framework 1.0 §4.1, RFC 7523)."""

import hashlib
import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

import jwt
from flask import Blueprint, Response, jsonify, request

from lmssocial.core.kernel import clock
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.store import first_time
from lmssocial.front.demo.lms.tool_keys import KeyMissing
from lmssocial.front.demo.lms.tools import Tool, find_tool

bp = Blueprint("tokens", __name__)

TOKEN_PATH = "/lti/token"  # noqa: S105  # an address, not a secret
TOKEN_LIFE = 3600
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = 3600
"""Seconds an assertion may be valid at most; longer ones would have to be remembered for longer."""
MEMORY = 60
"""Seconds that a used assertion is remembered after its end: more than two clocks may differ."""


class TokenRefused(Exception):
    """A token request or a token that is not good (RFC 6749 §5.2, RFC 6750 §3.1)."""

    def __init__(self, error: str, description: str, status: int) -> None:
        """:param error: the registered code; ``status`` is the HTTP status to answer with."""
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@bp.post(TOKEN_PATH)
def token_create() -> Response:
    """Give the tool a bearer token for the scopes it asked for and may have."""
    db = database()
    if request.form.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials.", 400)
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.", 400)
    tool = proven_tool(db, request.form.get("client_assertion", ""))
    asked = request.form.get("scope", "").split()
    granted = [scope for scope in asked if scope in tool.scopes]
    if not granted or (campus().quirks.strict_scopes and granted != asked):
        raise TokenRefused("invalid_scope", "None of the scopes asked for is open to this tool.", 400)
    token = secrets.token_urlsafe(32)
    now = _now()
    db.execute("DELETE FROM access_token WHERE expires_at < ?", (now,))
    db.execute(
        "INSERT INTO access_token VALUES (?, ?, ?, ?)",
        (_hash(token), tool.client_id, " ".join(granted), now + TOKEN_LIFE),
    )
    answer = jsonify(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE,
            "scope": " ".join(granted),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def proven_tool(db: sqlite3.Connection, assertion: str) -> Tool:
    """The tool that signed ``assertion``: addressed to us, in time, and never seen before.

    :raises TokenRefused: naming the first thing that is wrong.
    """
    try:
        claimed = jwt.decode(assertion, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid_client", "client_assertion is not a JSON Web Token.", 401) from error
    tool = find_tool(db, claimed) if isinstance(claimed, str) else None
    if tool is None:
        raise TokenRefused("invalid_client", "No tool with this client_id is registered here.", 401)
    try:
        claims = jwt.decode(
            assertion,
            campus().tool_keys.key_of(assertion, tool.jwks_url),
            algorithms=["RS256"],
            audience=campus().quirks.token_audience or campus().address(TOKEN_PATH),
            issuer=tool.client_id,
            options={
                "require": ["iss", "sub", "aud", "iat", "exp", "jti"],
                "verify_iat": False,  # times are compared below, by our own clock
                "verify_exp": False,
            },
        )
        _in_time(claims)
    except (jwt.InvalidTokenError, KeyMissing) as error:
        raise TokenRefused("invalid_client", f"client_assertion is refused: {error}", 401) from error
    if campus().quirks.single_audience and not isinstance(claims["aud"], str):
        raise TokenRefused("invalid_client", "aud must be one text.", 400)
    if claims["sub"] != tool.client_id:
        raise TokenRefused("invalid_client", "sub must be the client_id, like iss.", 401)
    if claims["exp"] - claims["iat"] > ASSERTION_LIFE:
        raise TokenRefused("invalid_client", "An assertion may be valid for one hour at most.", 401)
    now = _now()
    if not first_time(
        db, tool.client_id, "assertion", str(claims["jti"]), now=now, expires_at=int(claims["exp"]) + MEMORY
    ):
        raise TokenRefused("invalid_client", "This assertion (jti) was used before.", 401)
    return tool


def _in_time(claims: Mapping[str, Any]) -> None:
    """Whether an assertion is good at this moment.

    :raises jwt.InvalidTokenError: if its time is over or has not come.
    """
    issued, expires, now = claims["iat"], claims["exp"], _now()
    if not all(isinstance(moment, int | float) for moment in (issued, expires)):
        raise jwt.InvalidTokenError("iat and exp must be numbers")
    if issued > now + campus().quirks.leeway:
        raise jwt.ImmatureSignatureError("The token is not yet valid (iat)")
    if expires <= now - campus().quirks.leeway:
        raise jwt.ExpiredSignatureError("Signature has expired")


def bearer(*scopes: str) -> Tool:
    """The tool that makes this service request.

    :param scopes: any one of these is enough.
    :raises TokenRefused: 401 without a good token, 403 when the token lacks the scope (RFC 6750 §3.1).
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    db = database()
    row = db.execute(
        "SELECT * FROM access_token WHERE token_hash = ? AND expires_at >= ?",
        (_hash(token), _now()),
    ).fetchone()
    tool = find_tool(db, row["client_id"]) if row else None
    if kind.lower() != "bearer" or row is None or tool is None:
        raise TokenRefused("invalid_token", "A bearer token from the token endpoint is needed.", 401)
    if not set(scopes) & set(row["scopes"].split()):
        raise TokenRefused("insufficient_scope", f"This needs the scope {' or '.join(scopes)}.", 403)
    return tool


def refusal_answer(refusal: TokenRefused) -> Response:
    """The refusal as JSON, with the challenge that RFC 6750 §3 asks for."""
    answer = jsonify(error=refusal.error, error_description=refusal.description)
    answer.status_code = refusal.status
    if refusal.status in {401, 403}:
        answer.headers["WWW-Authenticate"] = f'Bearer error="{refusal.error}"'
    return answer


def _now() -> int:
    return int(clock.now().timestamp())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
