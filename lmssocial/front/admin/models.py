"""The people who run an installation, their open sign-ins, and what they did."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base


class AdminAccount(Base):
    """Somebody who may open ``/admin/``. Has nothing to do with the people an LMS sends."""

    __tablename__ = "admin_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    """What they sign in with, in small letters: a plain name or an e-mail address."""
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    """Argon2id, with its parameters in front."""
    password_changed_at: Mapped[datetime]
    sealed_totp_secret: Mapped[str | None] = mapped_column(Text)
    """The seed of their one-time codes (RFC 6238), sealed; ``None`` while the second step is off."""
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code that was accepted; a code is good once."""
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]


class AdminSession(Base):
    """One browser signed in as one account. Signing out deletes the row, so a copied cookie is worth nothing."""

    __tablename__ = "admin_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("admin_account.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    """When it was last used, to the minute."""


class RecoveryCode(Base):
    """A code that replaces a lost phone, once. Using it deletes the row."""

    __tablename__ = "admin_recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("admin_account.id", ondelete="CASCADE"), index=True)


class LogEntry(Base):
    """What an administrator did: who, what, on what, when. Append-only."""

    __tablename__ = "admin_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("admin_account.id", ondelete="SET NULL"), index=True
    )
    who: Mapped[str] = mapped_column(String(120))
    """Their login, which stays readable after the account is gone."""
    action: Mapped[str] = mapped_column(String(64))
    """A stable code, such as ``platform.disabled``."""
    subject: Mapped[str] = mapped_column(String(300), default="")
    """What it was done to, in words."""
