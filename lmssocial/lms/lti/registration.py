"""Dynamic registration: an LMS and we exchange addresses, and nobody types one (LTI Dynamic Registration 1.0).

The LMS opens our page with the address of its configuration and, mostly, a token. We fetch the configuration, make
sure that it speaks for the issuer it names, hand in our own, and read which client id we were given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lmssocial.core.kernel.errors import Problem
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.outbound import Outbound, OutboundError, Reply
from lmssocial.lms.lti.checks import is_identifier, is_web_address
from lmssocial.lms.lti.registration_document import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION

SHARED_ISSUERS: Mapping[str, tuple[str, ...]] = {
    "canvas.instructure.com": ("instructure.com", "canvaslms.com"),
    "canvas.beta.instructure.com": ("beta.instructure.com", "beta.canvaslms.com"),
    "canvas.test.instructure.com": ("test.instructure.com", "test.canvaslms.com"),
    "blackboard.com": ("blackboard.com",),
}
"""Issuers that speak for a whole product, and the domains their configuration may lie in.

Everywhere else the issuer's host must be the configuration's (Dynamic Registration §3.5.1).
"""

MAX_SHOWN = 1000
"""Letters of an LMS's own answer that the administrator gets to read."""


class RegistrationFailed(Problem):
    """The LMS and we did not come together. Who reads this is an administrator, so it says everything."""

    status = 502

    def __init__(self, message: str, *, reason: str = "", answer: str = "") -> None:
        """Say ``message``, and show ``answer``: what the LMS itself said, word for word."""
        super().__init__(message, title=_("The registration did not work"), reason=reason or message)
        self.answer = answer[:MAX_SHOWN]


@dataclass(frozen=True, kw_only=True)
class PlatformConfiguration:
    """What an LMS says of itself (Dynamic Registration §3.4)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    token_audience: str = ""
    """What an assertion must name as its audience, where that is not the token endpoint (Brightspace)."""
    family: str = ""
    version: str = ""
    scopes: frozenset[str] = frozenset()
    placements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By message type; empty where the LMS did not say."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What an LMS gave us."""

    client_id: str
    deployment_id: str = ""
    """Empty where the LMS makes deployments later (Canvas, Brightspace)."""
    management_url: str = ""
    management_token: str = ""


def speaks_for(configuration_url: str, issuer: str) -> bool:
    """Whether a configuration at this address may name ``issuer``."""
    try:
        host, issuing = urlsplit(configuration_url).hostname or "", urlsplit(issuer).hostname or ""
    except ValueError:
        return False
    if not host or not issuing:
        return False
    domains = SHARED_ISSUERS.get(issuing, ())
    return host == issuing or any(host == domain or host.endswith("." + domain) for domain in domains)


def institution_origins(issuer: str) -> tuple[str, ...]:
    """Where the pages lie that frame us, for an issuer that speaks for every institution of a product.

    A Canvas signs as canvas.instructure.com and shows its courses at school.instructure.com. An institution with an
    address of its own has to be noted by hand.
    """
    return tuple(f"https://*.{domain}" for domain in SHARED_ISSUERS.get(urlsplit(issuer).hostname or "", ()))


def fetch_configuration(outbound: Outbound, url: str, token: str) -> PlatformConfiguration:
    """Ask the LMS for its configuration.

    :param token: sent as Bearer when there is one: Canvas wants it already here.
    :raises RegistrationFailed: if the LMS does not answer, or the answer cannot be used.
    """
    try:
        reply = outbound.get_json(url, headers=_bearer(token))
    except OutboundError as error:
        raise RegistrationFailed(
            _("We could not fetch the configuration of your LMS from %(url)s.", url=url),
            reason=str(error),
            answer=_answer(error),
        ) from error
    return read_configuration(url, reply.data)


