"""Names and Role Provisioning Services 2.0: who is in the course."""

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from lmssocial.front.demo.cast import Person
from lmssocial.front.demo.lms.activities import find_activity
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.paging import page_of
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import NRPS_SCOPE

bp = Blueprint("memberships", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@bp.get("/lti/courses/<course_id>/memberships")
def membership_list(course_id: str) -> Response:
    """A page of the roster, narrowed by ``role`` and bound to a link by ``rlid`` (NRPS 2.0 §2)."""
    tool = bearer(NRPS_SCOPE)
    cast = campus().cast
    if course_id != cast.course_id:
        abort(404, "There is no such course.")
    link = request.args.get("rlid")
    if link is not None:
        activity = find_activity(database(), link)
        if activity is None or activity.client_id != tool.client_id:
            abort(404, "There is no such resource link of this tool.")
    role = request.args.get("role")
    page = page_of([person for person in cast.people if role is None or _has_role(person, role)])
    container = {
        "id": campus().address(request.path),
        "context": {"id": cast.course_id, "label": cast.label, "title": cast.title},
        "members": [_member(person) for person in page.entries],
    }
    return page.linked(Response(json.dumps(container, ensure_ascii=False), content_type=MEDIA_TYPE))


def _has_role(person: Person, role: str) -> bool:
    """Whether the person has ``role``, a full URI or the short name of a course role (NRPS 2.0 §2.4.1)."""
    return any(one == role or one.endswith(f"/membership#{role}") for one in person.part.roles)


def _member(person: Person) -> dict[str, Any]:
    member = {
        "status": "Active",
        "user_id": person.sub,
        "lis_person_sourcedid": person.key,
        "name": person.name,
        "given_name": person.given_name,
        "email": person.email,
        "roles": list(person.part.roles),
    }
    if person.family_name:
        member["family_name"] = person.family_name
    return member
