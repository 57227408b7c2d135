"""Caliper Analytics 1.2 events and envelopes, as plain JSON objects."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lmssocial.plugin import LmsRole
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.sending.standing import Where
from lmssocial_reporting.sending.vocabulary import measured
from lmssocial_reporting.store.port import Evidence

CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"

ROLES = {
    LmsRole.LEARNER: "Learner",
    LmsRole.MENTOR: "Mentor",
    LmsRole.TEACHING_ASSISTANT: "TeachingAssistant",
    LmsRole.INSTRUCTOR: "Instructor",
    LmsRole.CONTENT_DEVELOPER: "ContentDeveloper",
    LmsRole.ADMINISTRATOR: "Administrator",
}
"""As the standard calls them."""


def event(piece: Evidence, where: Where, event_id: str, role: LmsRole) -> dict[str, Any]:
    """What a piece of evidence is to a Caliper endpoint; its time is the noon of its day.

    :param role: the LMS role of whoever acted.
    """
    said = measured(piece.kind, piece.item)
    by = piece.other if piece.kind is Kind.MEMBER_BROUGHT else piece.member
    actor, course = where.person(by), {"id": where.course, "type": "CourseSection"}
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{event_id}",
        "type": said.event,
        "profile": said.profile,
        "actor": {"id": actor, "type": "Person"},
        "action": said.action,
        "object": _object(piece, where, said.object, actor),
        **_generated(piece, where, said.event, said.action, event_id),
        "eventTime": f"{piece.day.isoformat()}T12:00:00.000Z",
        "edApp": {"id": where.home, "type": "SoftwareApplication"},
        "group": course,
        "membership": {
            "id": f"{where.course}/members/{where.pseudonyms.of(by)}",
            "type": "Membership",
            "member": actor,
            "organization": where.course,
            "roles": [ROLES[role]],
            "status": "Active",
        },
        "extensions": {
            "kind": piece.kind.value,
            "role": piece.role.value,
            "definition": where.definition,
            "grain": "day",
        },
    }


def envelope(sensor: str, events: Sequence[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Some events on their way.

    :param sensor: who sends: the address of the tool.
    """
    sent = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"sensor": sensor, "sendTime": sent, "dataVersion": CONTEXT, "data": list(events)}


def _object(piece: Evidence, where: Where, kind: str, actor: str) -> dict[str, Any]:
    if kind == "Person":
        return {"id": where.person(piece.other), "type": "Person"}
    if kind == "SoftwareApplication":
        return {"id": where.home, "type": "SoftwareApplication"}
    found: dict[str, Any] = {"id": where.item(piece.item), "type": kind}
    if kind == "Message" and piece.thread:
        found["isPartOf"] = {"id": where.item(piece.thread), "type": "Thread"}
    if piece.kind in {Kind.ITEM_POSTED, Kind.HELP_ASKED, Kind.REPLY_POSTED, Kind.DIGEST_PUBLISHED}:
        found["creators"] = [{"id": actor, "type": "Person"}]
    return found


def _generated(piece: Evidence, where: Where, kind: str, action: str, event_id: str) -> dict[str, Any]:
    """What the act left behind, where the standard wants it named."""
    person, item = where.person(piece.member), where.item(piece.item)
    if kind == "AnnotationEvent":
        name = "BookmarkAnnotation" if action == "Bookmarked" else "SharedAnnotation"
        return {
            "generated": {
                "id": f"urn:uuid:{event_id}#annotation",
                "type": name,
                "annotator": {"id": person, "type": "Person"},
                "annotated": {"id": item, "type": "DigitalResource"},
            }
        }
    if kind == "FeedbackEvent":
        return {
            "generated": {
                "id": f"urn:uuid:{event_id}#comment",
                "type": "Comment",
                "commentedOn": {"id": item, "type": "DigitalResource"},
            }
        }
    if kind == "SearchEvent":
        return {
            "generated": {
                "id": f"urn:uuid:{event_id}#response",
                "type": "SearchResponse",
                "searchProvider": {"id": where.home, "type": "SoftwareApplication"},
                "searchTarget": {"id": where.course, "type": "CourseSection"},
            }
        }
    return {}
