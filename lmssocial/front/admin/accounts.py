"""What is done to administrators' accounts. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.admin import passwords, second_step
from lmssocial.front.admin.log import By, note
from lmssocial.front.admin.models import AdminAccount, AdminSession, RecoveryCode


class LoginTaken(Conflict):
    """Somebody signs in with this name already."""


class Yourself(Conflict):
    """People do not shut themselves out."""


@dataclass(frozen=True, kw_only=True)
class AccountDraft:
    """A new administrator."""

    login: str
    name: str
    password: str


def normal_login(login: str) -> str:
    """A login as it is kept and compared."""
    return login.strip().casefold()


def add(session: Session, by: By, draft: AccountDraft) -> AdminAccount:
    """Let somebody in. The password was checked by whoever asked for it.

    :raises LoginTaken: if the login is in use.
    """
    login = normal_login(draft.login)
    if session.scalar(select(AdminAccount.id).where(AdminAccount.login == login)) is not None:
        raise LoginTaken(_("There is already an administrator called %(login)s.", login=login))
    now = clock.now()
    account = AdminAccount(
        login=login,
        name=draft.name.strip() or login,
        password_hash=passwords.hash_password(draft.password),
        password_changed_at=now,
        created_at=now,
    )
    session.add(account)
    note(session, by, "account.added", login)
    return account


def everyone(session: Session) -> Sequence[AdminAccount]:
    """All administrators, by login."""
    return session.scalars(select(AdminAccount).order_by(AdminAccount.login)).all()


def account(session: Session, account_id: int) -> AdminAccount:
    """One administrator.

    :raises NotFound: if there is none with this id.
    """
    found = session.get(AdminAccount, account_id)
    if found is None:
        raise NotFound(_("This administrator does not exist any more."))
    return found


def by_login(session: Session, login: str) -> AdminAccount | None:
    """The administrator who signs in as ``login``."""
    return session.scalar(select(AdminAccount).where(AdminAccount.login == normal_login(login)))


def by_password(session: Session, login: str, password: str) -> AdminAccount | None:
    """Whoever may sign in with these two; takes as long for a login that nobody has."""
    found = by_login(session, login)
    right = passwords.matches(found.password_hash if found else None, password)
    return found if found is not None and right and not found.disabled else None


def change_password(session: Session, by: By, account_id: int, password: str, *, keep: str = "") -> None:
    """Set a password and end every sign-in of the account, except the one whose token hash is ``keep``."""
    found = account(session, account_id)
    found.password_hash = passwords.hash_password(password)
    found.password_changed_at = clock.now()
    _end_sessions(session, account_id, keep)
    note(session, by, "account.password_changed", found.login)


def refresh_hash(session: Session, account_id: int, password: str) -> None:
    """Hash a password that was just checked with the parameters of today, if its hash is older than they are."""
    found = account(session, account_id)
    if passwords.is_outdated(found.password_hash):
        found.password_hash = passwords.hash_password(password)


def set_disabled(session: Session, by: By, account_id: int, *, disabled: bool) -> AdminAccount:
    """Shut an administrator out and end their sign-ins, or let them in again.

    :raises Yourself: if it is one's own account.
    """
    found = _another(session, by, account_id)
    found.disabled = disabled
    if disabled:
        _end_sessions(session, account_id)
    note(session, by, "account.disabled" if disabled else "account.enabled", found.login)
    return found


def remove(session: Session, by: By, account_id: int) -> str:
    """Remove an administrator, their sign-ins and codes; gives the login. What they did stays in the log.

    :raises Yourself: if it is one's own account.
    """
    found = _another(session, by, account_id)
    note(session, by, "account.removed", found.login)
    session.delete(found)
    return found.login


def switch_second_step_on(
    session: Session, box: SecretBox, by: By, account_id: int, secret: str, step: int
) -> list[str]:
    """Ask for a code at every sign-in from now on; gives the recovery codes, which nobody can read again.

    :param step: the time step of the code that proved the phone has ``secret``; it is used up.
    """
    found = account(session, account_id)
    found.sealed_totp_secret = box.seal(secret.encode())
    found.totp_last_step = step
    note(session, by, "account.second_step_on", found.login)
    return _replace_codes(session, account_id)


def switch_second_step_off(session: Session, by: By, account_id: int) -> None:
    """Ask for the password alone."""
    found = account(session, account_id)
    found.sealed_totp_secret, found.totp_last_step = None, 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    note(session, by, "account.second_step_off", found.login)


def renew_recovery_codes(session: Session, by: By, account_id: int) -> list[str]:
    """Make ten new codes; the former ones are worth nothing."""
    note(session, by, "account.recovery_codes_renewed", account(session, account_id).login)
    return _replace_codes(session, account_id)


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many codes on paper are still unused."""
    return session.scalar(select(func.count()).where(RecoveryCode.account_id == account_id)) or 0


def use_code(session: Session, box: SecretBox, account_id: int, code: str) -> bool:
    """Whether ``code`` is a present code of the phone, or an unused one from paper. Either is good once.

    :raises SealBroken: if the installation's secret is not the one the seed was sealed with.
    """
    found = account(session, account_id)
    if found.sealed_totp_secret is None:
        return False
    used = session.execute(
        delete(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id, RecoveryCode.code_hash == second_step.recovery_hash(code)
        )
        .returning(RecoveryCode.code_hash)
    )
    if used.first() is not None:
        note(session, By(found.login, found.id), "account.recovery_code_used", found.login)
        return True
    step = second_step.step_of(box.open(found.sealed_totp_secret).decode(), code, clock.now())
    if step is None:
        return False
    taken = session.execute(
        update(AdminAccount)
        .where(AdminAccount.id == account_id, AdminAccount.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(AdminAccount.id)
    )
    return taken.first() is not None


def _replace_codes(session: Session, account_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = second_step.new_recovery_codes()
    session.add_all(
        RecoveryCode(code_hash=second_step.recovery_hash(code), account_id=account_id) for code in codes
    )
    return codes


def _another(session: Session, by: By, account_id: int) -> AdminAccount:
    if by.account_id == account_id:
        raise Yourself(_("This is your own account. Another administrator can do this for you."))
    return account(session, account_id)


def _end_sessions(session: Session, account_id: int, keep: str = "") -> None:
    session.execute(
        delete(AdminSession).where(AdminSession.account_id == account_id, AdminSession.token_hash != keep)
    )
