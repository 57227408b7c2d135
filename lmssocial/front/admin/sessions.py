"""Who is signed in: a random token in the cookie, its hash in a row, and an end after eight hours without use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.front.admin.log import By, note
from lmssocial.front.admin.models import AdminAccount, AdminSession

IDLE_LIFE = timedelta(hours=8)
"""Without use a sign-in ends after this."""
LIFE = timedelta(days=7)
"""With use, after this."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Admin:
    """An administrator who is signed in, as the pages see them."""

    account_id: int
    login: str
    name: str
    token_hash: str
    seen_at: datetime
    has_second_step: bool

    @property
    def by(self) -> By:
        """Them, as the one who does something."""
        return By(self.login, self.account_id)


def begin(session: Session, account_id: int) -> tuple[str, Admin]:
    """Sign an account in; gives the token for the cookie, and who it stands for. Ends what nobody uses any more."""
    now = clock.now()
    session.execute(
        delete(AdminSession).where(
            (AdminSession.seen_at < now - IDLE_LIFE) | (AdminSession.began_at < now - LIFE)
        )
    )
    account = session.get_one(AdminAccount, account_id)
    account.last_sign_in_at = now
    token = new_token()
    session.add(AdminSession(token_hash=token_hash(token), account_id=account.id, began_at=now, seen_at=now))
    note(session, By(account.login, account.id), "account.signed_in", account.login)
    admin = Admin(
        account_id=account.id,
        login=account.login,
        name=account.name,
        token_hash=token_hash(token),
        seen_at=now,
        has_second_step=account.sealed_totp_secret is not None,
    )
    return token, admin


def find(session: Session, token: str) -> Admin | None:
    """Who is behind ``token``, unless their time is over or they were shut out."""
    now = clock.now()
    row = session.execute(
        select(
            AdminAccount.id,
            AdminAccount.login,
            AdminAccount.name,
            AdminAccount.sealed_totp_secret,
            AdminSession.token_hash,
            AdminSession.seen_at,
        )
        .join(AdminAccount, AdminAccount.id == AdminSession.account_id)
        .where(
            AdminSession.token_hash == token_hash(token),
            AdminSession.seen_at > now - IDLE_LIFE,
            AdminSession.began_at > now - LIFE,
            AdminAccount.disabled.is_(False),
        )
    ).first()
    if row is None:
        return None
    return Admin(
        account_id=row.id,
        login=row.login,
        name=row.name,
        token_hash=row.token_hash,
        seen_at=row.seen_at,
        has_second_step=row.sealed_totp_secret is not None,
    )


def wants_touch(admin: Admin) -> bool:
    """Whether their last use was written down more than a minute ago."""
    return clock.now() - admin.seen_at > _MINUTE


def touch(session: Session, admin: Admin) -> None:
    """Write down that they are at it."""
    session.execute(
        update(AdminSession).where(AdminSession.token_hash == admin.token_hash).values(seen_at=clock.now())
    )


def end(session: Session, admin: Admin) -> None:
    """Sign out."""
    session.execute(delete(AdminSession).where(AdminSession.token_hash == admin.token_hash))
