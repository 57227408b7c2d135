"""Dynamic registration 1.0: a tool that got our configuration address registers itself."""

import secrets
import sqlite3
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.tokens import TOKEN_PATH
from lmssocial.front.demo.lms.tools import SCOPES, Tool, new_client_id, save_tool

bp = Blueprint("registration", __name__)

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
TOKEN_LIFE = 3600


class Unregistrable(Exception):
    """A registration request that cannot be accepted; the message is the ``error_description``."""


def registration_address(db: sqlite3.Connection, tool_link: str) -> str:
    """``tool_link`` with our configuration address and a fresh one-time token (Dynamic Registration 1.0 §3.3)."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO registration_token VALUES (?, ?)", (token_hash(token), int(time.time()) + TOKEN_LIFE)
    )
    query = urlencode(
        {
            "openid_configuration": campus().address("/.well-known/openid-configuration"),
            "registration_token": token,
        }
    )
    return f"{tool_link}{'&' if urlsplit(tool_link).query else '?'}{query}"


@bp.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """What this platform offers (§3.4)."""
    here = campus()
    return jsonify(
        {
            "issuer": here.issuer,
            "authorization_endpoint": here.address("/lti/authorize"),
            "token_endpoint": here.address(TOKEN_PATH),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": here.address("/lti/jwks.json"),
            "registration_endpoint": here.address("/lti/registrations"),
            "scopes_supported": ["openid", *SCOPES],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email", "locale"],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": here.quirks.family,
                "version": "1",
                "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
                "variables": [
                    "Context.id",
                    "Context.title",
                    "Context.id.history",
                    "ResourceLink.id",
                    "ResourceLink.id.history",
                    "ResourceLink.title",
                    "User.id",
                    "User.username",
                ],
            },
        }
    )


@bp.post("/lti/registrations")
def registration_create() -> Response:
    """Register the tool that shows a good token, once (§3.5, §3.6)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    asked = request.get_json(force=True)
    tool = _tool(asked)
    taken = (
        database()
        .execute(
            "DELETE FROM registration_token WHERE token_hash = ? AND expires_at >= ? RETURNING token_hash",
            (token_hash(token), int(time.time())),
        )
        .fetchone()
    )
    if taken is None:
        abort(401, "The registration token is unknown, used or older than an hour.")
    save_tool(database(), tool)
    answer = {
        **asked,
        "client_id": tool.client_id,
        "scope": " ".join(tool.scopes),
        TOOL: {**asked[TOOL], "deployment_id": tool.deployment_id},
    }
    response = jsonify(answer)
    response.status_code = 201
    return response


def _tool(asked: Any) -> Tool:
    if not isinstance(asked, dict) or not isinstance(asked.get(TOOL), dict):
        raise Unregistrable(f"The request must be an object with {TOOL}.")
    if asked.get("token_endpoint_auth_method") != "private_key_jwt":
        raise Unregistrable("token_endpoint_auth_method must be private_key_jwt.")
    redirect_uris = asked.get("redirect_uris")
    if not isinstance(redirect_uris, list) or not redirect_uris:
        raise Unregistrable("redirect_uris must be a list of addresses.")
    scope = str(asked.get("scope", "")).split()
    return Tool(
        client_id=new_client_id(),
        deployment_id=secrets.token_hex(4),
        name=str(asked.get("client_name", ""))[:80] or "Unnamed tool",
        login_url=_address(asked.get("initiate_login_uri"), "initiate_login_uri"),
        launch_url=_address(asked[TOOL].get("target_link_uri"), "target_link_uri"),
        redirect_uris=tuple(_address(uri, "redirect_uris") for uri in redirect_uris),
        jwks_url=_address(asked.get("jwks_uri"), "jwks_uri"),
        scopes=tuple(one for one in SCOPES if one in scope),
    )


def _address(value: object, name: str) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise Unregistrable(f"{name} must be an address.")
    return str(value)
