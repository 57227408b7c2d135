"""Platform Notification Service 1.0: tools say which notices they want, and are sent them."""

import secrets
import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from lmssocial.core.kernel import clock
from lmssocial.core.outbound import Reply
from lmssocial.front.demo.lms.campus import Campus, database
from lmssocial.front.demo.lms.messages import LTI
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import NOTICES_SCOPE, Tool, origin_of

bp = Blueprint("notices", __name__)

TYPES = ("LtiHelloWorldNotice", "LtiContextCopyNotice")
LIFETIME = 300
"""Seconds a notice is good for."""


@bp.route("/lti/notices/<deployment_id>", methods=["GET", "PUT"])
def handlers(deployment_id: str) -> Response:
    """What the tool is sent, and where to; PUT changes one type, and an empty handler ends it (§3)."""
    tool = bearer(NOTICES_SCOPE)
    if deployment_id != tool.deployment_id:
        abort(404, "There is no such deployment of this tool.")
    if request.method == "PUT":
        sent = request.get_json(force=True)
        kind, handler = (sent.get("notice_type"), sent.get("handler")) if isinstance(sent, dict) else ("", "")
        if kind not in TYPES or not isinstance(handler, str):
            abort(400, f"notice_type must be one of {', '.join(TYPES)}, and handler a text.")
        if handler and origin_of(handler) != tool.origin:
            abort(400, "handler must be on the tool's own domain.")
        _note(database(), tool, kind, handler)
    listed = [{"notice_type": kind, "handler": where} for kind, where in wanted(database(), tool).items()]
    return jsonify(client_id=tool.client_id, deployment=tool.deployment_id, notice_handlers=listed)


def wanted(db: sqlite3.Connection, tool: Tool) -> dict[str, str]:
    """Where each type of notice goes that the tool asked for."""
    rows = db.execute("SELECT * FROM notice_handler WHERE client_id = ?", (tool.client_id,))
    return {row["notice_type"]: row["handler"] for row in rows}


def notice(
    here: Campus, tool: Tool, kind: str, said: dict[str, Any], *, notice_id: str = "", **claims: Any
) -> str:
    """A notice as it is sent: a signed token (§4.2).

    :param said: what the claim of this notice's type says, by claim name.
    :param claims: in place of the usual ones.
    """
    now = int(clock.now().timestamp())
    return here.key.sign(
        {
            "iss": here.issuer,
            "aud": tool.client_id,
            "iat": now,
            "exp": now + LIFETIME,
            "nonce": secrets.token_urlsafe(18),
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": tool.deployment_id,
            f"{LTI}notice": {
                "id": notice_id or secrets.token_urlsafe(12),
                "timestamp": clock.now().isoformat(timespec="seconds"),
                "type": kind,
            },
            **said,
            **claims,
        }
    )


def copied_from(here: Campus, origins: list[str], course_id: str = "") -> dict[str, Any]:
    """What a notice says of a course that was copied (Context Copy Notice 1.0)."""
    return {
        f"{LTI}context": {"id": course_id or here.cast.course_id, "title": here.cast.title},
        f"{LTI}origin_contexts": origins,
    }


def send(here: Campus, handler: str, *tokens: str) -> Reply:
    """Post notices to a tool (§4.1).

    :raises OutboundError: if it does not take them.
    """
    return here.outbound.post_json(handler, {"notices": [{"jwt": token} for token in tokens]}, lenient=True)


def _note(db: sqlite3.Connection, tool: Tool, kind: str, handler: str) -> None:
    if not handler:
        db.execute(
            "DELETE FROM notice_handler WHERE client_id = ? AND notice_type = ?", (tool.client_id, kind)
        )
        return
    db.execute(
        """INSERT INTO notice_handler VALUES (?, ?, ?)
           ON CONFLICT (client_id, notice_type) DO UPDATE SET handler = excluded.handler""",
        (tool.client_id, kind, handler),
    )
