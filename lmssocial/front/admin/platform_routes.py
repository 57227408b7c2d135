"""Platforms: the LMSs that may use this tool, each with its deployments."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.front.admin import invitations, platform_state, platforms, tenants
from lmssocial.front.admin.forms import ConfirmForm
from lmssocial.front.admin.gate import bp, local_path, me, pressed
from lmssocial.front.admin.platform_forms import DeploymentForm, PlatformEditForm, PlatformForm
from lmssocial.front.admin.platforms import PAGE, View
from lmssocial.lms.identity.models import Registration, Standing
from lmssocial.web import scope
from lmssocial.web.forms import options
from lmssocial.web.program import program


@dataclass(frozen=True)
class Address:
    """Something to paste into an LMS."""

    id: str
    label: str
    value: str
    hint: str = ""


@bp.get("/platforms")
def platform_list() -> str:
    """All platforms, searched and filtered."""
    session = scope.session()
    words = request.args.get("q", "").strip()[:200]
    view = View(request.args["view"]) if request.args.get("view") in set(View) else View.ALL
    after = request.args.get("after", 0, type=int)
    found = platforms.platform_page(session, words=words, view=view, after=max(0, min(after, 1_000_000)))
    return render_template(
        "admin/platform_list.html",
        platforms=found[:PAGE],
        next_after=after + PAGE if len(found) > PAGE else None,
        counts=platforms.view_counts(session),
        view=view,
        words=words,
        views={View.ALL: _("All"), View.WAITING: _("To approve"), View.OFF: _("Switched off")},
    )


@bp.route("/platforms/new", methods=["GET", "POST"])
def platform_create() -> Response | str | tuple[str, int]:
    """Type a platform in by hand."""
    form = PlatformForm(request.form)
    form.tenant.choices = options(tenants.choices(scope.session()))
    if request.method == "GET":
        return render_template("admin/platform_create.html", form=form, addresses=_addresses(""))
    if form.validate():
        try:
            with unit_of_work(scope.session()) as session:
                added = platforms.add(
                    session, me().by, form.tenant.data, form.draft(), form.deployment_id.data or ""
                )
                registration_id = added.id
        except (Conflict, Invalid) as problem:
            form.form_errors.append(problem.message)
        else:
            flash(_("The platform is added. Its LMS needs the addresses below."), "good")
            return redirect(url_for("admin.platform_detail", platform_id=registration_id), code=303)
    return render_template("admin/platform_create.html", form=form, addresses=_addresses("")), 422


@bp.get("/platforms/<int:platform_id>")
def platform_detail(platform_id: int) -> str:
    """One platform: deployments, addresses to paste, what it is, removal."""
    return _page(platform_id)


@bp.route("/platforms/<int:platform_id>/edit", methods=["GET", "POST"])
def platform_edit(platform_id: int) -> Response | str | tuple[str, int]:
    """Change how a platform is called and reached."""
    platform = platforms.platform(scope.session(), platform_id)
    form = PlatformEditForm(
        request.form,
        name=platform.name,
        auth_login_url=platform.auth_login_url,
        token_url=platform.token_url,
        jwks_url=platform.jwks_url,
        token_audience=platform.token_audience,
        frame_origins="\n".join(platform.frame_origins.get("origins", [])),
        trusted_audiences="\n".join(platform.trusted_audiences.get("audiences", [])),
        allow_anonymous=platform.allow_anonymous,
    )
    if request.method == "GET":
        return render_template("admin/platform_edit.html", form=form, platform=platform)
    if not form.validate():
        return render_template("admin/platform_edit.html", form=form, platform=platform), 422
    with unit_of_work(scope.session()) as session:
        platforms.edit(session, me().by, platform_id, form.draft())
    flash(_("Saved."), "good")
    return redirect(url_for("admin.platform_detail", platform_id=platform_id), code=303)


@bp.post("/platforms/<int:platform_id>/switch")
def platform_switch(platform_id: int) -> Response:
    """Switch a platform on or off."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            enabled = request.form.get("to") == "on"
            name = platforms.set_enabled(session, me().by, platform_id, enabled=enabled).name
        said = _("%(name)s is on.", name=name) if enabled else _("%(name)s is off.", name=name)
        flash(said, "good")
    return redirect(url_for("admin.platform_detail", platform_id=platform_id), code=303)


