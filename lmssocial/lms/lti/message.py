"""The answer of the LMS: an id_token. No word of it is believed before every rule holds (Security Framework §5.1.3)."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from pylti1p3.exception import LtiException
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.session import SessionService

from lmssocial.core.kernel import clock
from lmssocial.lms.lti import causes, checks
from lmssocial.lms.lti.checks import require
from lmssocial.lms.lti.launch import Launch, MessageType
from lmssocial.lms.lti.library import NoCookies, NoHttp, OnePlatform, Parameters
from lmssocial.lms.lti.pending import BegunLogin
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.reading import read_launch
from lmssocial.lms.lti.refusals import LaunchRefused

MAX_TOKEN = 128_000
"""Characters of an id_token; real ones have one to ten thousand."""
ALGORITHM = "RS256"
"""The one algorithm there is, whatever a header or a key set says (Security Framework §5.1.2)."""

FindKey = Callable[[Platform, str], RSAPublicKey]
"""Platform and key id to the platform's key.

:raises LaunchRefused: if there is no such key, or the platform's keys cannot be had.
"""

_NO_HTTP: Any = NoHttp()


def read_message(
    parameters: Parameters, *, login: BegunLogin, browser: str, platform: Platform, find_key: FindKey
) -> Launch:
    """Check the answer of the LMS to ``login`` and read it.

    :param browser: the secret the browser's cookie holds; empty when it sent none.
    :raises LaunchRefused: at the first rule that is broken.
    """
    message = _Message(
        parameters,
        OnePlatform(platform),
        session_service=SessionService(parameters),
        cookie_service=NoCookies(),
        requests_session=_NO_HTTP,
    )
    try:
        message.expect(login, browser, platform, find_key).validate()
    except LaunchRefused as refusal:
        refusal.registration_id = platform.registration_id
        raise
    except LtiException as error:
        raise LaunchRefused(
            causes.TOKEN_UNREADABLE, str(error), registration_id=platform.registration_id
        ) from error
    return message.launch


class _Message(MessageLaunch[Parameters, OnePlatform, SessionService, NoCookies]):
    """PyLTI1p3's message launch, with its order of steps and each step replaced by the strict one."""

    launch: Launch

    def expect(self, login: BegunLogin, browser: str, platform: Platform, find_key: FindKey) -> Self:
        """Say what answer is waited for, and from whom."""
        self._login, self._browser, self._platform, self._find_key = login, browser, platform, find_key
        self._header: dict[str, Any] = {}
        self._token: dict[str, Any] = {}
        self._message_type = MessageType.RESOURCE_LINK
        return self

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def validate_state(self) -> Self:
        """The answer belongs to this browser's login, and is an answer and not an error (§5.1.1.5)."""
        require(self._browser, causes.COOKIE_MISSING)
        require(self._login.is_browser(self._browser), causes.OTHER_BROWSER)
        error = self._get_request_param("error")
        if error:
            detail = f"{error}: {self._get_request_param('error_description')}"[:300]
            signed_out = error in {"login_required", "interaction_required", "account_selection_required"}
            raise LaunchRefused(causes.LMS_SIGNED_OUT if signed_out else causes.LMS_ERROR, detail)
        return self

    def validate_jwt_format(self) -> Self:
        """Three parts, two of them JSON objects (RFC 7515 §3.1); nothing in the header we would have to understand."""
        token = self._get_request_param("id_token")
        require(token, causes.TOKEN_MISSING)
        require(len(token) <= MAX_TOKEN, causes.TOKEN_TOO_LONG, f"{len(token)} characters")
        parts = token.split(".")
        require(len(parts) == 3, causes.TOKEN_UNREADABLE, f"{len(parts)} parts")
        self._header, self._token = (_json_object(part) for part in parts[:2])
        self._jwt = {"header": self._header, "body": self._token}  # type: ignore[typeddict-item]  # checked below
        require("crit" not in self._header, causes.HEADER_CRITICAL, repr(self._header.get("crit"))[:100])
        return self

    def validate_nonce(self) -> Self:
        """The nonce is the one this very login sent; the login is gone, so it never comes again."""
        require(self._login.is_nonce(self._token.get("nonce")), causes.NONCE_WRONG)
        return self

    def validate_registration(self) -> Self:
        """Issued by the platform of this login, for us."""
        checks.check_issuer(self._token, self._platform)
        checks.check_audience(self._token, self._platform)
        self._registration = self._tool_config.find_registration_by_params(
            self._platform.issuer, self._platform.client_id
        )
        return self

    def validate_jwt_signature(self) -> Self:
        """Signed by the platform, with RS256 and nothing else; issued now."""
        require(
            self._header.get("alg") == ALGORITHM, causes.ALGORITHM_REFUSED, repr(self._header.get("alg"))[:50]
        )
        kid = self._header.get("kid")
        require(checks.is_identifier(kid), causes.KEY_UNNAMED, repr(kid)[:300])
        key = self._find_key(self._platform, str(kid))
        signed, _, signature = self._get_request_param("id_token").rpartition(".")
        try:
            key.verify(_base64(signature), signed.encode("ascii"), PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise LaunchRefused(causes.SIGNATURE_WRONG, f"kid {kid!r}") from error
        checks.check_times(self._token, now=clock.now(), login_began=self._login.began_at)
        return self

    def validate_deployment(self) -> Self:
        """For a readable deployment, the one the login named if it named one."""
        checks.check_deployment(self._token, self._login.deployment_id)
        return self

    def validate_message(self) -> Self:
        """Everything the standard demands of its message type."""
        self._message_type = checks.check_message(
            self._token, target=self._login.target_link_uri, allow_anonymous=self._platform.allow_anonymous
        )
        if self._message_type is MessageType.DEEP_LINKING:
            checks.check_deep_linking(self._token, self._platform)
        return self

    def save_launch_data(self) -> Self:
        """Keep the launch as a value; the token itself, with all its personal data, is kept nowhere."""
        self.launch = read_launch(self._token, self._platform, self._message_type)
        return self


def _base64(text: str) -> bytes:
    """Undo base64url without padding (RFC 7515 §2).

    :raises LaunchRefused: if it is not that.
    """
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise LaunchRefused(causes.TOKEN_UNREADABLE, str(error)) from error


def _json_object(part: str) -> dict[str, Any]:
    try:
        read = json.loads(_base64(part))
    except (ValueError, RecursionError) as error:
        raise LaunchRefused(causes.TOKEN_UNREADABLE, str(error)[:200]) from error
    if not isinstance(read, dict):
        raise LaunchRefused(causes.TOKEN_UNREADABLE, f"a JSON {type(read).__name__} instead of an object")
    return read
