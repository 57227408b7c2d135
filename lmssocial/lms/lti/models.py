"""The protocol's own tables: logins that have begun, keys of platforms, keys of ours."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class PendingLogin(Base):
    """A login that has begun and not come back. The row is the permission to come back, once.

    What could be used to finish somebody else's login (state, nonce, the browser's secret) is stored as a hash.
    """

    __tablename__ = "lti_pending_login"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64))
    """Of the secret in the cookie of the browser that began."""
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE"), index=True
    )
    deployment_id: Mapped[str | None] = mapped_column(String(255))
    """The deployment the login named, if it named one."""
    target_link_uri: Mapped[str] = mapped_column(Text)
    login_hint: Mapped[str] = mapped_column(Text)
    """Kept, with the next one, so that a browser without cookies can begin again in a new tab."""
    message_hint: Mapped[str] = mapped_column(Text)
    storage_target: Mapped[str] = mapped_column(String(255), default="")
    """The frame of the LMS that keeps data for us (LTI Client Side postMessages 1.0); empty if it offered none."""
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeySet(Base):
    """The public keys of one platform as we last saw them, shared by all processes."""

    __tablename__ = "lti_key_set"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    url: Mapped[str] = mapped_column(Text)
    """Where they came from; when the registration names another address, the row is worth nothing."""
    keys: Mapped[JsonObject]
    """A JSON Web Key Set, only its usable RSA keys; ``{"keys": []}`` until one has been fetched."""
    fetched_at: Mapped[datetime | None]
    """When ``keys`` was fetched."""
    tried_at: Mapped[datetime]
    """When the last attempt to fetch began, whatever came of it."""
    settled_at: Mapped[datetime | None]
    """When the last attempt ended; before ``tried_at`` while somebody is at it."""
    failure: Mapped[str] = mapped_column(Text, default="")
    """Why the last attempt failed; empty when it did not."""


class ToolKey(Base):
    """A key we sign with. The platform sees the public half; the private one is sealed."""

    __tablename__ = "lti_tool_key"

    kid: Mapped[str] = mapped_column(String(43), primary_key=True)
    """The key's RFC 7638 thumbprint."""
    sealed_private_pem: Mapped[str] = mapped_column(Text)
    public_jwk: Mapped[JsonObject]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Since when nothing is signed with it; it stays published until every platform has forgotten it."""


class AccessToken(Base):
    """A platform's permission to call its services, shared by all processes until it runs out."""

    __tablename__ = "lti_access_token"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    scopes_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of what it was asked for: who we are to the platform, where it gave the token, and the scopes, sorted."""
    sealed_token: Mapped[str] = mapped_column(Text)
    obtained_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SeenNotice(Base):
    """A notice of a platform that was taken in; platforms may send one twice (Platform Notification Service 1.0)."""

    __tablename__ = "lti_seen_notice"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    notice_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(index=True)


class Asking(StrEnum):
    """How far we are with asking a platform to send notices."""

    WANTED = "wanted"
    HELD = "held"
    REFUSED = "refused"


class NoticeSubscription(Base):
    """One type of notice that a deployment of a platform sends us, or shall send us."""

    __tablename__ = "lti_notice_subscription"

    deployment_id: Mapped[int] = mapped_column(
        ForeignKey("identity_deployment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    """``LtiContextCopyNotice`` …"""
    service_url: Mapped[str] = mapped_column(Text)
    standing: Mapped[Asking] = mapped_column(short_enum(Asking), default=Asking.WANTED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    """When it is asked for (again)."""
    last_error: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