@bp.post("/platforms/<int:platform_id>/remove")
def platform_remove(platform_id: int) -> Response | tuple[str, int]:
    """Remove a platform; one through which people came is switched off instead."""
    name = platforms.platform(scope.session(), platform_id).name
    confirm = ConfirmForm(request.form, prefix="remove-", name=name)
    if not confirm.validate():
        return _page(platform_id, confirm=confirm), 422
    with unit_of_work(scope.session()) as session:
        removed = platforms.remove(session, me().by, platform_id)
    if removed.is_switched_off:
        flash(
            _("People came through %(name)s, so it is switched off and everything is kept.", name=name),
            "warn",
        )
        return redirect(url_for("admin.platform_detail", platform_id=platform_id), code=303)
    flash(_("%(name)s is removed.", name=name), "good")
    return redirect(url_for("admin.platform_list"), code=303)


@bp.post("/platforms/<int:platform_id>/deployments")
def deployment_create(platform_id: int) -> Response | tuple[str, int]:
    """Let a deployment in before its first launch."""
    form = DeploymentForm(request.form, prefix="add-")
    if form.validate():
        try:
            with unit_of_work(scope.session()) as session:
                platforms.add_deployment(session, me().by, platform_id, form.deployment_id.data or "")
        except Conflict as conflict:
            form.deployment_id.errors = [conflict.message]
        else:
            flash(_("The deployment %(id)s is approved.", id=form.deployment_id.data), "good")
            return redirect(url_for("admin.platform_detail", platform_id=platform_id), code=303)
    return _page(platform_id, form=form), 422


@bp.post("/platforms/<int:platform_id>/deployments/<int:deployment>")
def deployment_edit(platform_id: int, deployment: int) -> Response:
    """Let a deployment in, or keep it out; back to the page the button stood on."""
    if pressed():
        standing = Standing.APPROVED if request.form.get("to") == "approved" else Standing.DISABLED
        with unit_of_work(scope.session()) as session:
            changed = platforms.set_standing(
                session, me().by, platform_id, deployment, standing
            ).deployment_id
        if standing is Standing.APPROVED:
            flash(_("The deployment %(id)s is approved.", id=changed), "good")
        else:
            flash(_("The deployment %(id)s is off.", id=changed), "good")
    back = request.form.get("back") or url_for("admin.platform_detail", platform_id=platform_id)
    return redirect(local_path(back), code=303)


def _page(platform_id: int, **forms: Any) -> str:
    session = scope.session()
    platform = platforms.platform(session, platform_id)
    shown = {
        "form": DeploymentForm(prefix="add-"),
        "confirm": ConfirmForm(prefix="remove-", name=platform.name),
        **forms,
    }
    return render_template(
        "admin/platform_detail.html",
        platform=platform,
        deployments=sorted(
            platform.deployments, key=lambda one: (one.standing is not Standing.PENDING, one.id)
        ),
        reached=platforms.reached(session, platform_id),
        state=platform_state.state_of(session, platform),
        addresses=_addresses(platform.public_key),
        details=_details(platform),
        origin=invitations.origin_of(session, platform_id),
        **shown,
    )


def _addresses(public_key: str) -> list[Address]:
    """What has to be pasted into the LMS, by the names that LMSs give it."""
    base = program().settings.public_url
    found = [
        Address("login", _("Login URL"), f"{base}/lti/login", _("Also: initiate login URL, OIDC login URL.")),
        Address(
            "launch",
            _("Launch URL"),
            f"{base}/lti/launch",
            _("Also: tool URL, target link URI, redirect URI."),
        ),
        Address("deep", _("Deep linking URL"), f"{base}/lti/launch", _("Also: content selection URL.")),
        Address("jwks", _("Public keyset URL"), f"{base}/lti/jwks.json", _("Also: JWKS URL.")),
    ]
    if public_key:
        found.append(
            Address(
                "own",
                _("This platform's own login URL"),
                f"{base}/lti/login/{public_key}",
                _(
                    "Instead of the first one, if several customers share this issuer and its LMS sends no client ID."
                ),
            )
        )
    return found


def _details(platform: Registration) -> list[tuple[str, str]]:
    """What there is to know about a platform, with the name of each value."""
    found = [
        (_("Issuer"), platform.issuer),
        (_("Client ID"), platform.client_id),
        (_("Authentication request URL"), platform.auth_login_url),
        (_("Access token URL"), platform.token_url),
        (_("Public keyset URL"), platform.jwks_url),
        (_("Token audience"), platform.token_audience),
        (_("Product"), platform.family),
        (
            _("More pages that may show the tool in a frame"),
            ", ".join(platform.frame_origins.get("origins", [])),
        ),
        (_("Trusted audiences"), ", ".join(platform.trusted_audiences.get("audiences", []))),
        (
            _("Launches that do not say who the person is"),
            _("are let in") if platform.allow_anonymous else "",
        ),
    ]
    return [(label, value) for label, value in found if value]
