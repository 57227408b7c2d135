"""The administrator's page: how this platform and its tools know each other, and how another tool is added."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.guard import for_parts, may_frame, me
from lmssocial.front.demo.lms.registration import registration_address
from lmssocial.front.demo.lms.tokens import TOKEN_PATH
from lmssocial.front.demo.lms.tools import all_tools, find_tool, origin_of, remove_tool

bp = Blueprint("platform", __name__)


@bp.get("/platform")
@for_parts(Part.ADMINISTRATOR)
def platform() -> str:
    """Every address that a registration needs, and the tools that are registered."""
    here = campus()
    own = {
        "Issuer": here.issuer,
        "Authorization address": here.address("/lti/authorize"),
        "Token address": here.address(TOKEN_PATH),
        "Key set": here.address("/lti/jwks.json"),
        "Configuration for dynamic registration": here.address("/.well-known/openid-configuration"),
    }
    tools = all_tools(database())
    return render_template("demo/platform.html", me=me(), here=here, own=own, tools=tools, first=tools[:1])


@bp.post("/platform/tools")
@for_parts(Part.ADMINISTRATOR)
def tool_register() -> str:
    """Open the tool's registration page in a frame, with our configuration address and a one-time token."""
    link = request.form.get("link", "").strip()
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        abort(422, "Paste the whole registration link, beginning with http:// or https://.")
    may_frame(origin_of(link))
    address = registration_address(database(), link)
    return render_template("demo/registration.html", me=me(), address=address, origin=origin_of(link))


@bp.post("/platform/tools/<client_id>/remove")
@for_parts(Part.ADMINISTRATOR)
def tool_remove(client_id: str) -> Response:
    """Remove a tool that was registered later; the one the demo came with stays."""
    tools = all_tools(database())
    tool = find_tool(database(), client_id)
    if tool is None:
        abort(404, "This tool is not registered any more.")
    if tool == tools[0]:
        abort(409, "The course is built on this tool. Stop the demo and start it with --reset to begin anew.")
    remove_tool(database(), client_id)
    return redirect(url_for("platform.platform"), 303)
