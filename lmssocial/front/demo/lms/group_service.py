"""Course Groups Service 1.0: the groups of the course, and the sets they belong to."""

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from lmssocial.front.demo.lms.campus import campus
from lmssocial.front.demo.lms.paging import page_of
from lmssocial.front.demo.lms.roster import Group
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import GROUPS_SCOPE

bp = Blueprint("groups", __name__)

GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"


@bp.get("/lti/courses/<course_id>/groups")
def group_list(course_id: str) -> Response:
    """A page of the groups, narrowed to those of one member by ``user_id``."""
    _in_course(course_id)
    asked = request.args.get("user_id")
    groups = campus().roster.groups
    if asked is not None:
        enrolment = campus().roster.enrolment(asked)
        groups = tuple(group for group in groups if enrolment is not None and group.id in enrolment.groups)
    page = page_of(groups)
    return page.linked(_json({"groups": [_group(one) for one in page.entries]}, GROUPS))


@bp.get("/lti/courses/<course_id>/group-sets")
def set_list(course_id: str) -> Response:
    """A page of the sets."""
    _in_course(course_id)
    names = dict.fromkeys(group.set_id for group in campus().roster.groups if group.set_id)
    page = page_of(list(names))
    return page.linked(_json({"sets": [{"id": name, "name": name} for name in page.entries]}, SETS))


def _in_course(course_id: str) -> None:
    bearer(GROUPS_SCOPE)
    if course_id != campus().cast.course_id:
        abort(404, "There is no such course.")


def _group(group: Group) -> dict[str, Any]:
    fields = {"id": group.id, "name": group.name, "set_id": group.set_id, "tag": group.tag}
    return {name: value for name, value in fields.items() if value}


def _json(said: dict[str, Any], media_type: str) -> Response:
    container = {"id": campus().address(request.path), **said}
    return Response(json.dumps(container, ensure_ascii=False), content_type=media_type)
