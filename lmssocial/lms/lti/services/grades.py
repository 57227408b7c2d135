"""Columns of an LMS's gradebook and the scores in them (Assignment and Grade Services 2.0)."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lmssocial.core.outbound import Reply
from lmssocial.lms.lti.profiles import Profile
from lmssocial.lms.lti.services.addresses import at_home, below, with_query
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.containers import all_entries
from lmssocial.lms.lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble, unreadable

ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """A column of the LMS's gradebook (§3.2)."""

    url: str = ""
    """Its lasting address, with a query if the platform gives it one; empty for one that is still to be made."""
    label: str
    maximum: float
    """Points; greater than 0."""
    resource_id: str = ""
    """What it grades, in our words."""
    tag: str = ""
    """Which of several columns of that, in our words."""
    resource_link_id: str = ""
    """The link it belongs to; Moodle loses track of a link's own column when a second one names the link."""


@dataclass(frozen=True, kw_only=True)
class ScorePayload:
    """What shall stand in a column for somebody (§3.4)."""

    user_sub: str
    timestamp: datetime
    """Aware; later than that of every score sent before for this person and line item: see ``Profile.next_stamp``."""
    activity_progress: str
    """``Initialized``, ``Started``, ``InProgress``, ``Submitted`` or ``Completed`` (§3.4.7)."""
    grading_progress: str
    """``FullyGraded``, ``Pending``, ``PendingManual``, ``Failed`` or ``NotReady`` (§3.4.8)."""
    given: float | None = None
    """Points; ``None`` sends no score at all."""
    maximum: float | None = None
    """What ``given`` is out of; needed with it."""
    comment: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What stands in a column for somebody (§3.3)."""

    user_sub: str
    score: float | None
    """``None``: nothing does."""
    maximum: float | None
    comment: str


def find_line_items(
    caller: Caller,
    endpoint: Endpoint,
    container_url: str,
    *,
    resource_link_id: str = "",
    resource_id: str = "",
    tag: str = "",
    can_write: bool = True,
) -> list[LineItem]:
    """All line items of ours in a course, or those that all of the given ids fit (§3.2.3).

    Platforms may ignore what they are asked to narrow by, so what comes back is looked at once more. One that names an
    item on several pages is listed once.

    :param container_url: ``lineitems`` of a launch.
    :param can_write: whether the launch granted the scope ``lineitem``; otherwise only reading is asked for.
    :raises ServiceTrouble: if not all pages can be read, or a line item is on another server.
    """
    url = with_query(
        container_url,
        resource_link_id=resource_link_id,
        resource_id=resource_id,
        tag=tag,
        limit=endpoint.profile.container_page,
    )
    found: dict[str, LineItem] = {}
    for said in all_entries(caller, endpoint, _reading(can_write=can_write), url, accept=ITEMS_TYPE):
        if (item := _line_item(said, container_url)) is not None:
            found[item.url] = item
    return [
        item
        for item in found.values()
        if resource_link_id in ("", item.resource_link_id)
        and resource_id in ("", item.resource_id)
        and tag in ("", item.tag)
    ]


def create_line_item(caller: Caller, endpoint: Endpoint, container_url: str, draft: LineItem) -> LineItem:
    """Open a column (§3.2.5); give it as the platform made it.

    After ``AWAY`` it may have been made all the same: look for it by its resource id before asking again.

    :raises ServiceTrouble: if it was not made, or its address is not told.
    """
    reply = caller.post(
        endpoint,
        [LINE_ITEM],
        container_url,
        _item_json(draft),
        content_type=ITEM_TYPE,
        accept=ITEM_TYPE,
    )
    made = _line_item(reply.data, container_url) if isinstance(reply.data, dict) else None
    if made is not None:
        return made
    where = reply.headers.get("location", "")
    if not where:
        raise unreadable(reply, f"{container_url} made a line item and does not say where it is.")
    return replace(draft, url=at_home(container_url, where, "a line item"))


def read_line_item(caller: Caller, endpoint: Endpoint, url: str, *, can_write: bool = True) -> LineItem:
    """One line item (§3.2.4).

    :raises ServiceTrouble: ``NOT_FOUND`` if it was removed.
    """
    reply = caller.get(endpoint, _reading(can_write=can_write), url, accept=ITEM_TYPE)
    return _answered(reply, url)


def update_line_item(caller: Caller, endpoint: Endpoint, item: LineItem) -> LineItem:
    """Change a line item into ``item`` (§3.2.6); what is left empty is taken away."""
    reply = caller.put(
        endpoint, [LINE_ITEM], item.url, _item_json(item), content_type=ITEM_TYPE, accept=ITEM_TYPE
    )
    return _answered(reply, item.url) if isinstance(reply.data, dict) else item


def delete_line_item(caller: Caller, endpoint: Endpoint, url: str) -> None:
    """Remove a line item with everybody's scores (§3.2.7).

    :raises ServiceTrouble: ``NOT_FOUND`` if it was removed before.
    """
    caller.delete(endpoint, [LINE_ITEM], url)


def send_score(caller: Caller, endpoint: Endpoint, line_item_url: str, payload: ScorePayload) -> None:
    """Put a score into a column (§3.4).

    :raises ServiceTrouble: ``CONFLICT`` if the platform has one that is as new; ``AWAY`` leaves open whether it was
        taken, and sending it again does no harm.
    """
    try:
        caller.post(
            endpoint,
            [SCORE],
            below(line_item_url, "scores"),
            score_json(payload, endpoint.profile),
            content_type=SCORE_TYPE,
            accept=SCORE_TYPE + ", application/json",
        )
    except ServiceTrouble as trouble:
        stale = endpoint.profile.stale_says
        if trouble.kind is Kind.REJECTED and stale and stale in trouble.says:
            raise ServiceTrouble(Kind.CONFLICT, trouble.says, status=trouble.status) from trouble
        raise


def results(caller: Caller, endpoint: Endpoint, line_item_url: str, *, user_sub: str = "") -> list[Result]:
    """What stands in a column, for everybody or for one person (§3.3).

    :param user_sub: ask for one person only. From a Blackboard everybody's are read then, for it leaves comments out.
    :raises ServiceTrouble: if not all pages can be read.
    """
    asked_for = "" if endpoint.profile.result_filter_drops_comments else user_sub
    url = with_query(
        below(line_item_url, "results"), user_id=asked_for, limit=endpoint.profile.container_page
    )
    found: dict[str, Result] = {}
    for said in all_entries(caller, endpoint, [RESULT_READONLY], url, accept=RESULTS_TYPE):
        sub = _text(said.get("userId"))
        if sub and user_sub in ("", sub):
            found[sub] = Result(
                user_sub=sub,
                score=_number(said.get("resultScore")),
                maximum=_number(said.get("resultMaximum")),
                comment=_text(said.get("comment")),
            )
    return list(found.values())


def score_json(payload: ScorePayload, profile: Profile) -> dict[str, Any]:
    """A score as it is sent.

    :raises ValueError: if there are points without a maximum, or numbers that are none.
    """
    sent: dict[str, Any] = {
        "userId": payload.user_sub,
        "timestamp": moment_text(payload.timestamp, profile),
        "activityProgress": payload.activity_progress,
        "gradingProgress": payload.grading_progress,
    }
    if payload.given is not None:
        if payload.maximum is None or not math.isfinite(payload.given) or not 0 < payload.maximum < math.inf:
            raise ValueError(f"{payload.given} of {payload.maximum} is no score")
        sent |= {"scoreGiven": payload.given, "scoreMaximum": payload.maximum}
    if payload.comment:
        sent["comment"] = payload.comment
    if payload.submitted_at is not None:
        sent["submission"] = {"submittedAt": moment_text(payload.submitted_at, profile)}
    return sent | dict(profile.score_extras)


def moment_text(moment: datetime, profile: Profile) -> str:
    """ISO 8601 with zone and milliseconds (§3.4.3), or whole seconds where the platform knows no finer ones.

    :raises ValueError: if ``moment`` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is sent to nobody")
    digits = "seconds" if profile.whole_second_stamps else "milliseconds"
    return moment.astimezone(UTC).isoformat(timespec=digits).replace("+00:00", "Z")


