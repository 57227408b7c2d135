"""The views for settling a target: ratifying it, and retiring it."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin import Invalid, NotAllowed
from lmssocial.plugin import gettext as _
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.scope import Scope, looks_after, require_writer, today
from lmssocial_reporting.targets import life, service
from lmssocial_reporting.targets.forms import RatifyForm, RetireForm
from lmssocial_reporting.targets.page import render, scope_of_target
from lmssocial_reporting.targets.values import Target


@bp.get("/target/<int:target_id>/ratify")
def target_ratify(placement_id: int, target_id: int) -> str:
    """Put it in force? With the votes and what was said."""
    del placement_id  # the frame knows
    here, found, scope = _looked_after(target_id)
    return _ratify(here, found, scope, RatifyForm())


@bp.post("/target/<int:target_id>/ratify")
def target_ratify_post(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """Put it in force."""
    here, found, scope = _looked_after(target_id)
    form = RatifyForm(request.form)
    if not form.validate():
        return _ratify(here, found, scope, form), 422
    try:
        with unit_of_work(current_session()) as session:
            life.ratify(session, here.actor, target_id, form.despite.data or "", today(here.settings))
    except Invalid as problem:
        form.despite.errors = [problem.message]
        return _ratify(here, found, scope, form), 422
    return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key), 303)


@bp.get("/target/<int:target_id>/retire")
def target_retire(placement_id: int, target_id: int) -> str:
    """Take it out of force, or give it up: say why."""
    del placement_id  # the frame knows
    here, found, scope = _looked_after(target_id)
    return render("target_retire", here, scope, form=RetireForm(), target=found)


@bp.post("/target/<int:target_id>/retire")
def target_retire_post(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """Take it out of force, or give it up."""
    here, found, scope = _looked_after(target_id)
    form = RetireForm(request.form)
    if not form.validate():
        return render("target_retire", here, scope, form=form, target=found), 422
    with unit_of_work(current_session()) as session:
        life.retire(session, here.actor, target_id, form.why.data or "")
    return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key), 303)


def _ratify(here: Frame, target: Target, scope: Scope, form: RatifyForm) -> str:
    remarks = service.remarks_on(here.session, here.actor.tenant_id, target.id)
    over = target.ends_on is not None and today(here.settings) > target.ends_on
    return render("target_ratify", here, scope, form=form, target=target, remarks=remarks, over=over)


def _looked_after(target_id: int) -> tuple[Frame, Target, Scope]:
    """A target, for those who look after the community.

    :raises NotAllowed: for everybody else.
    """
    here = frame()
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope = scope_of_target(here, found)
    if not looks_after(here.actor):
        raise NotAllowed(_("That is for those who look after the community."))
    require_writer(here.actor, found.scope)
    return here, found, scope
