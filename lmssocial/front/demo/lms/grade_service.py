"""Assignment and Grade Services 2.0: line items, scores and results."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from lmssocial.core.kernel import clock
from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms import gradebook
from lmssocial.front.demo.lms.activities import find_activity
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.grade_payloads import Unreadable, read_line_item, read_score
from lmssocial.front.demo.lms.gradebook import Column, Score, Stale
from lmssocial.front.demo.lms.messages import item_address
from lmssocial.front.demo.lms.paging import page_of
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import AGS, Tool

bp = Blueprint("grades", __name__, url_prefix="/lti/courses/<course_id>/line-items")

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
_WRITE = f"{AGS}lineitem"
_READ = (_WRITE, f"{AGS}lineitem.readonly")


@bp.get("")
def item_list(course_id: str) -> Response:
    """The tool's own line items, narrowed by ``resource_link_id``, ``resource_id`` and ``tag`` (§3.2.3)."""
    tool = _tool(course_id, *_READ)
    _asked_for(CONTAINER)
    asked = {name: request.args.get(name) for name in ("resource_link_id", "resource_id", "tag")}
    found = [
        column
        for column in gradebook.columns(database(), tool.client_id)
        if asked["resource_link_id"] in {None, column.activity_id}
        and asked["resource_id"] in {None, column.resource_id}
        and asked["tag"] in {None, column.tag}
    ]
    page = page_of(found)
    answer = _json([_line_item(column) for column in page.entries], CONTAINER)
    return page.curly(answer) if campus().quirks.curly_links else page.linked(answer)


@bp.post("")
def item_create(course_id: str) -> Response:
    """Open a column for the tool (§3.2.5)."""
    tool = _tool(course_id, _WRITE)
    _sent_as(ITEM)
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
    _sent_as(SCORE)
    sent = request.get_json(force=True)
    quirks = campus().quirks
    person = campus().roster.person(str(sent.get("userId", ""))) if isinstance(sent, dict) else None
    if person is None or (quirks.refuses_staff and person.part is not Part.LEARNER):
        abort(quirks.strange_person, quirks.strange_person_says)
    try:
        gradebook.enter_score(database(), column.id, _as_kept(read_score(sent, person.key)))
    except Stale:
        abort(quirks.stale_status, quirks.stale_says)
    return Response(status=204)


@bp.get("/<int:number>/results")
def result_list(course_id: str, number: int) -> Response:
    """The current results of a line item, narrowed by ``user_id`` (§3.3)."""
    column = _column(_tool(course_id, f"{AGS}result.readonly"), number)
    if campus().quirks.results_break_on_limit and "limit" in request.args:
        abort(500, "Call to a member function out() on null")
    asked = request.args.get("user_id")
    known = gradebook.scores(database(), [column.id])
    results = [
        _result(column, sub, score, narrowed=asked is not None)
        for (_, person), score in known.items()
        if (sub := campus().roster.sub_of(person)) and asked in {None, sub}
    ]
    page = page_of(results)
    return page.linked(_json(page.entries, RESULTS))


def _sent_as(media_type: str) -> None:
    """Refuse another media type, where the platform looks at it."""
    if campus().quirks.exact_types and request.mimetype != media_type:
        abort(400, "No context or unsupported content type")


def _asked_for(media_type: str) -> None:
    """Refuse whoever wants another media type, where the platform looks at it."""
    if campus().quirks.exact_types and request.headers.get("Accept", media_type) != media_type:
        abort(400, "No context or unsupported content type")


def _as_kept(score: Score) -> Score:
    """The score as this platform keeps it.

    :raises Stale: if it comes from the future and the platform minds.
    """
    quirks = campus().quirks
    if quirks.refuses_future and score.stamped > clock.now() + timedelta(seconds=1):
        raise Stale
    if quirks.whole_seconds:
        score = replace(score, stamped=score.stamped.replace(microsecond=0))
    if quirks.erases_unless_final and not score.final:
        score = replace(score, given=None)
    return score


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
    return item_address(campus(), number)


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


def _result(column: Column, sub: str, score: Score, *, narrowed: bool) -> dict[str, Any]:
    dropped = narrowed and campus().quirks.filter_drops_comments
    fields = {
        "id": f"{campus().address(request.path)}/{sub}",
        "scoreOf": _address(column.id),
        "userId": sub,
        "resultMaximum": column.score_maximum,
        "resultScore": gradebook.points(column, score),
        "comment": None if dropped else score.comment or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _json(payload: Any, media_type: str, status: int = 200) -> Response:
    return Response(json.dumps(payload, ensure_ascii=False), status=status, content_type=media_type)
