"""Tenants: the customers of this installation."""

from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict
from lmssocial.front.admin import tenants
from lmssocial.front.admin.forms import ConfirmForm, TenantEditForm, TenantForm
from lmssocial.front.admin.gate import bp, me
from lmssocial.web import scope
from lmssocial.web.forms import options
from lmssocial.web.i18n import SOURCE_LANGUAGE, TRANSLATIONS, languages_in


@bp.get("/tenants")
def tenant_list() -> str:
    """All tenants, and a form for another."""
    return render_template(
        "admin/tenant_list.html", tenants=tenants.tenant_rows(scope.session()), form=TenantForm()
    )


@bp.post("/tenants")
def tenant_create() -> Response | tuple[str, int]:
    """Add a tenant."""
    form = TenantForm(request.form)
    if form.validate():
        try:
            with unit_of_work(scope.session()) as session:
                tenant = tenants.add(session, me().by, form.name.data or "")
                name = tenant.name
        except tenants.NameTaken as taken:
            form.name.errors = [taken.message]
        else:
            flash(_("The tenant %(name)s is there.", name=name), "good")
            return redirect(url_for("admin.tenant_list"), code=303)
    rows = tenants.tenant_rows(scope.session())
    return render_template("admin/tenant_list.html", tenants=rows, form=form), 422


@bp.get("/tenants/<int:tenant_id>")
def tenant_detail(tenant_id: int) -> str:
    """One tenant: its name, and its removal while it is empty."""
    return _page(tenant_id)


@bp.post("/tenants/<int:tenant_id>")
def tenant_edit(tenant_id: int) -> Response | tuple[str, int]:
    """Give a tenant another name or language."""
    form = _edit_form(request.form)
    if not form.validate():
        return _page(tenant_id, form=form), 422
    try:
        with unit_of_work(scope.session()) as session:
            tenants.rename(session, me().by, tenant_id, form.name.data or "")
            tenants.let_speak(session, me().by, tenant_id, form.locale.data or "")
    except tenants.NameTaken as taken:
        form.name.errors = [taken.message]
        return _page(tenant_id, form=form), 422
    flash(_("%(name)s is saved.", name=form.name.data), "good")
    return redirect(url_for("admin.tenant_list"), code=303)


@bp.post("/tenants/<int:tenant_id>/remove")
def tenant_remove(tenant_id: int) -> Response | tuple[str, int]:
    """Remove a tenant that nobody ever used."""
    confirm = ConfirmForm(
        request.form, prefix="remove-", name=tenants.tenant_row(scope.session(), tenant_id).name
    )
    if not confirm.validate():
        return _page(tenant_id, confirm=confirm), 422
    try:
        with unit_of_work(scope.session()) as session:
            name = tenants.remove(session, me().by, tenant_id)
    except Conflict as conflict:
        flash(conflict.message, "warn")
        return redirect(url_for("admin.tenant_detail", tenant_id=tenant_id), code=303)
    flash(_("The tenant %(name)s is removed.", name=name), "good")
    return redirect(url_for("admin.tenant_list"), code=303)


def _edit_form(sent: Any = None, **data: Any) -> TenantEditForm:
    """The form, with the languages there are catalogues for, each by its own name; English is the first."""
    form = TenantEditForm(sent, **data)
    others = sorted(languages_in(TRANSLATIONS) - {SOURCE_LANGUAGE})
    form.locale.choices = options(
        [("", "English"), *((one, Locale.parse(one).get_display_name()) for one in others)]
    )
    return form


def _page(tenant_id: int, **forms: Any) -> str:
    row = tenants.tenant_row(scope.session(), tenant_id)
    shown = {
        "form": _edit_form(name=row.name, locale=tenants.locale_of(scope.session(), tenant_id)),
        "confirm": ConfirmForm(prefix="remove-", name=row.name),
        **forms,
    }
    return render_template("admin/tenant_detail.html", tenant=row, **shown)
