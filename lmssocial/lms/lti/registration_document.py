"""What we tell an LMS about ourselves, so that nobody has to type it.

Two documents say the same: the client metadata of LTI Dynamic Registration 1.0 §3.5.2, and Canvas's own developer key
configuration, for those who register by hand there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lmssocial.lms.lti.profiles import BLACKBOARD, PLAIN, Profile
from lmssocial.lms.lti.profiles import CANVAS as CANVAS_PROFILE
from lmssocial.lms.lti.profiles import MOODLE as MOODLE_PROFILE
from lmssocial.lms.lti.services import scopes

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS = "https://canvas.instructure.com/lti/"

SCOPES = (
    scopes.LINE_ITEM,
    scopes.LINE_ITEM_READONLY,  # Moodle does not take it as part of the above
    scopes.RESULT_READONLY,
    scopes.SCORE,
    scopes.ROSTER,
    scopes.GROUPS,
    scopes.NOTICE_HANDLERS,
    scopes.REGISTRATION,
)
"""Grades, roster, course groups, notices, and our own registration: everything we ever call."""

CANVAS_SCOPES = frozenset(SCOPES) - {scopes.GROUPS, scopes.REGISTRATION}
"""What a developer key of Canvas may hold; it refuses a document that names another scope."""
TOOL_ID = "lmssocial"
"""By which Canvas recognises the tool in all its deployments."""

REGISTERED_FOR_ALL = frozenset({BLACKBOARD.name})
"""Products with which a tool registers once for all institutions: their logins say which one by the deployment."""

CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email", "locale")
"""What we want to be told about people; without the names a Moodle sends none."""

CUSTOM = {
    "context_id_history": "$Context.id.history",
    "resource_link_id_history": "$ResourceLink.id.history",
}
"""Where a copied course or link came from, in the words of LTI Core 1.3 §B.1 and §B.2."""

CUSTOM_OF: Mapping[str, Mapping[str, str]] = {
    CANVAS_PROFILE.name: {
        "section_names": "$com.instructure.User.sectionNames",
        "section_ids": "$Canvas.course.sectionIds",
    },
    MOODLE_PROFILE.name: {"group_ids": "$Moodle.Person.userGroupIds"},
}
"""What one product tells in words of its own: the sections and groups somebody is in."""

DEEP_LINKING_PLACEMENTS = ("ContentArea", "assignment_selection", "link_selection")
"""Where an instructor adds content: the standard's name, and Canvas's two (modules and assignments)."""
NAVIGATION_PLACEMENT = "course_navigation"
"""Where a Canvas shows a tool beside its own pages of a course; off until an instructor wants it."""


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
    profile: Profile = PLAIN,
    scopes_supported: Iterable[str] = (),
    placements: Mapping[str, frozenset[str]] | None = None,
) -> dict[str, Any]:
    """What is posted to the registration endpoint.

    :param public_key: of the registration that is being made; its own login address tells two customers apart who
        share an issuer and a client id, unless that product knows one login address for all of them.
    :param profile: which product it is for; only it is asked for what only it has.
    :param scopes_supported: what the platform offers; nothing else is asked for. Empty: it did not say.
    :param placements: by message type, what the platform offers; ``None`` or empty: it did not say.
    """
    offered = frozenset(scopes_supported)
    is_canvas = profile.name == CANVAS_PROFILE.name
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url("" if profile.name in REGISTERED_FOR_ALL else public_key),
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
            "custom_parameters": custom_parameters(profile),
            "claims": list(CLAIMS),
            "messages": _messages(tool, placements or {}),
            **({CANVAS + "privacy_level": "public", CANVAS + "tool_id": TOOL_ID} if is_canvas else {}),
        },
    }


def custom_parameters(profile: Profile) -> dict[str, str]:
    """What launches of a product shall tell beside what they always tell."""
    return {**CUSTOM, **CUSTOM_OF.get(profile.name, {})}


def _messages(tool: ToolDescription, offered: Mapping[str, frozenset[str]]) -> list[dict[str, Any]]:
    """The messages we take: the picker and the activity always, the others where the platform has them."""
    launch: dict[str, Any] = {"type": "LtiResourceLinkRequest", "target_link_uri": tool.launch_url}
    launch["label"] = tool.name
    messages = [_deep_linking(tool, offered.get("LtiDeepLinkingRequest", frozenset())), launch]
    beside = _named_there(NAVIGATION_PLACEMENT, offered.get("LtiResourceLinkRequest", frozenset()))
    if beside:
        launch |= {
            "placements": beside,
            "icon_uri": tool.icon_url,
            CANVAS + "course_navigation/default_enabled": False,
            CANVAS + "visibility": "members",
        }
    if "LtiSubmissionReviewRequest" in offered:
        review = {
            "type": "LtiSubmissionReviewRequest",
            "target_link_uri": tool.launch_url,
            "label": tool.name,
        }
        messages.append(review)
    return messages


def _named_there(placement: str, offered: Iterable[str]) -> list[str]:
    """What a platform calls a placement: Canvas writes its own with or without its prefix; empty if it has none."""
    return [name for name in (placement, CANVAS + placement) if name in frozenset(offered)]


def _deep_linking(tool: ToolDescription, offered: frozenset[str]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": "LtiDeepLinkingRequest",
        "target_link_uri": tool.launch_url,
        "label": tool.picker_label,
        "icon_uri": tool.icon_url,
    }
    # Canvas refuses placements that it did not offer.
    wanted = [one for name in DEEP_LINKING_PLACEMENTS for one in _named_there(name, offered)]
    if wanted or not offered:
        message["placements"] = wanted or ["ContentArea"]
    return message


def canvas_configuration(tool: ToolDescription) -> dict[str, Any]:
    """The JSON of a Canvas LTI developer key, for *Enter URL* on its registration form."""
    return {
        "title": tool.name,
        "description": tool.summary,
        "target_link_uri": tool.launch_url,
        "oidc_initiation_url": tool.login_url(),
        "public_jwk_url": tool.jwks_url,
        "scopes": [scope for scope in SCOPES if scope in CANVAS_SCOPES],
        "custom_fields": custom_parameters(CANVAS_PROFILE),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": tool.domain,
                "tool_id": TOOL_ID,
                "privacy_level": "public",
                "settings": {
                    "text": tool.name,
                    "icon_url": tool.icon_url,
                    "placements": _canvas_placements(tool),
                },
            }
        ],
    }


def _canvas_placements(tool: ToolDescription) -> list[dict[str, Any]]:
    """The picker in modules and assignments, and a page of the course that somebody has to want."""
    picker = {
        "message_type": "LtiDeepLinkingRequest",
        "target_link_uri": tool.launch_url,
        "text": tool.picker_label,
        "icon_url": tool.icon_url,
        "enabled": True,
        "selection_width": 800,
        "selection_height": 640,
    }
    beside = {
        "placement": NAVIGATION_PLACEMENT,
        "message_type": "LtiResourceLinkRequest",
        "target_link_uri": tool.launch_url,
        "text": tool.name,
        "enabled": True,
        "default": "disabled",
        "visibility": "members",
    }
    pickers = [{"placement": name, **picker} for name in ("assignment_selection", "link_selection")]
    return [*pickers, beside]
