"""An LMS that registers tools, as far as registration goes; shaped after what Moodle 4.5 and Canvas were seen to do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.support.loopback import Loopback, listening, says

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def moodle_configuration(origin: str) -> dict[str, Any]:
    """What a Moodle at ``origin`` says of itself."""
    return {
        "issuer": origin,
        "token_endpoint": f"{origin}/mod/lti/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{origin}/mod/lti/certs.php",
        "authorization_endpoint": f"{origin}/mod/lti/auth.php",
        "registration_endpoint": f"{origin}/mod/lti/openid-registration.php",
        "scopes_supported": [AGS + "lineitem", AGS + "lineitem.readonly", AGS + "score", NRPS, "openid"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": ["Context.id", "Context.id.history", "ResourceLink.id"],
        },
    }


def canvas_configuration() -> dict[str, Any]:
    """What Canvas says of itself, the same for every institution on its cloud."""
    sso = "https://sso.canvaslms.com"
    return {
        "issuer": "https://canvas.instructure.com",
        "authorization_endpoint": f"{sso}/api/lti/authorize_redirect",
        "registration_endpoint": f"{sso}/api/lti/registrations",
        "jwks_uri": f"{sso}/api/lti/security/jwks",
        "token_endpoint": f"{sso}/login/oauth2/token",
        "authorization_server": "canvas.instructure.com",
        "scopes_supported": [AGS + "lineitem", AGS + "score", NRPS],
        PLATFORM: {
            "product_family_code": "canvas",
            "version": "vCloud",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest", "placements": ["course_navigation"]},
                {"type": "LtiDeepLinkingRequest", "placements": ["assignment_selection", "link_selection"]},
            ],
        },
    }


@dataclass
class RegisteringLms:
    """A running LMS: hands out its configuration, and a client id to whoever registers with the right token."""

    server: Loopback = field(default_factory=Loopback)
    token: str = "one-time-token"
    client_ids: list[str] = field(default_factory=lambda: ["DN4ZcEItehWiFsG", "Q2bXn0ServedSecond"])
    deployment_id: int | str | None = "1"
    configuration: dict[str, Any] = field(default_factory=dict)
    refusal: Callable[[BaseHTTPRequestHandler], None] | None = None
    """Answers registrations instead, when set."""
    registered: list[dict[str, Any]] = field(default_factory=list)
    page: str = ""
    """What its administrator sees at ``/``: HTML."""

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def configuration_url(self) -> str:
        """What it sends along as ``openid_configuration``."""
        return f"{self.origin}/mod/lti/openid-configuration.php"

    def show(self, tool_url: str, invitation: str) -> None:
        """Open our registration page in a frame, as the administrator's page does, and close it when we say so."""
        sent = {
            "invite": invitation,
            "openid_configuration": self.configuration_url,
            "registration_token": self.token,
        }
        address = escape(f"{tool_url}/lti/register?{urlencode(sent)}")
        self.page = f"""<!doctype html><html lang="en"><title>Manage tools</title>
            <iframe title="Registration" width="740" height="600" src="{address}">
            </iframe><p id="state">open</p><script>
            addEventListener("message", (event) => {{
              if (event.data?.subject !== "org.imsglobal.lti.close" || event.origin !== "{tool_url}") return;
              document.querySelector("iframe").remove();
              document.getElementById("state").textContent = "closed";
            }});</script>"""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = urlsplit(handler.path).path
        if handler.command == "GET" and path.endswith("openid-configuration.php"):
            says(json.dumps(moodle_configuration(self.origin) | self.configuration).encode())(handler)
        elif handler.command == "POST" and path.endswith("openid-registration.php"):
            self._register(handler)
        elif path == "/" and self.page:
            says(self.page.encode(), "text/html; charset=utf-8")(handler)
        else:
            says(b"not found", "text/plain", 404)(handler)

    def _register(self, handler: BaseHTTPRequestHandler) -> None:
        if self.refusal is not None:
            self.refusal(handler)
            return
        if handler.headers.get("Authorization") != f"Bearer {self.token}":
            says(b"missing_registration_token", "text/plain", 401)(handler)
            return
        handed_in = json.loads(handler.sent)  # type: ignore[attr-defined]  # the loopback server keeps it there
        tool = handed_in[TOOL]
        if urlsplit(tool["target_link_uri"]).netloc != tool["domain"]:
            says(b"domain_targetlinkuri_mismatch", "text/plain", 400)(handler)
            return
        self.registered.append(handed_in)
        client_id = self.client_ids[min(len(self.registered), len(self.client_ids)) - 1]
        given = {} if self.deployment_id is None else {"deployment_id": self.deployment_id}
        says(json.dumps(handed_in | {"client_id": client_id, TOOL: tool | given}).encode())(handler)


@contextmanager
def registering_lms() -> Iterator[RegisteringLms]:
    """Run one while the block runs."""
    lms = RegisteringLms()
    with listening(lms.answer) as server:
        lms.server = server
        yield lms
