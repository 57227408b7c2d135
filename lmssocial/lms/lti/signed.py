"""Tokens that a platform signed: taken apart, and checked against the platform's key (RFC 7515, RFC 7519)."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from lmssocial.lms.lti import causes
from lmssocial.lms.lti.checks import is_identifier, require
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused

MAX_TOKEN = 128_000
"""Characters of a token; real ones have one to ten thousand."""
ALGORITHM = "RS256"
"""The one algorithm there is, whatever a header or a key set says (Security Framework §5.1.2)."""

FindKey = Callable[[Platform, str], RSAPublicKey]
"""Platform and key id to the platform's key.

:raises LaunchRefused: if there is no such key, or the platform's keys cannot be had.
"""


@dataclass(frozen=True)
class SignedToken:
    """A token, taken apart. Nothing in it is true before :meth:`verify` and every check of its claims."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take apart: three parts, two of them JSON objects (RFC 7515 §3.1), no header we would have to understand.

        :raises LaunchRefused: if it is no such thing.
        """
        require(len(text) <= MAX_TOKEN, causes.TOKEN_TOO_LONG, f"{len(text)} characters")
        parts = text.split(".")
        require(len(parts) == 3, causes.TOKEN_UNREADABLE, f"{len(parts)} parts")
        header, claims = (_json_object(part) for part in parts[:2])
        require("crit" not in header, causes.HEADER_CRITICAL, repr(header.get("crit"))[:100])
        return cls(text, header, claims)

    def verify(self, platform: Platform, find_key: FindKey) -> None:
        """Signed by the platform, with RS256 and nothing else.

        :raises LaunchRefused: if it is not, or the platform's keys cannot be had.
        """
        algorithm, kid = self.header.get("alg"), self.header.get("kid")
        require(algorithm == ALGORITHM, causes.ALGORITHM_REFUSED, repr(algorithm)[:50])
        require(is_identifier(kid), causes.KEY_UNNAMED, repr(kid)[:300])
        key = find_key(platform, str(kid))
        signed, _, signature = self.text.rpartition(".")
        try:
            key.verify(_base64(signature), signed.encode("ascii"), PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise LaunchRefused(causes.SIGNATURE_WRONG, f"kid {kid!r}") from error


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
