"""The public keys of a platform, as a value and as a row that all processes share."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.lti.checks import is_identifier
from lmssocial.lms.lti.models import KeySet
from lmssocial.lms.lti.platforms import Platform

LEAST_BITS = 2048
"""Shorter keys are not believed (LTI Security Framework 1.0 §6.1 wants RS256 as RFC 7518 §3.3 defines it)."""
GIVEN_UP_AFTER = timedelta(seconds=15)
"""An attempt to fetch that has not ended by then never will: its process is gone."""


class KeySetUnusable(Exception):
    """What the platform published is no key set, or holds no key that could verify a launch."""


@dataclass(frozen=True)
class Keys:
    """A platform's keys as last seen."""

    url: str
    by_id: Mapping[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    settled_at: datetime | None = None
    failure: str = ""

    def age(self) -> timedelta:
        """How old the keys are; for ever when there never were any."""
        return timedelta.max if self.fetched_at is None else clock.now() - self.fetched_at

    @property
    def in_progress(self) -> bool:
        """Whether somebody is fetching them this moment."""
        return (
            self.tried_at is not None
            and (self.settled_at is None or self.settled_at < self.tried_at)
            and clock.now() - self.tried_at < GIVEN_UP_AFTER
        )


def usable_keys(document: object) -> JsonObject:
    """Reduce a published key set (RFC 7517 §5) to what a launch can be verified with.

    :raises KeySetUnusable: if it is not a key set, or nothing remains.
    """
    published = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(published, list):
        raise KeySetUnusable('the answer is no key set: it has no list called "keys"')
    kept = [{name: key[name] for name in ("kty", "kid", "n", "e")} for key in published if _is_usable(key)]
    if not kept:
        raise KeySetUnusable(
            f"none of the {len(published)} keys is an RSA signature key of {LEAST_BITS} bits or more"
        )
    return {"keys": kept}


def load(session: Session, platform: Platform) -> Keys:
    """The platform's keys from the database; none if they were fetched from another address."""
    row = session.get(KeySet, platform.registration_id, populate_existing=True)
    if row is None or row.url != platform.jwks_url:
        return Keys(platform.jwks_url)
    return Keys(
        url=row.url,
        by_id={key["kid"]: _public_key(key) for key in row.keys["keys"]},
        fetched_at=row.fetched_at,
        tried_at=row.tried_at,
        settled_at=row.settled_at,
        failure=row.failure,
    )


def claim(session: Session, platform: Platform, at_least: timedelta) -> bool:
    """Become the one who fetches, unless somebody tried less than ``at_least`` ago; of many one does."""
    now = clock.now()
    fresh: dict[str, Any] = {
        "url": platform.jwks_url,
        "keys": {"keys": []},
        "fetched_at": None,
        "failure": "",
    }
    if insert_if_absent(
        session,
        KeySet,
        {"registration_id": platform.registration_id, "tried_at": now, "settled_at": None, **fresh},
        [KeySet.registration_id],
    ):
        return True
    moved = session.execute(
        update(KeySet)
        .where(KeySet.registration_id == platform.registration_id, KeySet.url != platform.jwks_url)
        .values(tried_at=now, settled_at=None, **fresh)
        .returning(KeySet.registration_id)
        .execution_options(synchronize_session=False)
    ).first()
    due = session.execute(
        update(KeySet)
        .where(
            KeySet.registration_id == platform.registration_id,
            KeySet.url == platform.jwks_url,
            KeySet.tried_at <= now - at_least,
        )
        .values(tried_at=now)
        .returning(KeySet.registration_id)
        .execution_options(synchronize_session=False)
    ).first()
    return moved is not None or due is not None


def settle(session: Session, platform: Platform, keys: JsonObject | None, failure: str) -> None:
    """Write down how the attempt to fetch ended; a failed one leaves the keys that are there alone."""
    now = clock.now()
    outcome: dict[str, Any] = {"settled_at": now, "failure": failure[:1000]}
    if keys is not None:
        outcome |= {"keys": keys, "fetched_at": now}
    session.execute(
        update(KeySet)
        .where(KeySet.registration_id == platform.registration_id, KeySet.url == platform.jwks_url)
        .values(**outcome)
        .execution_options(synchronize_session=False)
    )


def _is_usable(key: object) -> bool:
    if not isinstance(key, dict) or key.get("kty") != "RSA" or not is_identifier(key.get("kid")):
        return False
    if key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
        return False
    try:
        return _public_key(key).key_size >= LEAST_BITS
    except (KeyError, TypeError, ValueError):
        return False


def _public_key(key: Mapping[str, str]) -> RSAPublicKey:
    """Build the key from its numbers (RFC 7518 §6.3.1).

    :raises ValueError: if they are none.
    """
    exponent, modulus = (_number(key[name]) for name in ("e", "n"))
    return RSAPublicNumbers(exponent, modulus).public_key()


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
