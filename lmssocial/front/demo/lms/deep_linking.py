"""Deep Linking 2.0 on the platform's side: the tool's answer becomes activities in a week of the course."""

import time
from typing import Any

import jwt
from flask import Blueprint, render_template, request

from lmssocial.front.demo.lms.activities import Activity, new_activity_id, place
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.grade_payloads import Unreadable, read_line_item
from lmssocial.front.demo.lms.gradebook import open_column
from lmssocial.front.demo.lms.launches import Selection, take_selection
from lmssocial.front.demo.lms.messages import DEEP_LINKING, LTI
from lmssocial.front.demo.lms.store import first_time, together
from lmssocial.front.demo.lms.tool_keys import KeyMissing
from lmssocial.front.demo.lms.tools import Tool, find_tool

bp = Blueprint("deep_linking", __name__)

LEEWAY = 30


class NotPlaced(Exception):
    """An answer that cannot be used; the message says why."""


@bp.post("/lti/deep-linking/return")
def content_return() -> str:
    """Verify the tool's answer and place what it holds; the page leads the whole window back to the course."""
    tool, claims = _proven(request.form.get("JWT", ""))
    db = database()
    # Items are read before the request is used up: after a broken answer the person can choose again.
    items = [_read_item(item) for item in _items(claims)]
    with together(db):
        selection = _selection(tool, claims)
        for item, line_item in items:
            activity = _placed(tool, selection, item)
            place(db, activity)
            if line_item is not None:
                open_column(db, tool.client_id, {**line_item, "activity_id": activity.id})
    return render_template(
        "demo/content_return.html",
        week=campus().week(selection.week),
        titles=[item["title"] for item, _ in items],
        said=str(claims.get(f"{DEEP_LINKING}msg") or claims.get(f"{DEEP_LINKING}errormsg") or ""),
    )


def _proven(answer: str) -> tuple[Tool, dict[str, Any]]:
    """The tool and the claims of its answer, after every check of Deep Linking 2.0 §4.5 and Security §5.2."""
    try:
        claimed = jwt.decode(answer, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError as error:
        raise NotPlaced("The tool's answer is not a JSON Web Token.") from error
    tool = find_tool(database(), claimed) if isinstance(claimed, str) else None
    if tool is None:
        raise NotPlaced("The answer comes from a tool that is not registered here.")
    try:
        claims: dict[str, Any] = jwt.decode(
            answer,
            campus().tool_keys.key_of(answer, tool.jwks_url),
            algorithms=["RS256"],
            audience=campus().issuer,
            issuer=tool.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "iat", "exp", "nonce"]},
        )
    except (jwt.InvalidTokenError, KeyMissing) as error:
        raise NotPlaced(f"The tool's answer is refused: {error}") from error
    expected = {
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": tool.deployment_id,
    }
    for name, value in expected.items():
        if claims.get(name) != value:
            raise NotPlaced(f"{name.removeprefix(LTI)} of the tool's answer must be {value}.")
    return tool, claims


def _selection(tool: Tool, claims: dict[str, Any]) -> Selection:
    """The request this answers; each nonce and each request count once."""
    db = database()
    now = int(time.time())
    nonce, expires = str(claims["nonce"]), int(claims["exp"]) + LEEWAY
    if not first_time(db, tool.client_id, "deep_linking", nonce, now=now, expires_at=expires):
        raise NotPlaced("This answer (nonce) was used before.")
    selection = take_selection(db, str(claims.get(f"{DEEP_LINKING}data", "")), tool.client_id)
    if selection is None:
        raise NotPlaced("The request this answers is unknown, answered already or over.")
    return selection


def _items(claims: dict[str, Any]) -> list[Any]:
    items = claims.get(f"{DEEP_LINKING}content_items", [])
    if not isinstance(items, list):
        raise NotPlaced("content_items must be a list.")
    return items


def _read_item(item: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A content item and its line item, if it brings one (Deep Linking 2.0 §3.3)."""
    if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
        raise NotPlaced("Only items of the type ltiResourceLink were asked for.")
    custom = item.get("custom") or {}
    if not isinstance(custom, dict):
        raise NotPlaced("custom must be an object.")
    read = {
        "title": str(item.get("title") or "Activity")[:200],
        "text": str(item.get("text") or "")[:2000],
        "url": str(item.get("url") or ""),
        "custom": {str(name): str(value) for name, value in custom.items()},
    }
    sent = item.get("lineItem")
    if sent is None:
        return read, None
    usual = {"label": read["title"], "endDateTime": _due(item)}
    try:
        return read, read_line_item({**usual, **sent} if isinstance(sent, dict) else sent)
    except Unreadable as error:
        raise NotPlaced(f"lineItem: {error}") from error


def _due(item: dict[str, Any]) -> Any:
    """Until when learners hand something in (§3.2), which is what the gradebook says of the column."""
    submission = item.get("submission")
    return submission.get("endDateTime") if isinstance(submission, dict) else None


def _placed(tool: Tool, selection: Selection, item: dict[str, Any]) -> Activity:
    return Activity(id=new_activity_id(), client_id=tool.client_id, week=selection.week, **item)
