"""Names and Role Provisioning Services 2.0: who is in the course."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms.activities import find_activity
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.messages import LTI, as_sent
from lmssocial.front.demo.lms.paging import page_of
from lmssocial.front.demo.lms.roster import Enrolment
from lmssocial.front.demo.lms.tokens import bearer
from lmssocial.front.demo.lms.tools import NRPS_SCOPE

bp = Blueprint("memberships", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@bp.get("/lti/courses/<course_id>/memberships")
def membership_list(course_id: str) -> Response:
    """A page of the roster, narrowed by ``role`` and bound to a link by ``rlid`` (NRPS 2.0 §2)."""
    tool = bearer(NRPS_SCOPE)
    cast, roster = campus().cast, campus().roster
    if course_id != cast.course_id:
        abort(404, "There is no such course.")
    link = request.args.get("rlid")
    if link is not None and not (campus().quirks.course_is_link and link == cast.course_id):
        activity = find_activity(database(), link)
        if activity is None or activity.client_id != tool.client_id:
            abort(404, "There is no such resource link of this tool.")
    role = request.args.get("role")
    since = request.args.get("since", type=int)
    listed = roster.members() if since is None else roster.changed_since(since)
    page = page_of([one for one in listed if role is None or _has_role(one, role)])
    with_groups = request.args.get("groups") == "true"
    container = {
        "id": campus().address(request.path),
        "context": {"id": cast.course_id, "label": cast.label, "title": cast.title},
        "members": [_member(one, link, with_groups=with_groups) for one in page.entries],
    }
    answer = Response(json.dumps(container, ensure_ascii=False), content_type=MEDIA_TYPE)
    if not campus().quirks.tells_differences:
        return page.linked(answer)
    query = {**request.args.to_dict(), "since": roster.changes}
    query.pop("page", None)
    return page.linked(answer, differences=f"{campus().address(request.path)}?{urlencode(query)}")


def _has_role(enrolment: Enrolment, role: str) -> bool:
    """Whether somebody has ``role``, a full URI or the short name of a course role (NRPS 2.0 §2.4.1)."""
    roles = enrolment.roles or enrolment.person.part.roles
    return any(one == role or one.endswith(f"/membership#{role}") for one in roles)


def _roles(enrolment: Enrolment) -> list[str]:
    quirks, part = campus().quirks, enrolment.person.part
    if quirks.assistants_are_learners and part is Part.ASSISTANT and not enrolment.roles:
        part = Part.LEARNER
    roles = enrolment.roles or part.roles
    if not quirks.short_roles:
        return list(roles)
    return [role.partition("#")[2] for role in roles if "/membership#" in role]


def _member(enrolment: Enrolment, link: str | None, *, with_groups: bool) -> dict[str, Any]:
    person = enrolment.person
    member: dict[str, Any] = {
        "status": enrolment.status,
        "user_id": person.sub,
        "lis_person_sourcedid": person.key,
        "name": person.name,
        "given_name": person.given_name,
        "email": person.email,
        "roles": _roles(enrolment),
    }
    if person.family_name:
        member["family_name"] = person.family_name
    if with_groups:
        member["group_enrollments"] = [{"group_id": group} for group in enrolment.groups]
    if link is not None:
        custom = as_sent(enrolment.custom, campus().quirks)
        message_type = {f"{LTI}message_type": "LtiResourceLinkRequest"}
        member["message"] = [{**message_type, **({f"{LTI}custom": custom} if custom else {})}]
    return member
