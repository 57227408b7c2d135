"""Signing in, in one step or two, and out."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from structlog import get_logger
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SealBroken
from lmssocial.front.admin import accounts, sessions
from lmssocial.front.admin.gate import bp, let_in, let_out, local_path, me, pressed, signed_in
from lmssocial.front.admin.limits import HALF_WAY
from lmssocial.front.admin.log import note
from lmssocial.front.admin.models import AdminAccount
from lmssocial.front.admin.sign_in_forms import CodeForm, SignInForm
from lmssocial.web import scope
from lmssocial.web.program import program

log = get_logger(__name__)

CODE_WITHIN = timedelta(minutes=5)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """Name and password. A second step follows where it is switched on."""
    if signed_in() is not None:
        return redirect(local_path(request.args.get("next", "")), code=303)
    form = SignInForm(request.form, next=request.args.get("next", ""))
    if request.method == "GET":
        nobody_yet = not accounts.everyone(scope.session())
        return render_template("admin/sign_in.html", form=form, nobody_yet=nobody_yet)
    if not form.validate():
        return render_template("admin/sign_in.html", form=form), 422
    login, password, wanted = form.login.data or "", form.password.data or "", form.next.data or ""
    account = accounts.by_password(scope.session(), login, password)
    if account is None:
        log.warning("administrator not signed in", login=login[:120], address=request.remote_addr)
        form.password.errors = [_("Name and password do not go together, or the account is switched off.")]
        return render_template("admin/sign_in.html", form=form), 422
    account_id, second_step = account.id, account.sealed_totp_secret is not None
    with unit_of_work(scope.session()) as session:
        accounts.refresh_hash(session, account_id, password)
    if second_step:
        cookie[HALF_WAY] = {"account": account_id, "at": clock.now().timestamp(), "next": wanted}
        return redirect(url_for("admin.sign_in_code"), code=303)
    return _welcome(account_id, wanted)


@bp.route("/sign-in/code", methods=["GET", "POST"])
def sign_in_code() -> Response | str | tuple[str, int]:
    """The code from the phone, or one from paper."""
    half_way = cookie.get(HALF_WAY) or {}
    account = _still_half_way(half_way)
    if account is None:
        cookie.pop(HALF_WAY, None)
        flash(
            _("More than five minutes have passed, or your account has changed. Please begin again."), "warn"
        )
        return redirect(url_for("admin.sign_in"), code=303)
    form = CodeForm(request.form)
    if request.method == "GET":
        return render_template("admin/sign_in_code.html", form=form)
    if not form.validate():
        return render_template("admin/sign_in_code.html", form=form), 422
    account_id, login = account.id, account.login
    if _take_code(form, account_id):
        return _welcome(account_id, str(half_way.get("next", "")))
    log.warning("administrator's code refused", login=login, address=request.remote_addr)
    return render_template("admin/sign_in_code.html", form=form), 422


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this sign-in."""
    if not pressed():
        return redirect(url_for("admin.overview"), code=303)
    admin = me()
    with unit_of_work(scope.session()) as session:
        sessions.end(session, admin)
        note(session, admin.by, "account.signed_out", admin.login)
    let_out()
    flash(_("You are signed out."), "good")
    return redirect(url_for("admin.sign_in"), code=303)


def _still_half_way(half_way: dict[str, object]) -> AdminAccount | None:
    """Whoever gave their password a moment ago, if it is still theirs."""
    at = half_way.get("at")
    if not isinstance(at, float) or clock.now().timestamp() - at > CODE_WITHIN.total_seconds():
        return None
    account = scope.session().get(AdminAccount, half_way.get("account"))
    if account is None or account.disabled or account.sealed_totp_secret is None:
        return None
    return account if account.password_changed_at.timestamp() <= at else None


def _take_code(form: CodeForm, account_id: int) -> bool:
    """Use the code up; if it is not right the form says why."""
    try:
        with unit_of_work(scope.session()) as session:
            if accounts.use_code(session, program().secret_box, account_id, form.code.data or ""):
                return True
    except SealBroken:
        log.exception("an administrator's second step cannot be checked")
        form.code.errors = [
            _(
                "Codes of your phone cannot be checked, because LMSSOCIAL_SECRET_KEY has changed since it was set up. "
                "Use a recovery code, or ask somebody with access to the server to put the former key back."
            )
        ]
        return False
    form.code.errors = [
        _("This code is not right, or it was used before. Wait for the next one and try again.")
    ]
    return False


def _welcome(account_id: int, wanted: str) -> Response:
    with unit_of_work(scope.session()) as session:
        token, admin = sessions.begin(session, account_id)
    let_in(token, admin)
    return redirect(local_path(wanted), code=303)
