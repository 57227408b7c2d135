"""Bearer tokens of platforms: asked for with a signed assertion, kept sealed, shared by all processes.

They are kept by registration, never by issuer: two customers of one cloud LMS share the issuer. Beside it stands what
they were asked for: a registration that is renewed goes by another client id, and the token of the former one opens
the former one's doors only.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SealBroken, SecretBox, new_token, token_hash
from lmssocial.core.outbound import Outbound, OutboundError, Trouble
from lmssocial.lms.lti.models import AccessToken
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble, trouble_of, unreadable
from lmssocial.lms.lti.tool_keys import SigningKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = timedelta(seconds=60)
CLOCK_SLACK = timedelta(seconds=60)
"""How far back an assertion is dated: platforms refuse one from the future, and our clock may be ahead of theirs."""
SPARE = timedelta(seconds=60)
"""A token is not used in the last minute of its life: it might run out on the way."""
USUAL_LIFE = timedelta(minutes=10)
"""Of a token whose life the platform does not state (RFC 6749 §5.1 leaves it open)."""
LONGEST_LIFE = timedelta(days=1)
MAX_TOKEN = 20_000
"""Characters of a token; those of some platforms are signed documents."""
MAX_ANSWER = 100_000
"""Bytes of a token endpoint's answer."""


def purpose_hash(client_id: str, token_url: str, scopes: Collection[str]) -> str:
    """Under what a token is kept that ``token_url`` gave to this client for these scopes."""
    return token_hash("\n".join((client_id, token_url, _scope(scopes))))


def kept_token(
    session: Session, box: SecretBox, registration_id: int, purpose: str
) -> tuple[str, str] | None:
    """A token that is good for a while yet, and the seal to :func:`drop` it by; ``None`` if there is none."""
    row = session.get(AccessToken, (registration_id, purpose))
    if row is None or row.expires_at - SPARE <= clock.now():
        return None
    try:
        return box.open(row.sealed_token).decode(), row.sealed_token
    except SealBroken:  # the installation's secret was changed; a new token will replace it
        return None


def keep(session: Session, registration_id: int, purpose: str, sealed: str, expires_at: datetime) -> None:
    """Keep a token, in place of an older one; those of the platform that ran out go."""
    session.execute(
        delete(AccessToken).where(
            AccessToken.registration_id == registration_id, AccessToken.expires_at <= clock.now()
        )
    )
    values = {"sealed_token": sealed, "obtained_at": clock.now(), "expires_at": expires_at}
    session.execute(
        dialect_insert(session, AccessToken)
        .values(registration_id=registration_id, scopes_hash=purpose, **values)
        .on_conflict_do_update(index_elements=["registration_id", "scopes_hash"], set_=values)
    )


def drop(session: Session, registration_id: int, purpose: str, sealed: str) -> None:
    """Forget a token that was refused, unless another one has taken its place by now."""
    session.execute(
        delete(AccessToken).where(
            AccessToken.registration_id == registration_id,
            AccessToken.scopes_hash == purpose,
            AccessToken.sealed_token == sealed,
        )
    )


def assertion(key: SigningKey, client_id: str, audience: str) -> str:
    """Who we are, signed (Security Framework 1.0 §4.1.1, RFC 7523 §3).

    ``aud`` is one text and no list: Brightspace takes no other.
    """
    now = clock.now()
    return key.sign(
        {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": int((now - CLOCK_SLACK).timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
            "jti": new_token(),
        }
    )


def fetch_token(
    outbound: Outbound, token_url: str, proof: str, scopes: Collection[str]
) -> tuple[str, datetime]:
    """Ask the platform for a token (Security Framework 1.0 §4.1); give it, and when it runs out.

    :param proof: the assertion.
    :raises ServiceTrouble: ``NO_TOKEN`` if it refuses; otherwise as with any call.
    """
    asked_at = clock.now()
    fields = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": proof,
        "scope": _scope(scopes),
    }
    try:
        reply = outbound.post_form(token_url, fields, cap=MAX_ANSWER)
    except OutboundError as error:
        raise _refusal(error) from error
    said: Any = reply.data
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN or not _sendable(token):
        raise unreadable(reply, f"{token_url} answered a request for a token without one.")
    return token, asked_at + _life(said.get("expires_in"))


def _refusal(error: OutboundError) -> ServiceTrouble:
    """Trouble on the way to a token; a refusal is told with the platform's reason (RFC 6749 §5.2)."""
    trouble = trouble_of(error)
    if error.kind is not Trouble.STATUS or trouble.kind in {Kind.AWAY, Kind.TOO_MANY}:
        return trouble
    return ServiceTrouble(
        Kind.NO_TOKEN,
        f"The platform refuses us a token. {trouble.says}",
        status=trouble.status,
        retry_after=trouble.retry_after,
    )


def _life(stated: Any) -> timedelta:
    """How long a token lives; some platforms write the seconds as text."""
    try:
        seconds = float(stated)
    except (TypeError, ValueError):
        return USUAL_LIFE
    if not 0 < seconds < LONGEST_LIFE.total_seconds():  # so are NaN and what is endless
        return LONGEST_LIFE if seconds > 0 else USUAL_LIFE
    return timedelta(seconds=seconds)


def _sendable(token: str) -> bool:
    """Whether it can stand in a header: visible ASCII (RFC 6750 §2.1)."""
    return all("!" <= letter <= "~" for letter in token)


def _scope(scopes: Collection[str]) -> str:
    return " ".join(sorted(set(scopes)))
