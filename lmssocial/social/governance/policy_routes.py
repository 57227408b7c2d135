"""The policies of a community: how much each counts, what it would have done, how it is set."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, Stance
from lmssocial.core.kernel.errors import NotFound, Problem
from lmssocial.social.communities.scope import here
from lmssocial.social.governance import access, queries, service
from lmssocial.social.governance.decided import spot_of
from lmssocial.social.governance.forms import StanceForm
from lmssocial.social.governance.policy_form import At, Shown, show, taken
from lmssocial.social.governance.queries import Detail
from lmssocial.social.moderation.trying_out import parts_of, try_out
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program


def register(bp: Blueprint) -> None:
    """Give the blueprint of the settings the addresses of this module."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/policies", policy_list),
        ("GET", "/policies/<name>", policy_detail),
        ("POST", "/policies/<name>/switch", policy_switch),
        ("POST", "/policies/<name>/stance", policy_stance),
        ("POST", "/policies/<name>/try", policy_try),
        ("POST", "/policies/<name>/settings", policy_configure),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def policy_list(placement_id: int) -> str:
    """Every policy that is on here or may be switched on, and the other plugins of the course."""
    del placement_id
    lines = queries.lines(scope.session(), here().actor, program().host)
    return render_template(
        "governance/policy_list.html",
        policies=[line for line in lines if line.is_policy or line.is_absent],
        others=[line for line in lines if not line.is_policy and not line.is_absent],
        can_found=access.can_found(here().actor),
    )


def policy_detail(placement_id: int, name: str) -> str:
    """One policy."""
    del placement_id
    return _page(_detail(name))


def policy_switch(placement_id: int, name: str) -> Response:
    """Switch a policy on or off for this course."""
    to = request.form.get("to", "")
    if _pressed() and to in {"on", "off"}:
        with unit_of_work(scope.session()) as session:
            service.switch(session, here().actor, program().host, name, on=to == "on")
        flash(_("It is on for this course.") if to == "on" else _("It is off for this course."), "good")
    return _back(placement_id, name)


def policy_stance(placement_id: int, name: str) -> Response:
    """Say how much its word counts; or let it count as the institution says."""
    form = StanceForm(request.form)
    follow = bool(request.form.get("follow"))
    if not follow and not form.validate():
        flash(" ".join(str(text) for texts in form.errors.values() for text in texts), "warn")
        return _back(placement_id, name)
    if follow and not _pressed():
        return _back(placement_id, name)
    try:
        with unit_of_work(scope.session()) as session:
            stance = None if follow else Stance(form.stance.data)
            service.take_stance(session, here().actor, program().host, name, stance)
    except Problem as problem:
        if problem.status != 409:
            raise
        flash(problem.message, "warn")
    else:
        flash(_("Saved. It counts from the next post on."), "good")
    return _back(placement_id, name)


def policy_try(placement_id: int, name: str) -> Response:
    """Ask it about the posts of the last 90 days, before anything begins to be written."""
    actor = here().actor
    access.require_governor(actor)
    if _pressed():
        service.settable(program().host, name)
        found = try_out(scope.session(), parts_of(program()), name, spot_of(actor), by_id=actor.user_id)
        with unit_of_work(scope.session()) as session:
            session.add(found)
    return _back(placement_id, name, "trial")


def policy_configure(placement_id: int, name: str) -> Response | tuple[str, int]:
    """Set it for this course, or drop what was set here."""
    found = _detail(name)
    manifest = found.manifest
    if manifest.settings is None:
        raise NotFound(reason=f"{name} has no settings")
    values: dict[str, Any] = {}
    keep = frozenset[str]()
    if request.form.get("drop"):
        if not _pressed():
            return _back(placement_id, name, "settings")
    else:
        current = asdict(found.setup.settings)
        shown = show(manifest, _at(found), current, sent=request.form)
        checked = taken(manifest, _at(found), shown, current)
        if checked is None:
            return _page(found, shown), 422
        values, keep = checked.values, checked.keep
    with unit_of_work(scope.session()) as session:
        stepped_back = service.configure(session, here().actor, program().host, name, values, keep=keep)
    counts_at_once = found.line.is_policy and not stepped_back
    flash(_("Saved. It counts from the next post on.") if counts_at_once else _("Saved."), "good")
    if stepped_back:
        flash(
            _("Nobody has tried it out with these settings, so for now its verdicts are only noted."), "warn"
        )
    return _back(placement_id, name, "settings")


def _page(found: Detail, shown: Shown | None = None) -> str:
    if shown is None and found.manifest.settings is not None and found.line.is_set_here:
        shown = show(found.manifest, _at(found), asdict(found.setup.settings))
    if shown is not None and shown.form is None and not shown.trace:
        shown = None
    return render_template(
        "governance/policy_detail.html",
        found=found,
        line=found.line,
        shown=shown,
        trial=found.trial,
        can_found=access.can_found(here().actor),
    )


def _at(found: Detail) -> At:
    decided = found.line.decided
    return At(level=Level.COURSE, locked=decided.locked, stored=decided.own_values)


def _detail(name: str) -> Detail:
    parts = parts_of(program())
    found = queries.detail(scope.session(), here().actor, parts.host, parts.ports, name)
    if found is None:
        raise NotFound(_("There is nothing of this name that could be set for this course."))
    return found


def _pressed() -> bool:
    """Whether the button was pressed on a page of this sign-in."""
    if ButtonForm(request.form).validate():
        return True
    flash(_("This page had grown old, so nothing has changed. Please choose again."), "warn")
    return False


def _back(placement_id: int, name: str, anchor: str | None = None) -> Response:
    if request.form.get("back") == "list":
        return redirect(url_for("governance.policy_list", placement_id=placement_id), code=303)
    return redirect(
        url_for("governance.policy_detail", placement_id=placement_id, name=name, _anchor=anchor), code=303
    )
