"""The views of targets: reading them, and saying what one thinks of one."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame, posted
from lmssocial_reporting.scope import Scope, today
from lmssocial_reporting.targets import edit_routes, life, service, settling_routes
from lmssocial_reporting.targets.forms import RemarkForm, VoteForm
from lmssocial_reporting.targets.page import render, scope_of_target, show
from lmssocial_reporting.targets.values import Stage

__all__ = ["edit_routes", "settling_routes"]


@bp.get("/target")
def target_detail(placement_id: int) -> str:
    """What the community wants to be, and how far it has come in agreeing on that."""
    del placement_id  # the frame knows
    here = frame()
    return show(here, here.scope())


@bp.get("/target/<int:target_id>")
def target_past_detail(placement_id: int, target_id: int) -> str | Response:
    """A target that was; whatever is in force or being agreed on has its place on the page of targets."""
    here = frame()
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope = scope_of_target(here, found)
    if found.stage is not Stage.RETIRED:
        return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key), 303)
    remarks = service.remarks_on(here.session, here.actor.tenant_id, target_id)
    return render("target_past_detail", here, scope, target=found, remarks=remarks)


@posted("/target/<int:target_id>/vote", ".target_past_detail", "target_id")
def target_vote(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """Say whether one is for it or against it."""
    (here, scope), form = _asked(target_id), VoteForm(request.form)
    if not form.validate():
        return show(here, scope, vote=form), 422
    with unit_of_work(current_session()) as session:
        agrees = form.vote.data == "for"
        life.vote(session, here.actor, target_id, agrees=agrees, today=today(here.settings))
    return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key) + "#asked", 303)


@posted("/target/<int:target_id>/comment", ".target_past_detail", "target_id")
def target_comment(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """Say something of it, with one's name."""
    (here, scope), form = _asked(target_id), RemarkForm(request.form)
    if not form.validate():
        return show(here, scope, remark=form), 422
    with unit_of_work(current_session()) as session:
        life.remark(session, here.actor, target_id, form.words.data or "", today(here.settings))
    return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key) + "#remarks", 303)


def _asked(target_id: int) -> tuple[Frame, Scope]:
    here = frame()
    return here, scope_of_target(here, service.target(here.session, here.actor.tenant_id, target_id))
