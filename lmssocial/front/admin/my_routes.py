"""My account: password, second step, recovery codes."""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.admin import accounts, once, passwords, second_step
from lmssocial.front.admin.account_forms import PasswordForm, ProofForm, SecondStepForm
from lmssocial.front.admin.gate import bp, me
from lmssocial.web import scope
from lmssocial.web.program import program

_SEED = "second_step_seed"
_CODES = "recovery_codes"


@bp.get("/me")
def my_account() -> str:
    """One's own account."""
    return _page()


@bp.post("/me/password")
def my_password() -> Response | tuple[str, int]:
    """Change one's password; every other browser is signed out."""
    admin = me()
    form = PasswordForm(request.form, whose=admin.login)
    if not form.validate() or not _is_right(form.present):
        return _page(form), 422
    with unit_of_work(scope.session()) as session:
        accounts.change_password(
            session, admin.by, admin.account_id, form.password.data or "", keep=admin.token_hash
        )
    flash(_("Your password is changed. Other browsers that were signed in as you are signed out."), "good")
    return redirect(url_for("admin.my_account"), code=303)


@bp.route("/me/second-step", methods=["GET", "POST"])
def my_second_step() -> Response | str | tuple[str, int]:
    """Set a phone up: scan, then prove with a code that it worked."""
    admin = me()
    if admin.has_second_step:
        return redirect(url_for("admin.my_account"), code=303)
    secret = once.look(_SEED)
    if secret is None:
        secret = second_step.new_secret()
        once.put(_SEED, secret)
    form = SecondStepForm(request.form)
    if request.method == "POST" and form.validate():
        step = second_step.step_of(secret, form.code.data or "", clock.now())
        if step is not None:
            with unit_of_work(scope.session()) as session:
                codes = accounts.switch_second_step_on(
                    session, program().secret_box, admin.by, admin.account_id, secret, step
                )
            cookie.pop(_SEED, None)
            once.put(_CODES, codes)
            return redirect(url_for("admin.my_recovery_codes"), code=303)
        form.code.errors = [
            _("This code is not right. Check that the clock of your phone is, and take the next one.")
        ]
    host = request.host.partition(":")[0]
    page = render_template(
        "admin/my_second_step.html",
        form=form,
        picture=second_step.qr_picture(second_step.setup_uri(secret, admin.login, f"lmssocial {host}")),
        key=second_step.grouped(secret),
    )
    return page if request.method == "GET" else (page, 422)


@bp.get("/me/recovery-codes")
def my_recovery_codes() -> Response | str:
    """The codes for paper, shown once."""
    codes = once.take(_CODES)
    if not codes:
        flash(_("Recovery codes are shown once. If you did not keep them, make new ones."), "warn")
        return redirect(url_for("admin.my_account"), code=303)
    return render_template("admin/my_recovery_codes.html", codes=codes)


@bp.post("/me/recovery-codes")
def my_recovery_codes_renew() -> Response | tuple[str, int]:
    """Make new codes; the former ones are worth nothing."""
    admin = me()
    form = ProofForm(request.form, prefix="codes-")
    if not form.validate() or not _is_right(form.proof):
        return _page(codes_form=form), 422
    with unit_of_work(scope.session()) as session:
        codes = accounts.renew_recovery_codes(session, admin.by, admin.account_id)
    once.put(_CODES, codes)
    return redirect(url_for("admin.my_recovery_codes"), code=303)


@bp.post("/me/second-step/off")
def my_second_step_off() -> Response | tuple[str, int]:
    """Ask for the password alone from now on."""
    admin = me()
    form = ProofForm(request.form, prefix="off-")
    if not form.validate() or not _is_right(form.proof):
        return _page(off_form=form), 422
    with unit_of_work(scope.session()) as session:
        accounts.switch_second_step_off(session, admin.by, admin.account_id)
    flash(_("The second step is off: your password alone signs you in."), "warn")
    return redirect(url_for("admin.my_account"), code=303)


def _is_right(field: object) -> bool:
    """Whether a field holds the administrator's present password; if not, it says so."""
    stored = accounts.account(scope.session(), me().account_id).password_hash
    if passwords.matches(stored, getattr(field, "data", "") or ""):
        return True
    field.errors = [_("This is not your present password.")]  # type: ignore[attr-defined]  # a WTForms field
    return False


def _page(
    form: PasswordForm | None = None, codes_form: ProofForm | None = None, off_form: ProofForm | None = None
) -> str:
    admin = me()
    return render_template(
        "admin/my_account.html",
        me=admin,
        account=accounts.account(scope.session(), admin.account_id),
        codes_left=accounts.recovery_codes_left(scope.session(), admin.account_id),
        form=form or PasswordForm(whose=admin.login),
        codes_form=codes_form or ProofForm(prefix="codes-"),
        off_form=off_form or ProofForm(prefix="off-"),
    )
