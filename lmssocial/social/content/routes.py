"""Addresses that cooked texts lead to, and the names that are offered while somebody writes.

Those of files are in :mod:`.file_routes`.
"""

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.kernel.errors import NotFound
from lmssocial.social.communities.scope import here
from lmssocial.social.content import mentions, tags
from lmssocial.web import scope
from lmssocial.web.marks import role_name
from lmssocial.web.program import program

bp = Blueprint("content", __name__)


@bp.get("/w/<int:placement_id>/tags/<name>")
def tag_detail(placement_id: int, name: str) -> Response:
    """Leads to what carries a tag. Where that is listed may change; what stands in texts does not."""
    widget = program().widgets.get(here().widget)
    if widget is None:
        raise NotFound(reason=f"nothing lists tags at placement {placement_id}")
    return redirect(url_for(widget.home_endpoint, placement_id=placement_id, tag=tags.fold(name)))


@bp.get("/w/<int:placement_id>/people")
def people_named(placement_id: int) -> Response:
    """Members whose name begins with ``?q=``, for the list that opens behind an ``@``."""
    del placement_id  # part of the address; the scope has read it
    found = mentions.completions(scope.session(), here().actor, request.args.get("q", ""))
    answer = jsonify([{"value": value, "name": name, "note": role_name(role)} for value, name, role in found])
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer
