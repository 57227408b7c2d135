"""Logins that have begun: remembered at login initiation, taken exactly once when the LMS answers."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.lms.lti.models import PendingLogin
from lmssocial.lms.lti.platforms import Platform

VALID_FOR = timedelta(minutes=10)
"""How long somebody may take to sign in at their LMS."""
SWEEP_AT_MOST = 500
"""Rows removed at one sweep, so that it never takes long."""


@dataclass(frozen=True)
class LoginRequest:
    """What the LMS asks for when it sends somebody (LTI Security Framework 1.0 §5.1.1.1)."""

    issuer: str
    login_hint: str
    target_link_uri: str
    client_id: str = ""
    deployment_id: str | None = None
    message_hint: str = ""
    storage_target: str = ""
    """The frame of the LMS that keeps data for tools (Platform Storage 0.1 §2); empty if it named none."""

    def as_parameters(self) -> dict[str, str]:
        """The same request as query parameters, to begin again with."""
        given = {
            "iss": self.issuer,
            "login_hint": self.login_hint,
            "target_link_uri": self.target_link_uri,
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id or "",
            "lti_message_hint": self.message_hint,
            "lti_storage_target": self.storage_target,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Secrets:
    """The three secrets of one login, in the only moment they are known together."""

    state: str
    nonce: str
    browser: str
    """Goes into the browser's cookie, or into the LMS's storage; proves that the same browser came back."""


@dataclass(frozen=True)
class BegunLogin:
    """A login taken out of the table: it cannot be taken again."""

    registration_id: int
    deployment_id: str | None
    target_link_uri: str
    login_hint: str
    message_hint: str
    began_at: datetime
    nonce_hash: str
    browser_hash: str
    storage_target: str
    """The frame of the LMS that keeps the browser's secret; empty where a cookie does."""

    def is_nonce(self, nonce: object) -> bool:
        """Whether ``nonce`` is the one this login sent."""
        return isinstance(nonce, str) and nonce.isascii() and _same(nonce, self.nonce_hash)

    def is_browser(self, secret: str) -> bool:
        """Whether ``secret`` is what the browser of this login keeps."""
        return _same(secret, self.browser_hash)

    def request(self, platform: Platform) -> LoginRequest:
        """The request it began with, to begin again."""
        return LoginRequest(
            issuer=platform.issuer,
            client_id=platform.client_id,
            login_hint=self.login_hint,
            target_link_uri=self.target_link_uri,
            deployment_id=self.deployment_id,
            message_hint=self.message_hint,
        )


def remember(session: Session, platform: Platform, request: LoginRequest) -> Secrets:
    """Write down that a login began, and make its secrets."""
    secrets = Secrets(state=new_token(), nonce=new_token(), browser=new_token())
    now = clock.now()
    session.add(
        PendingLogin(
            state_hash=token_hash(secrets.state),
            nonce_hash=token_hash(secrets.nonce),
            browser_hash=token_hash(secrets.browser),
            registration_id=platform.registration_id,
            deployment_id=request.deployment_id,
            target_link_uri=request.target_link_uri,
            login_hint=request.login_hint,
            message_hint=request.message_hint,
            storage_target=request.storage_target,
            began_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    return secrets


def take(session: Session, state: str) -> BegunLogin | None:
    """Take the login that sent ``state``; of any number of takers one gets it.

    ``None`` if it is unknown, taken or expired. The caller commits at once, whatever becomes of the launch: a
    refused answer is used up like an accepted one.
    """
    row = (
        session.execute(
            delete(PendingLogin)
            .where(PendingLogin.state_hash == token_hash(state), PendingLogin.expires_at > clock.now())
            .returning(
                PendingLogin.registration_id,
                PendingLogin.deployment_id,
                PendingLogin.target_link_uri,
                PendingLogin.login_hint,
                PendingLogin.message_hint,
                PendingLogin.began_at,
                PendingLogin.nonce_hash,
                PendingLogin.browser_hash,
                PendingLogin.storage_target,
            )
            .execution_options(synchronize_session=False)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else BegunLogin(**row)


@dataclass(frozen=True)
class Stored:
    """A login whose secret the LMS keeps; it is not taken by looking at it."""

    registration_id: int
    storage_target: str


def stored(session: Session, state: str) -> Stored | None:
    """The login that sent ``state``, if the LMS and no cookie keeps its secret and it can still be taken."""
    row = session.execute(
        select(PendingLogin.registration_id, PendingLogin.storage_target).where(
            PendingLogin.state_hash == token_hash(state),
            PendingLogin.storage_target != "",
            PendingLogin.expires_at > clock.now(),
        )
    ).one_or_none()
    return None if row is None else Stored(row.registration_id, row.storage_target)


def sweep(session: Session) -> int:
    """Remove logins nobody came back from, some hundreds at a time; give how many."""
    expired = (
        select(PendingLogin.state_hash)
        .where(PendingLogin.expires_at <= clock.now())
        .limit(SWEEP_AT_MOST)
        .with_for_update(skip_locked=True)  # two sweepers at once do not wait for each other (PostgreSQL)
    )
    swept = session.execute(
        delete(PendingLogin)
        .where(PendingLogin.state_hash.in_(expired))
        .returning(PendingLogin.state_hash)
        .execution_options(synchronize_session=False)
    )
    return len(swept.all())


def _same(secret: str, stored_hash: str) -> bool:
    return hmac.compare_digest(token_hash(secret), stored_hash)
