"""The answer to a deep-linking request: what was chosen, in a token of ours (Deep Linking 2.0 §4.5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.lti import claims
from lmssocial.lms.lti.launch import DeepLinkingSettings

LINK = "ltiResourceLink"
"""The one kind of item we make: a link that launches us (Deep Linking 2.0 §3.2)."""

VALID_FOR = timedelta(minutes=5)
"""How long the answer is good; the browser carries it to the LMS at once."""

SHOWN = (
    ("iframe", {"width": 900, "height": 700}),
    ("window", {"targetName": "_blank", "width": 1200, "height": 900}),
)
"""How we like to be shown, the best way first, with sizes in pixels: a conversation is wide enough at 900, and beside
the course is where it belongs (§3.2)."""

REVIEWED = ("InProgress", "Submitted", "Completed")
"""At which progress an LMS may lead from its gradebook to somebody's work (Submission Review 1.0)."""

_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"

Sign = Callable[[Mapping[str, Any]], str]
"""Makes a signed token (RS256, with ``kid``) of claims."""


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """The column of the gradebook that a link brings along (§3.2, AGS 2.0 §3.2)."""

    label: str
    maximum: float
    """More than 0."""
    resource_id: str
    tag: str = ""
    reviewed: bool = False
    """Whether the gradebook may lead to somebody's work here."""


@dataclass(frozen=True, kw_only=True)
class LinkItem:
    """One link for the course."""

    title: str
    url: str
    """Where it launches: our launch address."""
    text: str = ""
    icon_url: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    """Comes back with every launch of the link, and in copies of it. Moodle folds names to lower case and cuts values
    at a line break, so names are lower case and values one line."""
    line_item: LineItem | None = None
    """Left out where the LMS takes none."""
    due_at: datetime | None = None
    """Until when people hand something in; the LMS shows it in its calendar."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the LMS may tell the person, and write into its log (§4.5.1)."""

    message: str = ""
    log: str = ""
    error: str = ""
    """For the person, when something is in the way."""
    error_log: str = ""


class ItemsRefused(ValueError):
    """The LMS asked for something else than these items."""


def accepts_links(settings: DeepLinkingSettings) -> bool:
    """Whether the place in the LMS that asks can take a link to us at all."""
    return LINK in settings.accept_types


def content_items(settings: DeepLinkingSettings, items: Sequence[LinkItem]) -> list[dict[str, Any]]:
    """``items`` as the LMS wants them (§3.2, §4.5.2).

    :raises ItemsRefused: if it takes no links, or only one and there are several.
    """
    if items and not accepts_links(settings):
        raise ItemsRefused(f"accept_types is {sorted(settings.accept_types)}")
    if len(items) > 1 and not settings.accept_multiple:
        raise ItemsRefused(f"accept_multiple is false, and there are {len(items)} items")
    return [_content_item(settings, item) for item in items]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who waits for the answer: a deployment of a platform."""

    issuer: str
    client_id: str
    deployment_id: str


def answer(
    asker: Asker,
    settings: DeepLinkingSettings,
    items: Sequence[LinkItem],
    sign: Sign,
    said: Said | None = None,
) -> str:
    """Make the token that the browser carries to ``settings.return_url`` as ``JWT`` (§4.5).

    :param items: what was chosen; none at all means that nothing was.
    :raises ItemsRefused: see :func:`content_items`.
    """
    now = int(clock.now().timestamp())
    told = said or Said()
    token: dict[str, Any] = {
        "iss": asker.client_id,
        "aud": asker.issuer,
        "iat": now,
        "exp": now + int(VALID_FOR.total_seconds()),
        "nonce": new_token(),
        claims.DEPLOYMENT_ID: asker.deployment_id,
        claims.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        claims.VERSION: claims.LTI_VERSION,
        _DL + "content_items": content_items(settings, items),
    }
    if settings.data is not None:
        token[_DL + "data"] = settings.data
    sentences = {
        "msg": told.message,
        "log": told.log,
        "errormsg": told.error,
        "errorlog": told.error_log,
    }
    token |= {_DL + name: sentence for name, sentence in sentences.items() if sentence}
    return sign(token)


def _content_item(settings: DeepLinkingSettings, item: LinkItem) -> dict[str, Any]:
    made: dict[str, Any] = {"type": LINK, "title": item.title, "url": item.url}
    if item.text:
        made["text"] = item.text
    if item.icon_url:
        made["icon"] = {"url": item.icon_url, "width": 32, "height": 32}
    if item.custom:
        made["custom"] = _custom(item)
    if item.line_item is not None and settings.accept_line_item:
        made["lineItem"] = _line_item(item, item.line_item)
    if item.due_at is not None:
        made["submission"] = {"endDateTime": _moment(item.due_at)}
    for target, size in SHOWN:
        if target in settings.accept_document_targets:
            made[target] = dict(size)
            break
    return made


def _line_item(item: LinkItem, column: LineItem) -> dict[str, Any]:
    made: dict[str, Any] = {
        "label": column.label,
        "scoreMaximum": column.maximum,
        "resourceId": column.resource_id,
    }
    if column.tag:
        made["tag"] = column.tag
    if column.reviewed:
        made["submissionReview"] = {
            "reviewableStatus": list(REVIEWED),
            "url": item.url,
            "custom": _custom(item),
        }
    return made


def _custom(item: LinkItem) -> dict[str, str]:
    return {name.lower(): " ".join(value.split()) for name, value in item.custom.items()}


def _moment(when: datetime) -> str:
    """ISO 8601 in UTC, to the second (§3.2)."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
