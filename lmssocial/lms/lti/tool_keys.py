"""The keys we sign with: made on demand, published, rotated so that no platform ever meets one it does not know.

A new key is published a day before anything is signed with it, and an old one stays published for a day after:
platforms keep our key set for up to a day and not all of them ask again when they meet an unknown key.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.lti.models import ToolKey

KNOWN_FIRST = timedelta(hours=24)
"""How long a new key is published before it signs."""
KNOWN_AFTER = timedelta(hours=24)
"""How long an old key stays published after it stopped signing."""
BITS = 2048
"""What every platform accepts; RFC 7518 §3.3 asks for no less."""
KEY_TURN = 4_701_114
"""The advisory lock under which the first key is made (PostgreSQL; SQLite has one writer)."""


@dataclass(frozen=True)
class SigningKey:
    """A key to sign with."""

    kid: str
    private: rsa.RSAPrivateKey

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token of ``claims`` (RS256)."""
        return jwt.encode(dict(claims), self.private, algorithm="RS256", headers={"kid": self.kid})


def signing_key(session: Session, box: SecretBox) -> SigningKey:
    """The key that signs now; the first one is made when it is first needed.

    :raises SealBroken: if the installation's secret is not the one the key was sealed with.
    """
    row = _signing_row(session) or _first_key(session, box)
    private = load_pem_private_key(
        box.open(row.sealed_private_pem),
        password=None,
        unsafe_skip_rsa_key_validation=True,  # we made it, and the seal says that nobody changed it since
    )
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"the key {row.kid} is not an RSA key")
    return SigningKey(row.kid, private)


def signing_kid(session: Session) -> str:
    """The id of the key that signs now; empty while there is none."""
    row = _signing_row(session)
    return "" if row is None else row.kid


def published_keys(session: Session) -> JsonObject:
    """Our key set as platforms fetch it (RFC 7517 §5): what signs, what will, and what did until yesterday.

    It is empty before the first key is made; call :func:`ensure_key` then, because platforms remember it.
    """
    forgotten = clock.now() - KNOWN_AFTER
    rows = session.scalars(
        select(ToolKey.public_jwk)
        .where(or_(ToolKey.retired_at.is_(None), ToolKey.retired_at > forgotten))
        .order_by(ToolKey.created_at, ToolKey.kid)
    )
    return {"keys": list(rows)}


def ensure_key(session: Session, box: SecretBox) -> None:
    """Make the first key, unless there is one that signs."""
    if _signing_row(session) is None:
        _first_key(session, box)


def rotate(session: Session, box: SecretBox) -> str:
    """Make a new key, published at once and signing in a day; the present one steps down then. Gives its id."""
    now = clock.now()
    session.execute(update(ToolKey).where(ToolKey.retired_at.is_(None)).values(retired_at=now + KNOWN_FIRST))
    return _new_key(session, box, now).kid


def replace_all(session: Session, box: SecretBox) -> str:
    """Forget every key and make a new one that signs at once, because an old one leaked or cannot be opened.

    Platforms that keep our key set refuse what we sign until they fetch it again. Gives the new key's id.
    """
    session.execute(delete(ToolKey))
    return _new_key(session, box, clock.now()).kid


def forget_retired(session: Session) -> int:
    """Delete keys that are not even published any more; give how many."""
    forgotten = clock.now() - KNOWN_AFTER
    gone = session.execute(delete(ToolKey).where(ToolKey.retired_at <= forgotten).returning(ToolKey.kid))
    return len(gone.all())


def list_keys(session: Session) -> Sequence[ToolKey]:
    """All keys there are, oldest first, for an administrator."""
    return session.scalars(select(ToolKey).order_by(ToolKey.created_at, ToolKey.kid)).all()


def signer(session: Session, box: SecretBox) -> Callable[[Mapping[str, Any]], str]:
    """The function that signs now; see :func:`signing_key`."""
    return signing_key(session, box).sign


def _signing_row(session: Session) -> ToolKey | None:
    return session.scalars(
        select(ToolKey)
        .where(or_(ToolKey.retired_at.is_(None), ToolKey.retired_at > clock.now()))
        .order_by(ToolKey.retired_at.asc().nulls_last(), ToolKey.created_at, ToolKey.kid)
        .limit(1)  # who steps down first signs until then
    ).first()


def _first_key(session: Session, box: SecretBox) -> ToolKey:
    """Make the first key, once: a key set that lacks the key we sign with would be remembered for a day."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": KEY_TURN})
    return _signing_row(session) or _new_key(session, box, clock.now())


def _new_key(session: Session, box: SecretBox, now: datetime) -> ToolKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public: JsonObject = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    numbers = {name: public[name] for name in ("kty", "n", "e")}
    kid = _thumbprint(numbers)
    row = ToolKey(
        kid=kid,
        sealed_private_pem=box.seal(pem),
        public_jwk={**numbers, "kid": kid, "use": "sig", "alg": "RS256"},
        created_at=now,
        retired_at=None,
    )
    session.add(row)
    session.flush()  # whoever asks for keys next in this transaction finds it
    return row


def _thumbprint(jwk: Mapping[str, str]) -> str:
    """The key's own name, made of its numbers (RFC 7638 §3)."""
    canonical = json.dumps(jwk, sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode("ascii")
