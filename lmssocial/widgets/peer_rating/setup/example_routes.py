"""The pages on which staff make examples, out of nothing or out of earlier work."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.examples import earlier, service
from lmssocial.widgets.peer_rating.examples.queries import ExampleView, example_of, examples_of
from lmssocial.widgets.peer_rating.scoring.inputs import rubric_of
from lmssocial.widgets.peer_rating.setup.example_forms import ExampleForm, example_form

View = str | Response | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put these pages into the blueprint."""
    bp.add_url_rule("/settings/examples", view_func=setup_examples)
    both = ["GET", "POST"]
    bp.add_url_rule("/settings/examples/new", view_func=setup_example_new, methods=both)
    bp.add_url_rule("/settings/examples/<int:example_id>", view_func=setup_example, methods=both)
    bp.add_url_rule(
        "/settings/examples/<int:example_id>/<any(up,down,retire,back):deed>",
        view_func=setup_example_place,
        methods=["POST"],
    )


def setup_examples(placement_id: int) -> View:
    """The examples of the activity, and earlier work that can become one."""
    place, found = _mine(placement_id)
    session = scope.session()
    rubric = rubric_of(session, found)
    return render_template(
        "peer_rating/setup_examples.html",
        examples=examples_of(session, found, rubric),
        earlier=earlier.earlier_works(session, place.actor, placement_id),
        activity=found,
        rubric=rubric,
        base=base(place),
    )


def setup_example_new(placement_id: int) -> View:
    """An example to write, beginning with the words of an earlier work if one was chosen."""
    place, found = _mine(placement_id)
    rubric = rubric_of(scope.session(), found)
    work_id = request.args.get("work", type=int)
    if request.method == "GET":
        source = "" if work_id is None else earlier.taken(scope.session(), place.actor, work_id)
        return _new_page(place, found, example_form(rubric, source=source))
    form = example_form(rubric, request.form)
    if not form.validate():
        return _new_page(place, found, form), 422
    screen = screen_here()
    try:
        with unit_of_work(scope.session()) as session:
            made = service.make(session, screen, place.actor, placement_id, form.draft())
            waits = service.waits(session, made)
    except Invalid as problem:
        form.form_errors.append(problem.message)
        return _new_page(place, found, form), problem.status
    if waits:
        flash(_("Saved. It waits for a moderator before reviewers can try it."), "warn")
    else:
        flash(_("Saved. Reviewers can try it."), "good")
    return _back(placement_id)


def setup_example(placement_id: int, example_id: int) -> View:
    """An example to change."""
    place, found = _mine(placement_id)
    rubric = rubric_of(scope.session(), found)
    example = example_of(scope.session(), found, rubric, example_id)
    if request.method == "GET":
        form = example_form(
            rubric,
            levels=example.levels,
            source=example.source,
            explanation=example.explanation,
            version=example.version,
        )
        return _edit_page(place, found, form, example)
    form = example_form(rubric, request.form)
    if not form.validate():
        return _edit_page(place, found, form, example), 422
    screen = screen_here(Moment.EDIT)
    try:
        with unit_of_work(scope.session()) as session:
            service.change(session, screen, place.actor, placement_id, example_id, form.draft(), form.seen)
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        return _edit_page(place, found, form, example), problem.status
    flash(_("Saved."), "good")
    return _back(placement_id)


def setup_example_place(placement_id: int, example_id: int, deed: str) -> View:
    """An example moved up or down, retired, or put back."""
    place = peer_rating()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _back(placement_id)
    try:
        with unit_of_work(scope.session()) as session:
            if deed == "retire":
                service.retire(session, place.actor, placement_id, example_id)
            elif deed == "back":
                service.put_back(session, place.actor, placement_id, example_id)
            else:
                service.move(session, place.actor, placement_id, example_id, up=deed == "up")
    except Invalid as problem:
        flash(problem.message, "warn")
    return _back(placement_id)


def _mine(placement_id: int) -> tuple[Here, Running]:
    place = peer_rating()
    access.require_runs(place.actor)
    return place, running(scope.session(), place.actor, placement_id)


def _new_page(place: Here, found: Running, form: ExampleForm) -> str:
    rubric = rubric_of(scope.session(), found)
    return render_template(
        "peer_rating/setup_example_new.html", form=form, activity=found, rubric=rubric, base=base(place)
    )


def _edit_page(place: Here, found: Running, form: ExampleForm, example: ExampleView) -> str:
    rubric = rubric_of(scope.session(), found)
    return render_template(
        "peer_rating/setup_example.html",
        form=form,
        activity=found,
        rubric=rubric,
        example=example,
        base=base(place),
    )


def _back(placement_id: int) -> Response:
    return redirect(url_for("peer_rating.setup_examples", placement_id=placement_id), code=303)
