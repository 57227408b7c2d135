"""Administrators: who may open these pages."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.front.admin import accounts
from lmssocial.front.admin.account_forms import AccountForm
from lmssocial.front.admin.forms import ConfirmForm
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.web import scope


@bp.get("/administrators")
def account_list() -> str:
    """All administrators, and a form for another."""
    return _page(AccountForm())


@bp.post("/administrators")
def account_create() -> Response | tuple[str, int]:
    """Let somebody in."""
    form = AccountForm(request.form)
    if form.validate():
        try:
            with unit_of_work(scope.session()) as session:
                login = accounts.add(session, me().by, form.draft()).login
        except accounts.LoginTaken as taken:
            form.login.errors = [taken.message]
        else:
            flash(_("%(login)s can sign in now.", login=login), "good")
            return redirect(url_for("admin.account_list"), code=303)
    return _page(form), 422


@bp.post("/administrators/<int:account_id>/switch")
def account_switch(account_id: int) -> Response:
    """Shut somebody out and end their sign-ins, or let them in again."""
    if pressed():
        try:
            with unit_of_work(scope.session()) as session:
                disabled = request.form.get("to") != "on"
                login = accounts.set_disabled(session, me().by, account_id, disabled=disabled).login
        except accounts.Yourself as refused:
            flash(refused.message, "warn")
        else:
            said = _("%(login)s cannot sign in any more.") if disabled else _("%(login)s can sign in again.")
            flash(said % {"login": login}, "good")
    return redirect(url_for("admin.account_list"), code=303)


@bp.post("/administrators/<int:account_id>/remove")
def account_remove(account_id: int) -> Response | tuple[str, int]:
    """Remove somebody's account."""
    login = accounts.account(scope.session(), account_id).login
    confirm = ConfirmForm(request.form, prefix=f"remove{account_id}-", name=login)
    if not confirm.validate():
        return _page(AccountForm(), confirm, account_id), 422
    try:
        with unit_of_work(scope.session()) as session:
            accounts.remove(session, me().by, account_id)
    except accounts.Yourself as refused:
        flash(refused.message, "warn")
    else:
        flash(_("%(login)s is removed. What they did stays in the log.", login=login), "good")
    return redirect(url_for("admin.account_list"), code=303)


def _page(form: AccountForm, filled: ConfirmForm | None = None, filled_id: int = 0) -> str:
    everyone = accounts.everyone(scope.session())
    confirms = {one.id: ConfirmForm(prefix=f"remove{one.id}-", name=one.login) for one in everyone}
    if filled is not None:
        confirms[filled_id] = filled
    return render_template(
        "admin/account_list.html", accounts=everyone, form=form, confirms=confirms, me=me()
    )
