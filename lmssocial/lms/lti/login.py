"""Login initiation: the LMS sends somebody, and we send them back to prove who they are (Security Framework §5.1.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from pylti1p3.exception import LtiException, OIDCException
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.session import SessionService

from lmssocial.lms.lti import causes
from lmssocial.lms.lti.checks import MAX_ID, require
from lmssocial.lms.lti.library import NoCookies, OnePlatform, Parameters
from lmssocial.lms.lti.pending import LoginRequest, Secrets
from lmssocial.lms.lti.platforms import Platform, PlatformDirectory
from lmssocial.lms.lti.refusals import LaunchRefused

MAX_HINT = 8000
"""Characters of a hint or an address in a login; Canvas's hints are tokens of over a thousand."""


_SHORT = frozenset({"iss", "client_id", "lti_deployment_id", "lti_storage_target"})


@dataclass(frozen=True)
class Departure:
    """Where the browser goes now, and the secrets of this login."""

    url: str
    secrets: Secrets
    platform: Platform


def read_login(parameters: Parameters) -> LoginRequest:
    """Read what the LMS asks for.

    :raises LaunchRefused: if a required parameter is missing, or one is repeated, too long or not text.
    """
    values = {
        name: parameters.get_param(name)
        for name in (
            "iss",
            "login_hint",
            "target_link_uri",
            "client_id",
            "lti_deployment_id",
            "lti_message_hint",
            "lti_storage_target",
        )
    }
    for name, value in values.items():
        longest = MAX_ID if name in _SHORT else MAX_HINT
        require(
            len(value) <= longest and "\0" not in value,
            causes.PARAMETER_UNUSABLE,
            f"{name}: {len(value)} letters",
        )
    for name in ("iss", "login_hint", "target_link_uri"):
        require(values[name], causes.PARAMETER_MISSING, name)
    return LoginRequest(
        issuer=values["iss"],
        login_hint=values["login_hint"],
        target_link_uri=values["target_link_uri"],
        client_id=values["client_id"],
        deployment_id=values["lti_deployment_id"] or None,
        message_hint=values["lti_message_hint"],
        storage_target=values["lti_storage_target"],
    )


def find_platform(directory: PlatformDirectory, request: LoginRequest, public_key: str | None) -> Platform:
    """Find whose login this is: by the registration's own login address, or by issuer and client id.

    :raises LaunchRefused: if nobody, or more than one, is meant; or if that one is switched off.
    """
    detail = f"issuer {request.issuer!r}, client {request.client_id!r}"
    if public_key is not None:
        own = directory.by_public_key(public_key)
        found = [own] if own is not None and _means(request, own) else []
    else:
        found = list(directory.by_issuer(request.issuer, request.client_id or None, request.deployment_id))
    require(found, causes.PLATFORM_UNKNOWN, detail)
    require(len(found) == 1, causes.PLATFORM_AMBIGUOUS, f"{detail}: {len(found)} registrations")
    if not found[0].enabled:
        raise LaunchRefused(causes.PLATFORM_DISABLED, detail, registration_id=found[0].registration_id)
    return found[0]


def is_our_target(target: str, public_url: str) -> bool:
    """Whether ``target`` is a place in this tool: same scheme, host and port.

    Compared after parsing, so that ``https://tool@evil.example`` and ``https://tool.evil.example`` are seen through.
    Its path does not matter: nobody is ever redirected to it, the resource link decides where a launch leads.
    """
    try:
        ours, theirs = urlsplit(public_url), urlsplit(target)
        same_place = (theirs.scheme, theirs.hostname, _port(theirs)) == (
            ours.scheme,
            ours.hostname,
            _port(ours),
        )
    except ValueError:
        return False
    return same_place and "@" not in theirs.netloc and "\\" not in target and target.isprintable()


def depart(
    parameters: Parameters,
    platform: Platform,
    request: LoginRequest,
    *,
    public_url: str,
    remember: Callable[[Platform, LoginRequest], Secrets],
) -> Departure:
    """Check the request and work out where to send the browser.

    :param remember: writes the login down and makes its secrets; the row must be committed before the answer goes out.
    :raises LaunchRefused: if the target is not in this tool.
    """
    login = _Login(
        parameters,
        OnePlatform(platform),
        session_service=SessionService(parameters),
        cookie_service=NoCookies(),
    )
    try:
        return login.departure(platform, request, public_url, remember)
    except LaunchRefused as refusal:
        refusal.registration_id = platform.registration_id
        raise
    except (OIDCException, LtiException) as error:  # the library's two families know nothing of each other
        raise LaunchRefused(
            causes.PARAMETER_UNUSABLE, str(error), registration_id=platform.registration_id
        ) from error


class _Login(OIDCLogin[Parameters, OnePlatform, SessionService, NoCookies, str]):
    """PyLTI1p3's login with a redirect of our own: every secret in one row, the LMS's own query kept."""

    def departure(
        self,
        platform: Platform,
        request: LoginRequest,
        public_url: str,
        remember: Callable[[Platform, LoginRequest], Secrets],
    ) -> Departure:
        """Work out the authentication request (OpenID Connect Core §3.1.2.1, LTI Security Framework §5.1.1.2)."""
        self._registration = self.validate_oidc_login()
        require(
            is_our_target(request.target_link_uri, public_url),
            causes.TARGET_NOT_OURS,
            request.target_link_uri,
        )
        secrets = remember(platform, request)
        query = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": platform.client_id,
            "redirect_uri": f"{public_url}/lti/launch",  # always this one: platforms compare it byte by byte
            "state": secrets.state,
            "nonce": secrets.nonce,
            "login_hint": request.login_hint,
        }
        if request.message_hint:
            query["lti_message_hint"] = request.message_hint
        return Departure(_with_query(platform.auth_login_url, query), secrets, platform)

    def get_redirect(self, url: str) -> Redirect[str]:
        """Never asked: the web above answers the browser."""
        raise NotImplementedError(url)


def _means(request: LoginRequest, platform: Platform) -> bool:
    return request.issuer == platform.issuer and request.client_id in ("", platform.client_id)


def _port(parts: SplitResult) -> int | None:
    return parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _with_query(url: str, query: dict[str, str]) -> str:
    """``url`` with ``query`` behind whatever query it has: some platforms tell their tenants apart by it."""
    parts = urlsplit(url)
    merged = parse_qsl(parts.query, keep_blank_values=True) + list(query.items())
    return urlunsplit(parts._replace(query=urlencode(merged)))
