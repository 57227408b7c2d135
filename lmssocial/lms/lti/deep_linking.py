"""The answer to a deep-linking request: what was chosen, in a token of ours (Deep Linking 2.0 §4.5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.lti import claims
from lmssocial.lms.lti.launch import DeepLinkingSettings

LINK = "ltiResourceLink"
"""The one kind of item we make: a link that launches us (Deep Linking 2.0 §3.2)."""

VALID_FOR = timedelta(minutes=5)
"""How long the answer is good; the browser carries it to the LMS at once."""

_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"

Sign = Callable[[Mapping[str, Any]], str]
"""Makes a signed token (RS256, with ``kid``) of claims."""


@dataclass(frozen=True, kw_only=True)
class LinkItem:
    """One link for the course."""

    title: str
    url: str
    """Where it launches: our launch address."""
    text: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    """Comes back with every launch of the link, and in copies of it. Moodle folds names to lower case and cuts values
    at a line break, so names are lower case and values one line."""


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
    asker: Asker, settings: DeepLinkingSettings, items: Sequence[LinkItem], sign: Sign, *, message: str = ""
) -> str:
    """Make the token that the browser carries to ``settings.return_url`` as ``JWT`` (§4.5).

    :param items: what was chosen; none at all means that nothing was.
    :param message: for the person, shown by the LMS if it likes.
    :raises ItemsRefused: see :func:`content_items`.
    """
    now = int(clock.now().timestamp())
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
    if message:
        token[_DL + "msg"] = message
    return sign(token)


def _content_item(settings: DeepLinkingSettings, item: LinkItem) -> dict[str, Any]:
    made: dict[str, Any] = {"type": LINK, "title": item.title, "url": item.url}
    if item.text:
        made["text"] = item.text
    if item.custom:
        made["custom"] = {name.lower(): " ".join(value.split()) for name, value in item.custom.items()}
    if "iframe" in settings.accept_document_targets:
        made["iframe"] = {"width": 900, "height": 700}
    elif "window" in settings.accept_document_targets:
        made["window"] = {"targetName": "_blank"}
    return made
