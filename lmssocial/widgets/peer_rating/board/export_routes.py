"""The addresses of exports."""

from flask import Blueprint, Response, request

from lmssocial.core.kernel.errors import NotFound
from lmssocial.web import scope
from lmssocial.web.downloads import download
from lmssocial.widgets.peer_rating.board import exports
from lmssocial.widgets.peer_rating.board.board_routes import staff_here
from lmssocial.widgets.peer_rating.board.exports import What


def register(bp: Blueprint) -> None:
    """Put the files of this module into the blueprint."""
    bp.add_url_rule("/export/<any(csv,json):form>", view_func=export, methods=["GET"])


def export(placement_id: int, form: str) -> Response:
    """Everything as JSON; or one table (``what``: works, reviews or scores) as CSV."""
    _place, found = staff_here(placement_id)
    if form == "json":
        return download(exports.as_json(scope.session(), found), "json", found.placement.title)
    wanted = request.args.get("what", What.SCORES.value)
    if wanted not in set(What):
        raise NotFound(reason=f"no export of {wanted}")
    return download(exports.as_csv(found, What(wanted)), "csv", f"{found.placement.title} {wanted}")
