"""Finding the key a launch was signed with: in this process, in the database, at the platform, in this order."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy.orm import Session

from lmssocial.core.outbound import MAX_JWKS, Outbound, OutboundError
from lmssocial.lms.lti import causes, key_sets
from lmssocial.lms.lti.key_sets import Keys, KeySetUnusable
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused

FRESH_FOR = timedelta(hours=1)
"""How long keys are used without asking again; a key the platform withdrew is refused after this."""
USABLE_FOR = timedelta(days=7)
"""How long keys are used while the platform's address for them does not answer."""
RETRY_KNOWN = timedelta(minutes=5)
"""How often keys we can still use are asked for again."""
RETRY_UNKNOWN = timedelta(seconds=30)
"""How often an unknown key makes us ask: whoever invents key ids cannot make us hammer the platform."""
LONGEST_WAIT = 12.0
"""Seconds to wait for another thread or process that is fetching the same keys."""


class PlatformKeys:
    """Finds keys of platforms. One for each process; safe to share among threads."""

    def __init__(self, unit: Callable[[], AbstractContextManager[Session]], outbound: Outbound) -> None:
        """:param unit: opens a unit of work of its own: nothing is fetched while a transaction is open."""
        self._unit = unit
        self._outbound = outbound
        self._seen: dict[int, Keys] = {}

    def find(self, platform: Platform, kid: str) -> RSAPublicKey:
        """The platform's key called ``kid``.

        :raises LaunchRefused: if the platform has no such key, or its keys cannot be had.
        """
        keys = self._seen.get(platform.registration_id)
        if keys is not None and keys.url == platform.jwks_url and keys.age() <= FRESH_FOR:
            key = keys.by_id.get(kid)
            if key is not None:
                return key
        keys = self._look_further(platform, kid)
        self._seen[platform.registration_id] = keys
        key = keys.by_id.get(kid) if keys.age() <= USABLE_FOR else None
        if key is None:
            cause = causes.KEYS_UNAVAILABLE if keys.failure or not keys.by_id else causes.KEY_UNKNOWN
            raise LaunchRefused(
                cause, keys.failure or f"kid {kid!r} is not among those at {platform.jwks_url}"
            )
        return key

    def refresh(self, platform: Platform) -> Keys | None:
        """Ask the platform for its keys now; ``None`` if it was asked less than :data:`RETRY_UNKNOWN` ago."""
        with self._unit() as session:
            ours = key_sets.claim(session, platform, RETRY_UNKNOWN)
        return self._fetch(platform) if ours else None

    def _look_further(self, platform: Platform, kid: str) -> Keys:
        with self._unit() as session:
            keys = key_sets.load(session, platform)
            known = kid in keys.by_id and keys.age() <= USABLE_FOR
            if known and keys.age() <= FRESH_FOR:
                return keys
            ours = key_sets.claim(session, platform, RETRY_KNOWN if known else RETRY_UNKNOWN)
        if ours:
            return self._fetch(platform)
        return keys if known else self._wait_for_others(platform, kid)

    def _fetch(self, platform: Platform) -> Keys:
        found, failure = None, ""
        try:
            found = key_sets.usable_keys(self._outbound.get_json(platform.jwks_url, cap=MAX_JWKS).data)
        except OutboundError as error:
            failure = f"{platform.jwks_url}: {error.reason}"
        except KeySetUnusable as error:
            failure = f"{platform.jwks_url}: {error}"
        with self._unit() as session:
            key_sets.settle(session, platform, found, failure)
            return key_sets.load(session, platform)

    def _wait_for_others(self, platform: Platform, kid: str) -> Keys:
        """After a key change a whole class arrives at once: one fetches, the others wait for what he brings."""
        until = time.monotonic() + LONGEST_WAIT
        while True:
            with self._unit() as session:
                keys = key_sets.load(session, platform)
            if kid in keys.by_id or not keys.in_progress or time.monotonic() > until:
                return keys
            time.sleep(0.1)
