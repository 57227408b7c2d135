"""The public keys of tools: fetched from their JWKS addresses, kept for an hour, fetched anew for an unknown key."""

import threading
import time
from typing import Any

import jwt

from lmssocial.core.outbound import MAX_JWKS, Outbound, OutboundError

KEEP = 3600
"""Seconds a key set is used without asking again."""
PAUSE = 5
"""Seconds between two fetches for the sake of an unknown key, so that forged tokens cannot make us hammer a tool."""


class KeyMissing(Exception):
    """The tool's key set cannot be read, or the key a token names is not in it."""


class ToolKeys:
    """Key sets by address. Safe to share among threads."""

    def __init__(self, outbound: Outbound) -> None:
        """Nothing is fetched before a key is asked for."""
        self._outbound = outbound
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, jwt.PyJWK]]] = {}

    def key_of(self, token: str, jwks_url: str) -> jwt.PyJWK:
        """The key that ``token`` names in its header.

        :raises KeyMissing: if the token names none, or the tool does not publish it.
        """
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise KeyMissing("This is not a JSON Web Token.") from error
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise KeyMissing("The token must be signed with RS256 and name its key (kid).")
        with self._lock:
            fetched, keys = self._kept.get(jwks_url, (0.0, {}))
            age = time.monotonic() - fetched if fetched else KEEP + 1.0
            if age > KEEP or (kid not in keys and age > PAUSE):
                keys = self._fetch(jwks_url)
                self._kept[jwks_url] = (time.monotonic(), keys)
        if kid not in keys:
            raise KeyMissing(f"The key {kid[:80]} is not in the tool's key set at {jwks_url}.")
        return keys[kid]

    def _fetch(self, jwks_url: str) -> dict[str, jwt.PyJWK]:
        try:
            answer: Any = self._outbound.get_json(jwks_url, cap=MAX_JWKS).data
            return {
                entry["kid"]: jwt.PyJWK(entry, algorithm="RS256")
                for entry in answer["keys"]
                if entry.get("kty") == "RSA" and entry.get("kid")
            }
        except OutboundError as error:
            raise KeyMissing(f"The tool's key set cannot be fetched from {jwks_url}: {error}") from error
        except (KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
            raise KeyMissing(f"What {jwks_url} answers is not a key set.") from error
