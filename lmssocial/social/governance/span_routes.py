"""The courses that a course works with: communities across courses, founded, joined and left by its staff."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Problem
from lmssocial.social.communities import spanning
from lmssocial.social.communities.scope import here
from lmssocial.social.communities.span_views import span_of, spans_of
from lmssocial.social.governance import access
from lmssocial.social.governance.span_forms import FoundForm, JoinForm
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Give the blueprint of the settings the addresses of this module."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/courses", span_list),
        ("POST", "/courses", span_found),
        ("POST", "/courses/join", span_join),
        ("POST", "/courses/<int:span_id>/code", span_code),
        ("POST", "/courses/<int:span_id>/close", span_close),
        ("GET", "/courses/<int:span_id>/leave", span_leave),
        ("POST", "/courses/<int:span_id>/leave", span_leave_post),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def span_list(placement_id: int) -> str:
    """Which courses this one works with, and how it comes to work with others."""
    del placement_id
    return _list_page(FoundForm(), JoinForm())


def span_found(placement_id: int) -> View:
    """Found a community across courses, and show its code, once."""
    del placement_id
    form, actor = FoundForm(request.form), here().actor
    access.require_founder(actor)
    if not form.validate():
        return _list_page(form, JoinForm()), 422
    try:
        with unit_of_work(scope.session()) as session:
            founded = spanning.found(session, actor, form.draft())
    except Problem as problem:
        form.title.errors = [problem.message]
        return _list_page(form, JoinForm()), problem.status
    return _code_page(founded.span_id, founded.code, is_new=True)


def span_join(placement_id: int) -> View:
    """Join one by the code that staff of another course gave away."""
    form, actor = JoinForm(request.form), here().actor
    access.require_founder(actor)
    if not form.validate():
        return _list_page(FoundForm(), form), 422
    try:
        with unit_of_work(scope.session()) as session:
            title = spanning.join(session, actor, form.code.data or "").title
    except Problem as problem:
        form.code.errors = [problem.message]
        return _list_page(FoundForm(), form), problem.status
    flash(_("Your course is in “%(title)s” now.", title=title), "good")
    return _back(placement_id)


def span_code(placement_id: int, span_id: int) -> View:
    """Make another code, which takes the place of the one before, and show it, once."""
    actor = here().actor
    access.require_founder(actor)
    if not ButtonForm(request.form).validate():
        return _too_old(placement_id)
    with unit_of_work(scope.session()) as session:
        code = spanning.renew_code(session, actor, span_id)
    return _code_page(span_id, code, is_new=False)


def span_close(placement_id: int, span_id: int) -> Response:
    """Let no further course join."""
    actor = here().actor
    access.require_founder(actor)
    if not ButtonForm(request.form).validate():
        return _too_old(placement_id)
    with unit_of_work(scope.session()) as session:
        spanning.close(session, actor, span_id)
    flash(_("No further course can join now. A new code lets one join again."), "good")
    return _back(placement_id)


def span_leave(placement_id: int, span_id: int) -> str:
    """Say what leaving means, before it is done."""
    del placement_id
    actor = here().actor
    access.require_founder(actor)
    span = span_of(scope.session(), actor, span_id)
    return render_template("governance/span_leave.html", span=span, form=ButtonForm())


def span_leave_post(placement_id: int, span_id: int) -> Response:
    """Take the course out."""
    actor = here().actor
    access.require_founder(actor)
    if not ButtonForm(request.form).validate():
        return _too_old(placement_id)
    with unit_of_work(scope.session()) as session:
        left = spanning.leave(session, actor, span_id)
    if left.ended:
        flash(_("Your course was the last one in “%(title)s”, so it ended.", title=left.title), "good")
    else:
        flash(_("Your course is no longer in “%(title)s”.", title=left.title), "good")
    return _back(placement_id)


def _list_page(found: FoundForm, join: JoinForm) -> str:
    actor = here().actor
    access.require_founder(actor)
    return render_template(
        "governance/span_list.html", spans=spans_of(scope.session(), actor), found=found, join=join
    )


def _code_page(span_id: int, code: str, *, is_new: bool) -> str:
    span = span_of(scope.session(), here().actor, span_id)
    return render_template("governance/span_code.html", span=span, code=code, is_new=is_new)


def _too_old(placement_id: int) -> Response:
    flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return _back(placement_id)


def _back(placement_id: int) -> Response:
    return redirect(url_for("governance.span_list", placement_id=placement_id), code=303)
