"""OpenID Connect on the platform's side: a click begins a login, the authorization endpoint answers with an id_token.

Security Framework 1.0 §5.1.1: third-party initiated login, implicit flow, ``form_post``, ``prompt=none``.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from lmssocial.front.demo.cast import Person
from lmssocial.front.demo.lms import messages
from lmssocial.front.demo.lms.activities import find_activity
from lmssocial.front.demo.lms.campus import campus, database, signed_in
from lmssocial.front.demo.lms.gradebook import column_of
from lmssocial.front.demo.lms.launches import Launch, begin_selection, take
from lmssocial.front.demo.lms.tools import Tool, find_tool

bp = Blueprint("authorization", __name__)

_FIXED = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
"""Parameters that have one value only (Security Framework 1.0 §5.1.1.2)."""


class Refused(Exception):
    """An authorization request that is answered with an error (OpenID Connect Core §3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        """:param error: the registered code; ``description`` says it for developers."""
        super().__init__(description)
        self.error = error
        self.description = description


def login_form(tool: Tool, launch: Launch, person: Person, target_link_uri: str) -> str:
    """The page that sends the browser to the tool's login address, at once or by its button."""
    fields = {
        "iss": campus().issuer,
        "login_hint": person.sub,
        "target_link_uri": target_link_uri,
        "lti_message_hint": launch.hint,
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }
    return render_template("demo/onward.html", action=tool.login_url, fields=fields, tool=tool)


@bp.get("/lti/jwks.json")
def jwks() -> Response:
    """The platform's public keys."""
    return jsonify(campus().key.jwks())


@bp.route("/lti/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Answer a tool's authorization request with a signed message, or with an error it can show."""
    asked = request.values
    tool = find_tool(database(), asked.get("client_id", ""))
    redirect_uri = asked.get("redirect_uri", "")
    if tool is None:
        return _stop("No tool with this client_id is registered here.")
    if redirect_uri not in tool.redirect_uris:
        return _stop(f"The redirect_uri {redirect_uri!r} is not one that {tool.name} registered.")
    try:
        answer = {"id_token": campus().key.sign(_claims(tool, asked.to_dict()))}
    except Refused as refusal:
        answer = {"error": refusal.error, "error_description": refusal.description}
    if "state" in asked:
        answer["state"] = asked["state"]
    response = make_response(
        render_template("demo/onward.html", action=redirect_uri, fields=answer, tool=tool)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _claims(tool: Tool, asked: dict[str, str]) -> dict[str, Any]:
    for name, value in _FIXED.items():
        if asked.get(name) != value:
            raise Refused("invalid_request", f"{name} must be {value}.")
    if not asked.get("nonce"):
        raise Refused("invalid_request", "nonce is missing.")
    person = signed_in()
    if person is None:
        raise Refused("login_required", "Nobody is signed in to Northfield Academy in this browser.")
    if asked.get("login_hint") != person.sub:
        raise Refused("login_required", "Somebody else is signed in to Northfield Academy by now.")
    launch = take(database(), asked.get("lti_message_hint", ""), person=person.key, client_id=tool.client_id)
    if launch is None:
        raise Refused("invalid_request", "lti_message_hint is unknown, used or older than ten minutes.")
    return {**_message(tool, person, launch), "nonce": asked["nonce"]}


def _message(tool: Tool, person: Person, launch: Launch) -> dict[str, Any]:
    db = database()
    if launch.activity_id is None:
        selection = begin_selection(db, person.key, tool.client_id, launch.week or 1)
        return messages.deep_linking_request(campus(), tool, person, launch, selection)
    activity = find_activity(db, launch.activity_id)
    if activity is None:
        raise Refused("invalid_request", "The activity was removed from the course.")
    column = column_of(db, activity.id)
    request_of = messages.submission_review_request if launch.review_of else messages.resource_link_request
    return request_of(campus(), tool, person, launch, activity, column)


def _stop(sentence: str) -> Response:
    """Say it on a page of our own: an unproven redirect_uri is sent nothing (RFC 6749 §4.1.2.1)."""
    return make_response(
        render_template("demo/problem.html", heading="This launch cannot go on", text=sentence), 400
    )