def read_configuration(url: str, document: object) -> PlatformConfiguration:
    """Understand the configuration found at ``url``.

    :raises RegistrationFailed: if it lacks an address, or names an issuer it may not speak for.
    """
    if not isinstance(document, dict):
        raise RegistrationFailed(_("The configuration of your LMS is not a JSON object."))
    addresses = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
    encrypted = urlsplit(url).scheme == "https"
    wrong = [name for name in addresses if not _is_usable(document.get(name), encrypted=encrypted)]
    if wrong:
        raise RegistrationFailed(
            _(
                "The configuration of your LMS has no usable address under: %(names)s. "
                "Each must be a full https address.",
                names=", ".join(wrong),
            )
        )
    issuer = str(document["issuer"])
    if len(issuer) > 255 or not speaks_for(url, issuer):
        raise RegistrationFailed(
            _(
                "The configuration at %(url)s speaks for another LMS, %(issuer)s. For your safety we did not go on. "
                "If this is right, ask the administrator of this tool to register your LMS by hand.",
                url=url,
                issuer=issuer[:255],
            )
        )
    platform = _object(document.get(PLATFORM_CONFIGURATION))
    audience = document.get("authorization_server")
    return PlatformConfiguration(
        issuer=issuer,
        authorization_endpoint=str(document["authorization_endpoint"]),
        token_endpoint=str(document["token_endpoint"]),
        jwks_uri=str(document["jwks_uri"]),
        registration_endpoint=str(document["registration_endpoint"]),
        # Canvas names a bare host here and wants the token endpoint all the same.
        token_audience=str(audience) if is_web_address(audience) else "",
        family=_text(platform.get("product_family_code")).lower()[:32],
        version=_text(platform.get("version"))[:100],
        scopes=_texts(document.get("scopes_supported")),
        placements=placements_of(platform.get("messages_supported")),
    )


def register(
    outbound: Outbound, configuration: PlatformConfiguration, metadata: Mapping[str, Any], token: str
) -> Registered:
    """Hand in our ``metadata`` and read what the LMS made of it.

    :raises RegistrationFailed: if the LMS refuses, with its own words.
    """
    try:
        reply = outbound.post_json(configuration.registration_endpoint, metadata, headers=_bearer(token))
    except OutboundError as error:
        raise RegistrationFailed(
            _(
                "Your LMS did not accept the registration. The registration link may have expired or been used before."
            ),
            reason=str(error),
            answer=_answer(error),
        ) from error
    return read_registered(reply)


def read_registered(reply: Reply) -> Registered:
    """Understand the answer to a registration (Dynamic Registration §3.6).

    :raises RegistrationFailed: if it does not say which client id we have.
    """
    answer = _object(reply.data)
    client_id = answer.get("client_id")
    if isinstance(client_id, int) and not isinstance(client_id, bool):
        client_id = str(client_id)
    if not is_identifier(client_id):
        raise RegistrationFailed(_("Your LMS answered without a client id."), answer=reply.text)
    tool = _object(answer.get(TOOL_CONFIGURATION))
    deployment = tool.get("deployment_id", answer.get("deployment_id"))
    if isinstance(deployment, int) and not isinstance(deployment, bool):
        deployment = str(deployment)
    management = answer.get("registration_client_uri")
    return Registered(
        client_id=client_id,
        deployment_id=deployment if is_identifier(deployment) and deployment.isascii() else "",
        management_url=management if is_web_address(management) and len(management) <= 2000 else "",
        management_token=_text(answer.get("registration_access_token"))[:2000],
    )


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _answer(error: OutboundError) -> str:
    """What stood in the way, for the administrator: the LMS's own words, or why there are none."""
    said = error.reply.text if error.reply is not None else ""
    return f"{error.reason}\n\n{said}".strip()


def _is_usable(value: object, *, encrypted: bool) -> bool:
    if not is_web_address(value) or len(value) > 2000:
        return False
    return not encrypted or urlsplit(value).scheme == "https"


def placements_of(messages: object) -> dict[str, frozenset[str]]:
    """The placements of each type of message, from a list of messages in a configuration or a registration."""
    found: dict[str, frozenset[str]] = {}
    for message in messages if isinstance(messages, list) else []:
        entry = _object(message)
        kind = _text(entry.get("type"))
        found[kind] = found.get(kind, frozenset()) | _texts(entry.get("placements"))
    return found


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: object) -> frozenset[str]:
    return (
        frozenset(one for one in values if isinstance(one, str)) if isinstance(values, list) else frozenset()
    )
