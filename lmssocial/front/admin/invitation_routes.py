"""Invitations: links with which somebody connects their LMS without typing keys."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.front.admin import invitations, once, tenants
from lmssocial.front.admin.forms import InvitationForm
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.web import scope
from lmssocial.web.forms import options
from lmssocial.web.program import program

_LINK = "invitation"


@bp.get("/invitations")
def invitation_list() -> str:
    """All invitations with what became of them, and a form for another."""
    return _page(_form())


@bp.post("/invitations")
def invitation_create() -> Response | tuple[str, int]:
    """Make an invitation; its link is shown on the next page and never again."""
    form = _form()
    if form.validate():
        try:
            with unit_of_work(scope.session()) as session:
                token = invitations.create(
                    session,
                    me().by,
                    form.tenant.data,
                    form.name.data or "",
                    days=form.days.data or 0,
                    approve=bool(form.approve.data),
                )
        except Invalid as problem:
            form.form_errors.append(problem.message)
        else:
            once.put(_LINK, {"name": form.name.data, "token": token})
            return redirect(url_for("admin.invitation_list"), code=303)
    return _page(form), 422


@bp.post("/invitations/<int:invitation_id>/revoke")
def invitation_revoke(invitation_id: int) -> Response:
    """Let a link work no longer."""
    if pressed():
        try:
            with unit_of_work(scope.session()) as session:
                name = invitations.revoke(session, me().by, invitation_id)
        except NotFound as problem:
            flash(problem.message, "warn")
        else:
            flash(_("The link for %(name)s works no longer.", name=name), "good")
    return redirect(url_for("admin.invitation_list"), code=303)


def _form() -> InvitationForm:
    form = InvitationForm(request.form)
    form.tenant.choices = options(tenants.choices(scope.session()))
    return form


def _page(form: InvitationForm) -> str:
    made = once.take(_LINK)
    return render_template(
        "admin/invitation_list.html",
        form=form,
        invitations=invitations.everything(scope.session()),
        made=made,
        link=f"{program().settings.public_url}/lti/register?invite={made['token']}" if made else "",
    )