def _reading(*, can_write: bool) -> list[str]:
    """The scope to read line items with: the one for writing covers it, and saves a second token (§3.1)."""
    return [LINE_ITEM if can_write else LINE_ITEM_READONLY]


def _item_json(item: LineItem) -> dict[str, Any]:
    sent = {
        "label": item.label,
        "scoreMaximum": item.maximum,
        "resourceId": item.resource_id,
        "tag": item.tag,
        "resourceLinkId": item.resource_link_id,
    }
    return {name: value for name, value in sent.items() if value != ""}


def _line_item(said: dict[str, Any], base: str) -> LineItem | None:
    """Understand a line item; ``None`` if it has no address."""
    where = said.get("id")
    if not isinstance(where, str) or not where:
        return None
    return LineItem(
        url=at_home(base, where, "a line item"),
        label=_text(said.get("label")),
        maximum=_number(said.get("scoreMaximum")) or 0.0,
        resource_id=_text(said.get("resourceId")),
        tag=_text(said.get("tag")),
        resource_link_id=_text(said.get("resourceLinkId")),
    )


def _answered(reply: Reply, url: str) -> LineItem:
    item = _line_item({**reply.data, "id": url}, url) if isinstance(reply.data, dict) else None
    if item is None:
        raise unreadable(reply, f"{url} did not answer with a line item.")
    return item


def _text(said: Any) -> str:
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    return said if isinstance(said, str) else ""


def _number(said: Any) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        number = float(said)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
