"""What PyLTI1p3's classes want to be handed: a request, a tool configuration, and a way to the network.

Only the part that its versions 2.0 and the maintained fork share is used. Its own storage, cookies, HTTP and role
classes are not: they keep launches in cookies, know no time-outs, and take a stranger's Instructor for a teacher.
"""
# ruff: noqa: ARG002 -- the signatures are the library's

from collections.abc import Iterable
from typing import Any, NoReturn

from pylti1p3.cookie import CookieService
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lmssocial.lms.lti import causes
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused


class Parameters(Request):
    """The parameters of one request, from the query or the form, each of them at most once."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """:param pairs: names and values in the order they came, repetitions included."""
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def get_param(self, key: str) -> str:
        """The value of ``key``, or empty text.

        :raises LaunchRefused: if it stands there twice; which of the two would be checked, which used?
        """
        values = self._values.get(key, [""])
        if len(values) > 1:
            raise LaunchRefused(causes.PARAMETER_REPEATED, key)
        return values[0]

    def is_secure(self) -> bool:
        """Whether the request came over https: what browsers are told about cookies is decided elsewhere."""
        return True

    @property
    def session(self) -> NoReturn:
        """There is none: nothing about a launch is kept in the browser."""
        raise NotImplementedError


class OnePlatform(ToolConfAbstract[Parameters]):
    """A tool configuration that knows the one registration this login or launch is about."""

    def __init__(self, platform: Platform) -> None:
        """:param platform: already found, by the address of the login or by the login's own row."""
        self._platform = platform

    def check_iss_has_one_client(self, iss: str) -> bool:
        """Never by issuer alone; the library's own answer is a dictionary all configurations share."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """Always by issuer and client id."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> NoReturn:
        """Never asked, see above."""
        raise LaunchRefused(causes.PLATFORM_UNKNOWN, iss)

    def find_registration_by_params(
        self, iss: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Registration:
        """Give the registration in the library's own form.

        :raises LaunchRefused: if it is asked for another one.
        """
        platform = self._platform
        if iss != platform.issuer or client_id not in ("", platform.client_id):
            raise LaunchRefused(causes.PLATFORM_UNKNOWN, f"{iss!r}, {client_id!r}")
        return (
            Registration()
            .set_issuer(platform.issuer)
            .set_client_id(platform.client_id)
            .set_auth_login_url(platform.auth_login_url)
            .set_key_set_url(platform.jwks_url)
        )

    def find_deployment(self, iss: str, deployment_id: str) -> NoReturn:
        """Never asked: which deployments are known and approved, tenancy decides afterwards."""
        raise NotImplementedError(deployment_id)

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> NoReturn:
        """Never asked, see above."""
        raise NotImplementedError(deployment_id)


class NoHttp:
    """Stands where the library wants an HTTP client: the one way out is :mod:`lmssocial.core.outbound`.

    Anything tried on it is an ``AttributeError``.
    """


class NoCookies(CookieService):
    """Stands where the library wants to set cookies; the web above sets ours, with attributes it does not know."""

    def get_cookie(self, name: str) -> NoReturn:
        """Refuse."""
        raise NotImplementedError(name)

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> NoReturn:
        """Refuse."""
        raise NotImplementedError(name)
