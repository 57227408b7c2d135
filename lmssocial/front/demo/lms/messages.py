"""What an id_token says: the claims of each message (LTI Core 1.3 §5, Deep Linking 2.0, Submission Review 1.0)."""

import time
from collections.abc import Mapping
from typing import Any

from lmssocial.front.demo.cast import Person
from lmssocial.front.demo.lms.activities import Activity
from lmssocial.front.demo.lms.campus import NAME, Campus
from lmssocial.front.demo.lms.language import language_asked_for
from lmssocial.front.demo.lms.launches import Launch, Selection
from lmssocial.front.demo.lms.quirks import Quirks
from lmssocial.front.demo.lms.tools import AGS, GROUPS_SCOPE, NOTICES_SCOPE, NRPS_SCOPE, Tool

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LIFETIME = 300
"""Seconds an id_token is good for; long enough to press a button by hand where JavaScript is off."""


def resource_link_request(
    campus: Campus, tool: Tool, person: Person, launch: Launch, activity: Activity, line_item: int | None
) -> dict[str, Any]:
    """The claims that open ``activity`` (LTI Core 1.3 §5.3), except the nonce.

    :param line_item: the number of the activity's own gradebook column, if it has one.
    """
    return {
        **_common(campus, tool, person, launch),
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}target_link_uri": activity.url or tool.launch_url,
        f"{LTI}resource_link": {
            "id": activity.id,
            "title": activity.title,
            **({"description": activity.text} if activity.text else {}),
        },
        f"{LTI}custom": as_sent(
            {name: _substituted(value, campus, person, activity) for name, value in activity.custom.items()},
            campus.quirks,
        ),
        **services(campus, tool, line_item),
    }


def submission_review_request(
    campus: Campus, tool: Tool, person: Person, launch: Launch, activity: Activity, line_item: int | None
) -> dict[str, Any]:
    """The claims that open one person's work in ``activity`` (Submission Review 1.0 §3), except the nonce."""
    return {
        **resource_link_request(campus, tool, person, launch, activity, line_item),
        f"{LTI}message_type": "LtiSubmissionReviewRequest",
        f"{LTI}for_user": {"user_id": launch.review_of},
    }


def deep_linking_request(
    campus: Campus, tool: Tool, person: Person, launch: Launch, selection: Selection
) -> dict[str, Any]:
    """The claims that ask the tool to let ``person`` select content (Deep Linking 2.0 §4.4)."""
    return {
        **_common(campus, tool, person, launch),
        f"{LTI}message_type": "LtiDeepLinkingRequest",
        f"{LTI}target_link_uri": tool.launch_url,
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": campus.address("/lti/deep-linking/return"),
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": True,
            "data": selection.data,
        },
        **services(campus, tool, None),
    }


def _common(campus: Campus, tool: Tool, person: Person, launch: Launch) -> dict[str, Any]:
    now = int(time.time())
    locale = language_asked_for()
    names = {"given_name": person.given_name, "family_name": person.family_name}
    return {
        "iss": campus.issuer,
        "aud": tool.client_id,
        "sub": person.sub,
        "iat": now,
        "exp": now + LIFETIME,
        "name": person.name,
        **{claim: value for claim, value in names.items() if value},
        "email": person.email,
        "locale": locale,
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": tool.deployment_id,
        f"{LTI}roles": list(person.part.roles),
        f"{LTI}context": {
            "id": campus.cast.course_id,
            "label": campus.cast.label,
            "title": campus.cast.title,
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
        },
        f"{LTI}tool_platform": {
            "guid": f"northfield.example/{campus.key.kid}",
            "name": NAME,
            "product_family_code": campus.quirks.family,
            "version": "1",
        },
        f"{LTI}launch_presentation": {
            "document_target": launch.target,
            "locale": locale,
            "return_url": campus.address(f"/course/weeks/{launch.week}" if launch.week else "/course"),
        },
    }


def services(campus: Campus, tool: Tool, line_item: int | None) -> dict[str, Any]:
    """The claims that say where the services of the course are."""
    claims: dict[str, Any] = {}
    grades = [scope for scope in tool.scopes if scope.startswith(AGS)]
    if grades:
        claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = {
            "scope": grades,
            "lineitems": item_address(campus),
            **({"lineitem": item_address(campus, line_item)} if line_item is not None else {}),
        }
    if NRPS_SCOPE in tool.scopes:
        claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"] = {
            "context_memberships_url": campus.address(f"/lti/courses/{campus.cast.course_id}/memberships"),
            "service_versions": ["2.0"],
        }
    if GROUPS_SCOPE in tool.scopes and campus.roster.groups:
        claims["https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"] = {
            "scope": [GROUPS_SCOPE],
            "context_groups_url": campus.address(f"/lti/courses/{campus.cast.course_id}/groups"),
            "context_group_sets_url": campus.address(f"/lti/courses/{campus.cast.course_id}/group-sets"),
            "service_versions": ["1.0"],
        }
    if NOTICES_SCOPE in tool.scopes:
        claims[f"{LTI}platformnotificationservice"] = {
            "service_versions": ["1.0"],
            "platform_notification_service_url": campus.address(f"/lti/notices/{tool.deployment_id}"),
            "scope": [NOTICES_SCOPE],
            "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"],
        }
    return claims


def item_address(campus: Campus, number: int | None = None) -> str:
    """The address of a line item, or of all of them."""
    query = f"?{campus.quirks.item_query}" if campus.quirks.item_query else ""
    item = "" if number is None else f"/{number}"
    return campus.address(f"/lti/courses/{campus.cast.course_id}/line-items{item}{query}")


def as_sent(custom: Mapping[str, object], quirks: Quirks) -> dict[str, object]:
    """Custom parameters as this platform sends them."""
    if not quirks.custom_numbers:
        return dict(custom)
    return {
        name: int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        for name, value in custom.items()
    }


def _substituted(value: str, campus: Campus, person: Person, activity: Activity) -> str:
    """``value``, or what the variable it names stands for (LTI Core 1.3, appendix B); unknown ones stay as they are."""
    known = {
        "$Context.id": campus.cast.course_id,
        "$Context.title": campus.cast.title,
        "$Context.id.history": "",
        "$ResourceLink.id": activity.id,
        "$ResourceLink.id.history": "",
        "$ResourceLink.title": activity.title,
        "$User.id": person.sub,
        "$User.username": person.key,
    }
    return value if value in campus.quirks.unresolved else known.get(value, value)
