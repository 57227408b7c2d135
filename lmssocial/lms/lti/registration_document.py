"""What we tell an LMS about ourselves, so that nobody has to type it.

Two documents say the same: the client metadata of LTI Dynamic Registration 1.0 §3.5.2, and Canvas's own developer key
configuration, for those who register by hand there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS = "https://canvas.instructure.com/lti/"

SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",  # Moodle does not take it as part of the above
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)
"""Grades and roster (AGS 2.0 §3.1, NRPS 2.0 §2.1)."""

CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email", "locale")
"""What we want to be told about people; without the names a Moodle sends none."""

CUSTOM = {
    "context_id_history": "$Context.id.history",
    "resource_link_id_history": "$ResourceLink.id.history",
    "group_ids": "$Moodle.Person.userGroupIds",
    "section_ids": "$Canvas.course.sectionIds",
    "section_names": "$com.instructure.User.sectionNames",
}
"""Where a copied course or link came from, in the words of LTI Core 1.3 §B.1 and §B.2; the groups and sections of
whoever comes, in the words of the two that tell them so. Others leave the variables as they are, which says nothing."""

DEEP_LINKING_PLACEMENTS = ("ContentArea", "assignment_selection", "link_selection")
"""Where an instructor adds content: the standard's name, and Canvas's two (modules and assignments)."""


@dataclass(frozen=True, kw_only=True)
class ToolDescription:
    """This installation, as platforms get to know it."""

    public_url: str
    """Scheme, host and port under which browsers and the LMS reach us; no path, no slash at the end."""
    name: str
    """What the LMS lists us as."""
    summary: str
    """One sentence for the administrator."""
    picker_label: str
    """What the button says with which an instructor adds one of our widgets."""

    @property
    def domain(self) -> str:
        """Our host, with the port if it has one; Moodle compares it with the target's byte by byte."""
        return urlsplit(self.public_url).netloc

    @property
    def launch_url(self) -> str:
        """Where launches arrive: the one redirect URI and the target of every link."""
        return f"{self.public_url}/lti/launch"

    @property
    def jwks_url(self) -> str:
        """Where our public keys are."""
        return f"{self.public_url}/lti/jwks.json"

    @property
    def icon_url(self) -> str:
        """Our picture, at an address that stays."""
        return f"{self.public_url}/lti/icon.svg"

    def login_url(self, public_key: str = "") -> str:
        """Where logins begin: the address of one registration, or the one for all."""
        return f"{self.public_url}/lti/login" + (f"/{public_key}" if public_key else "")


def client_metadata(
    tool: ToolDescription,
    *,
    public_key: str,
    scopes_supported: Iterable[str] = (),
    placements: Mapping[str, frozenset[str]] | None = None,
) -> dict[str, Any]:
    """What is posted to the registration endpoint.

    :param public_key: of the registration that is being made; its own login address tells two customers apart who
        share an issuer and a client id.
    :param scopes_supported: what the platform offers; nothing else is asked for. Empty: it did not say.
    :param placements: by message type, what the platform offers; ``None`` or empty: it did not say.
    """
    offered = frozenset(scopes_supported)
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url(public_key),
        "redirect_uris": [tool.launch_url],
        "client_name": tool.name,
        "client_uri": tool.public_url,
        "jwks_uri": tool.jwks_url,
        "logo_uri": tool.icon_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in SCOPES if not offered or scope in offered),
        TOOL_CONFIGURATION: {
            "domain": tool.domain,
            "description": tool.summary,
            "target_link_uri": tool.launch_url,
            "custom_parameters": dict(CUSTOM),
            "claims": list(CLAIMS),
            "messages": [
                _deep_linking(tool, (placements or {}).get("LtiDeepLinkingRequest", frozenset())),
                {"type": "LtiResourceLinkRequest", "target_link_uri": tool.launch_url, "label": tool.name},
            ],
            CANVAS + "privacy_level": "public",
        },
    }


def _deep_linking(tool: ToolDescription, offered: frozenset[str]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": "LtiDeepLinkingRequest",
        "target_link_uri": tool.launch_url,
        "label": tool.picker_label,
        "icon_uri": tool.icon_url,
    }
    # Canvas writes its own placements with or without its prefix, and refuses those it did not offer.
    wanted = [one for name in DEEP_LINKING_PLACEMENTS for one in (name, CANVAS + name) if one in offered]
    if wanted or not offered:
        message["placements"] = wanted or ["ContentArea"]
    return message


def canvas_configuration(tool: ToolDescription) -> dict[str, Any]:
    """The JSON of a Canvas LTI developer key, for *Enter URL* on its registration form."""
    placement = {
        "message_type": "LtiDeepLinkingRequest",
        "target_link_uri": tool.launch_url,
        "text": tool.picker_label,
        "icon_url": tool.icon_url,
        "enabled": True,
        "selection_width": 800,
        "selection_height": 640,
    }
    return {
        "title": tool.name,
        "description": tool.summary,
        "target_link_uri": tool.launch_url,
        "oidc_initiation_url": tool.login_url(),
        "public_jwk_url": tool.jwks_url,
        "scopes": list(SCOPES),
        "custom_fields": dict(CUSTOM),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": tool.domain,
                "tool_id": "lmssocial",
                "privacy_level": "public",
                "settings": {
                    "text": tool.name,
                    "icon_url": tool.icon_url,
                    "placements": [
                        {"placement": name, **placement}
                        for name in ("assignment_selection", "link_selection")
                    ],
                },
            }
        ],
    }
