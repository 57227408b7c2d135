"""Assignment and Grade Services 2.0: line items, scores and results."""

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from lmssocial.front.demo.lms import gradebook
from lmssocial.front.demo.lms.activities import find_activity
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.grade_payloads import Unreadable, read_line_item, read_score
from lmssocial.front.demo.lms.gradebook import Column, Score, Stale
from lmssocial.front.demo.lms.paging import page_of
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import AGS, Tool

bp = Blueprint("grades", __name__, url_prefix="/lti/courses/<course_id>/line-items")

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
_WRITE = f"{AGS}lineitem"
_READ = (_WRITE, f"{AGS}lineitem.readonly")


@bp.get("")
def item_list(course_id: str) -> Response:
    """The tool's own line items, narrowed by ``resource_link_id``, ``resource_id`` and ``tag`` (§3.2.3)."""
    tool = _tool(course_id, *_READ)
    asked = {name: request.args.get(name) for name in ("resource_link_id", "resource_id", "tag")}
    found = [
        column
        for column in gradebook.columns(database(), tool.client_id)
        if asked["resource_link_id"] in {None, column.activity_id}
        and asked["resource_id"] in {None, column.resource_id}
        and asked["tag"] in {None, column.tag}
    ]
    page = page_of(found)
    return page.linked(_json([_line_item(column) for column in page.entries], CONTAINER))


@bp.post("")
def item_create(course_id: str) -> Response:
    """Open a column for the tool (§3.2.5)."""
    tool = _tool(course_id, _WRITE)
    fields = read_line_item(request.get_json(force=True))
    activity = find_activity(database(), fields["activity_id"]) if fields["activity_id"] else None
    if fields["activity_id"] and (activity is None or activity.client_id != tool.client_id):
        raise Unreadable("resourceLinkId is not a resource link of this tool.")
    number = gradebook.open_column(database(), tool.client_id, fields)
    answer = _json(_line_item(_column(tool, number)), ITEM, 201)
    answer.headers["Location"] = _address(number)
    return answer


@bp.get("/<int:number>")
def item_detail(course_id: str, number: int) -> Response:
    """One line item (§3.2.4)."""
    return _json(_line_item(_column(_tool(course_id, *_READ), number)), ITEM)


@bp.put("/<int:number>")
def item_edit(course_id: str, number: int) -> Response:
    """Change a line item; the link it belongs to cannot change (§3.2.6)."""
    tool = _tool(course_id, _WRITE)
    column = _column(tool, number)
    fields = read_line_item(request.get_json(force=True))
    if fields.pop("activity_id") not in {None, column.activity_id}:
        raise Unreadable("resourceLinkId cannot be changed.")
    gradebook.change_column(database(), number, fields)
    return _json(_line_item(_column(tool, number)), ITEM)


@bp.delete("/<int:number>")
def item_remove(course_id: str, number: int) -> Response:
    """Remove a line item with its scores (§3.2.7)."""
    _column(_tool(course_id, _WRITE), number)
    gradebook.remove_column(database(), number)
    return Response(status=204)


@bp.post("/<int:number>/scores")
def score_create(course_id: str, number: int) -> Response:
    """Take a score: 404 for somebody who is not in the course, 409 for one that is not newer (§3.4)."""
    tool = _tool(course_id, f"{AGS}score")
    column = _column(tool, number)
    sent = request.get_json(force=True)
    person = campus().cast.by_sub(str(sent.get("userId", ""))) if isinstance(sent, dict) else None
    if person is None:
        abort(404, "userId is nobody in this course.")
    try:
        gradebook.enter_score(database(), column.id, read_score(sent, person.key))
    except Stale:
        abort(409, "A score with this timestamp or a later one is already here.")
    return Response(status=204)


@bp.get("/<int:number>/results")
def result_list(course_id: str, number: int) -> Response:
    """The current results of a line item, narrowed by ``user_id`` (§3.3)."""
    column = _column(_tool(course_id, f"{AGS}result.readonly"), number)
    asked = request.args.get("user_id")
    known = gradebook.scores(database(), [column.id])
    results = [
        _result(column, person.sub, known[column.id, person.key])
        for person in campus().cast.people
        if (column.id, person.key) in known and asked in {None, person.sub}
    ]
    page = page_of(results)
    return page.linked(_json(page.entries, RESULTS))


def _tool(course_id: str, *scopes: str) -> Tool:
    tool = bearer(*scopes)
    if course_id != campus().cast.course_id:
        abort(404, "There is no such course.")
    return tool


def _column(tool: Tool, number: int) -> Column:
    column = gradebook.find_column(database(), number, tool.client_id)
    if column is None:
        abort(404, "There is no such line item of this tool.")
    return column


def _address(number: int) -> str:
    return campus().address(f"/lti/courses/{campus().cast.course_id}/line-items/{number}")


def _line_item(column: Column) -> dict[str, Any]:
    fields = {
        "id": _address(column.id),
        "label": column.label,
        "scoreMaximum": column.score_maximum,
        "resourceId": column.resource_id,
        "tag": column.tag,
        "resourceLinkId": column.activity_id,
        "startDateTime": column.starts,
        "endDateTime": column.ends,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _result(column: Column, sub: str, score: Score) -> dict[str, Any]:
    fields = {
        "id": f"{_address(column.id)}/results/{sub}",
        "scoreOf": _address(column.id),
        "userId": sub,
        "resultMaximum": column.score_maximum,
        "resultScore": gradebook.points(column, score),
        "comment": score.comment or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _json(payload: Any, media_type: str, status: int = 200) -> Response:
    return Response(json.dumps(payload, ensure_ascii=False), status=status, content_type=media_type)
