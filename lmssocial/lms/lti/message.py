"""The answer of the LMS: an id_token. No word of it is believed before every rule holds (Security Framework §5.1.3)."""

from collections.abc import Mapping
from typing import Any, Self

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
from lmssocial.lms.lti.signed import FindKey, SignedToken

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
        refusal.ahead = message.ahead if refusal.cause is causes.CLOCK_OFF else None
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
        self._token: Mapping[str, Any] = {}
        self._message_type = MessageType.RESOURCE_LINK
        return self

    @property
    def ahead(self) -> float:
        """Seconds that the platform's clock was ahead of ours when it issued the token, whose times are numbers."""
        return float(self._token["iat"]) - clock.now().timestamp()

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
        """There is a token, and it can be taken apart."""
        token = self._get_request_param("id_token")
        require(token, causes.TOKEN_MISSING)
        self._signed = SignedToken.parse(token)
        self._token = self._signed.claims
        self._jwt = {"header": self._signed.header, "body": self._token}  # type: ignore[typeddict-item]  # checked below
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
        """Signed by the platform, issued now."""
        self._signed.verify(self._platform, self._find_key)
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
