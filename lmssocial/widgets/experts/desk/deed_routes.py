"""What stewards do from the page of a question."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.desk import deeds, merging
from lmssocial.widgets.experts.desk.forms import CloseForm, MergeForm, PersonForm
from lmssocial.widgets.experts.desk.picking import candidates
from lmssocial.widgets.experts.models import ALIVE, State
from lmssocial.widgets.experts.questions import Asked

View = str | Response | tuple[str, int]
LONGEST_PART = 100
LOOKED_FOR = frozenset({State.OPEN, State.ACCEPTED})
"""The states in which somebody is looked for who answers, or has said that they do."""


def register(bp: Blueprint) -> None:
    """Put these pages into the blueprint."""
    at, both = "/questions/<int:question_id>", ["GET", "POST"]
    bp.add_url_rule(f"{at}/invite", view_func=expert_invite, methods=both)
    bp.add_url_rule(f"{at}/reassign", view_func=question_reassign, methods=both)
    bp.add_url_rule(f"{at}/open", view_func=question_open, methods=["POST"])
    bp.add_url_rule(f"{at}/close", view_func=question_close, methods=both)
    bp.add_url_rule(f"{at}/merge", view_func=question_merge, methods=both)


def expert_invite(placement_id: int, question_id: int) -> View:  # noqa: ARG001 – the place of the request knows it
    """Invite somebody beside those who are asked already."""
    done = _("They are asked. You see on this page what becomes of it.")
    return _person(question_id, deeds.expert_invite, "experts/expert_invite.html", done)


def question_reassign(placement_id: int, question_id: int) -> View:  # noqa: ARG001
    """Hand it to somebody else."""
    done = _("They are asked now, and whoever had it is told that they need not answer.")
    return _person(question_id, deeds.reassign, "experts/question_reassign.html", done)


def _person(question_id: int, deed: Callable[..., Any], template: str, done: str) -> View:
    place = experts()
    asked = deeds.tended(scope.session(), place.actor, question_id)
    if asked.question.state not in LOOKED_FOR:
        flash(_("This question has an answer or is over, so nobody is looked for any more."), "warn")
        return _to(place, question_id)
    part = request.args.get("q", "")[:LONGEST_PART]
    form = PersonForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _person_page(place, asked, form, template, part)
    try:
        policies, words = screen_here(), form.words.data or ""
        deeds.fit(policies, place.actor, deeds.NOTE, words)
        with unit_of_work(scope.session()) as session:
            deed(session, policies, place.actor, question_id, form.person.data, words)
    except Invalid as refusal:
        form.words.errors = [refusal.message]
        return _person_page(place, asked, form, template, part)
    except (Conflict, NotFound) as refusal:
        form.person.errors = [refusal.message]
        return _person_page(place, asked, form, template, part)
    flash(done, "good")
    return _to(place, question_id)


def _person_page(place: Here, asked: Asked, form: PersonForm, template: str, part: str) -> View:
    people = candidates(scope.session(), program().rankings, asked, part)
    page = render_template(
        template, asked=asked, form=form.offer(people), part=part, people=people, base=base(place)
    )
    return (page, 422) if form.errors else page


def question_open(placement_id: int, question_id: int) -> Response:  # noqa: ARG001
    """Let everybody answer it now."""
    place = experts()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _to(place, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            is_new = deeds.open_up(session, place.actor, question_id)
        flash(_("It is open to everybody now.") if is_new else _("It was open to everybody already."), "good")
    except Conflict as late:
        flash(late.message, "warn")
    return _to(place, question_id)


def question_close(placement_id: int, question_id: int) -> View:  # noqa: ARG001
    """Close it without an answer, and say why."""
    place = experts()
    asked = deeds.tended(scope.session(), place.actor, question_id)
    if request.method == "GET" and asked.question.state not in LOOKED_FOR:
        flash(_("This question has an answer or is over, so there is nothing to close."), "warn")
        return _to(place, question_id)
    form = CloseForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _close_page(place, asked, form)
    try:
        policies, reason = screen_here(), form.reason.data or ""
        deeds.fit(policies, place.actor, deeds.REASON, reason)
        with unit_of_work(scope.session()) as session:
            deeds.close(session, policies, place.actor, question_id, reason)
    except (Invalid, Conflict) as refusal:
        form.reason.errors = [refusal.message]
        return _close_page(place, asked, form)
    flash(_("It is closed. Whoever asked is told, and reads why."), "good")
    return _to(place, question_id)


def _close_page(place: Here, asked: Asked, form: CloseForm) -> View:
    page = render_template("experts/question_close.html", asked=asked, form=form, base=base(place))
    return (page, 422) if form.errors else page


def question_merge(placement_id: int, question_id: int) -> View:  # noqa: ARG001
    """Let it go on in another one."""
    place = experts()
    asked = deeds.tended(scope.session(), place.actor, question_id)
    if request.method == "GET" and asked.question.state not in ALIVE:
        flash(_("This question is over, so it cannot go on in another one."), "warn")
        return _to(place, question_id)
    words = request.args.get("q", "")[:LONGEST_PART]
    form = MergeForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _merge_page(place, asked, form, words)
    try:
        with unit_of_work(scope.session()) as session:
            deeds.merge(session, place.actor, question_id, form.into.data)
    except (Invalid, Conflict, NotFound) as refusal:
        form.into.errors = [refusal.message]
        return _merge_page(place, asked, form, words)
    flash(_("It goes on in the other one. Whoever asked is told where."), "good")
    return _to(place, question_id)


def _merge_page(place: Here, asked: Asked, form: MergeForm, words: str) -> View:
    found = merging.places_to_go_on(scope.session(), place.actor, asked, words)
    page = render_template(
        "experts/question_merge.html",
        asked=asked,
        form=form.offer(found),
        found=found,
        words=words,
        base=base(place),
    )
    return (page, 422) if form.errors else page


def _to(place: Here, question_id: int) -> Response:
    address = url_for("experts.question_detail", placement_id=place.placement_id, question_id=question_id)
    return redirect(address, code=303)
