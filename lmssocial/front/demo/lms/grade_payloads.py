"""What tools send to the grade service, read strictly (AGS 2.0 §3.2 and §3.4)."""

from datetime import UTC, datetime
from typing import Any

from lmssocial.front.demo.lms.gradebook import Score

ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


class Unreadable(Exception):
    """A payload that breaks a rule; the message says which."""


def read_line_item(sent: Any) -> dict[str, Any]:
    """The fields of a line item, under the names of :func:`~.gradebook.open_column`.

    :raises Unreadable: if label or a positive scoreMaximum is missing, or a field has the wrong type.
    """
    if not isinstance(sent, dict):
        raise Unreadable("A line item is a JSON object.")
    label = sent.get("label")
    if not isinstance(label, str) or not label.strip():
        raise Unreadable("label must be a text.")
    maximum = _number(sent, "scoreMaximum")
    if maximum is None or maximum <= 0:
        raise Unreadable("scoreMaximum must be a number greater than 0.")
    for name in ("startDateTime", "endDateTime"):
        if sent.get(name) is not None:
            _moment(sent, name)
    return {
        "label": label.strip(),
        "score_maximum": maximum,
        "resource_id": _optional_text(sent, "resourceId"),
        "tag": _optional_text(sent, "tag"),
        "activity_id": _optional_text(sent, "resourceLinkId"),
        "starts": _optional_text(sent, "startDateTime"),
        "ends": _optional_text(sent, "endDateTime"),
    }


def read_score(sent: Any, person: str) -> Score:
    """A score for ``person`` (AGS 2.0 §3.4).

    :raises Unreadable: if a required field is missing or a value is not allowed.
    """
    if not isinstance(sent, dict):
        raise Unreadable("A score is a JSON object.")
    given, maximum = _number(sent, "scoreGiven"), _number(sent, "scoreMaximum")
    if given is not None and (maximum is None or maximum <= 0):
        raise Unreadable("scoreGiven needs a scoreMaximum greater than 0.")
    if given is not None and given < 0:
        raise Unreadable("scoreGiven must not be negative.")
    if sent.get("activityProgress") not in ACTIVITY_PROGRESS:
        raise Unreadable(f"activityProgress must be one of {', '.join(ACTIVITY_PROGRESS)}.")
    if sent.get("gradingProgress") not in GRADING_PROGRESS:
        raise Unreadable(f"gradingProgress must be one of {', '.join(GRADING_PROGRESS)}.")
    return Score(
        person=person,
        stamped=_moment(sent, "timestamp"),
        given=given,
        maximum=maximum,
        comment=_optional_text(sent, "comment") or "",
        activity_progress=sent["activityProgress"],
        grading_progress=sent["gradingProgress"],
    )


def _number(sent: dict[str, Any], name: str) -> float | None:
    value = sent.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable(f"{name} must be a number.")
    return float(value)


def _optional_text(sent: dict[str, Any], name: str) -> str | None:
    value = sent.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name} must be a text.")
    return value


def _moment(sent: dict[str, Any], name: str) -> datetime:
    value = sent.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unreadable(f"{name} must be an ISO 8601 time with a time zone.")
    return moment.astimezone(UTC)
