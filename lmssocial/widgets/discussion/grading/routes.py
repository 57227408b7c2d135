"""The addresses of grading: how it is set, the list of learners, one of them, and what a learner chooses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.social.gradebook import queries as gradebook
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion.grading import access, queries, service
from lmssocial.widgets.discussion.grading.export import as_csv
from lmssocial.widgets.discussion.grading.forms import (
    GradeForm,
    ReturnForm,
    SetupForm,
    grade_form,
    setup_data,
)
from lmssocial.widgets.discussion.grading.mine import mine
from lmssocial.widgets.discussion.grading.queries import LearnerWork, Stage
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.routes.blueprint import discussion
from lmssocial.widgets.discussion.settings import DiscussionSettings


def register(bp: Blueprint) -> None:
    """Give the blueprint of the discussion the addresses of this module."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/grading/setup", grading_setup),
        ("POST", "/grading/setup", grading_setup_change),
        ("GET", "/grading", grading_list),
        ("POST", "/grading/return", grading_return),
        ("GET", "/grading/grades.csv", grading_export),
        ("GET", "/grading/<int:user_id>", grading_detail),
        ("POST", "/grading/<int:user_id>", grading_grade),
        ("GET", "/best", best_posts),
        ("POST", "/best", best_posts_choose),
        ("POST", "/posts/<int:post_id>/choose", post_choose),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def grading_setup(placement_id: int) -> str:
    """How many posts learners choose, and the rubric."""
    place = discussion()
    placement = access.require_grader(scope.session(), place.actor, placement_id)
    settings = DiscussionSettings.read(placement.settings)
    form = SetupForm(data=setup_data(settings.choose, settings.rubric or starting_points()))
    return _setup_page(place, form)


def grading_setup_change(placement_id: int) -> Response | tuple[str, int]:
    """Save it; or give the form one more criterion to fill in."""
    place = discussion()
    access.require_grader(scope.session(), place.actor, placement_id)
    form = SetupForm(request.form)
    valid = form.validate()
    if "more" in request.form:
        if len(form.criteria) < (form.criteria.max_entries or 0):
            form.criteria.append_entry()
        return _setup_page(place, form, added=True), 200
    if not valid:
        return _setup_page(place, form), 422
    with unit_of_work(scope.session()) as session:
        service.set_up(session, place.actor, placement_id, form.draft())
    flash(_("Saved. Learners see the rubric where they choose.") if form.choose.data else _("Saved."), "good")
    where = "grading_list" if form.choose.data else "grading_setup"
    return redirect(url_for(f"discussion.{where}", placement_id=placement_id), code=303)


def _setup_page(place: Here, form: SetupForm, *, added: bool = False) -> str:
    graded = queries.learners(scope.session(), place.actor, place.placement_id).counts
    return render_template(
        "discussion/grading/setup.html",
        form=form,
        added=added,
        graded=graded[Stage.GRADED] + graded[Stage.RETURNED],
    )


def grading_list(placement_id: int) -> str:
    """Everybody who is graded, and how far that has come."""
    place = discussion()
    wanted = request.args.get("stage", "")
    stage = Stage(wanted) if wanted in set(Stage) else None
    page = queries.learners(
        scope.session(),
        place.actor,
        placement_id,
        stage=stage,
        after=request.args.get("after", 0, type=int),
    )
    return render_template(
        "discussion/grading/grading_list.html",
        page=page,
        stage=stage,
        settings=DiscussionSettings.read(place.settings),
        tally=gradebook.tally(scope.session(), placement_id),
        form=ReturnForm(data={"newest": page.newest.isoformat() if page.newest else ""}),
    )


def grading_return(placement_id: int) -> Response:
    """Show every learner the grade that waits for it."""
    place, form = discussion(), ReturnForm(request.form)
    back = redirect(url_for("discussion.grading_list", placement_id=placement_id), code=303)
    until = _moment(form.newest.data)
    if not form.validate() or until is None:
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return back
    with unit_of_work(scope.session()) as session:
        done = service.return_all(session, place.actor, placement_id, seen_until=until)
    said = ngettext("One grade was returned.", "%(num)s grades were returned.", done.returned)
    if done.left:
        said += " " + ngettext(
            "One was saved after you opened this page, and waits.",
            "%(num)s were saved after you opened this page, and wait.",
            done.left,
        )
    flash(f"{said} {_about_lms(placement_id)}" if done.returned else said, "good")
    return back


def _about_lms(placement_id: int) -> str:
    """Where grades go that were returned just now."""
    if gradebook.tally(scope.session(), placement_id).held:
        return _("Your LMS takes no grades from this tool in this course, so it stands here alone for now.")
    return _("The gradebook of your LMS is told as well, usually within a minute.")


def grading_export(placement_id: int) -> Response:
    """All grades as a file."""
    place = discussion()
    response = make_response(as_csv(queries.everybody(scope.session(), place.actor, placement_id)))
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="grades-{placement_id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def grading_detail(placement_id: int, user_id: int) -> str:
    """One learner: what they chose, beside the rubric."""
    place = discussion()
    work, settings = _work(place, placement_id, user_id)
    form = grade_form(settings.rubric, levels=work.found_again, comment=work.comment, seen=work.seen)
    return _grading_page(work, settings, form)


def grading_grade(placement_id: int, user_id: int) -> Response | tuple[str, int]:
    """Save a grade, and return it if that button was pressed. Goes on to the next learner without one."""
    place = discussion()
    work, settings = _work(place, placement_id, user_id)
    form, give_back = grade_form(settings.rubric, request.form), request.form.get("then") == "return"
    if not form.validate():
        return _grading_page(work, settings, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            draft = form.draft(user_id, give_back=give_back)
            points = service.grade(session, place.actor, placement_id, draft).points
    except Conflict as conflict:
        work, settings = _work(place, placement_id, user_id)
        form = grade_form(settings.rubric, request.form)
        form.seen.data = work.seen
        return _grading_page(work, settings, form, conflict=conflict.message), 409
    values = {"name": work.name, "points": f"{points:g}", "most": f"{settings.most:g}"}
    if give_back:
        said = _("%(name)s now sees their grade: %(points)s of %(most)s.", **values)
        flash(f"{said} {_about_lms(placement_id)}", "good")
    else:
        flash(_("Saved: %(name)s has %(points)s of %(most)s, and does not see it yet.", **values), "good")
    if work.after is None:
        return redirect(url_for("discussion.grading_list", placement_id=placement_id), code=303)
    onward = url_for("discussion.grading_detail", placement_id=placement_id, user_id=work.after)
    return redirect(onward, code=303)


def _work(place: Here, placement_id: int, user_id: int) -> tuple[LearnerWork, DiscussionSettings]:
    session = scope.session()
    placement = access.require_grader(session, place.actor, placement_id)
    settings = DiscussionSettings.read(placement.settings)
    if not settings.rubric:
        raise NotFound(_("There is no rubric yet, so nobody can be graded. Set one up first."))
    return queries.learner_work(session, place.actor, placement_id, user_id, settings), settings


def _grading_page(
    work: LearnerWork, settings: DiscussionSettings, form: GradeForm, *, conflict: str = ""
) -> str:
    return render_template(
        "discussion/grading/grading_detail.html", work=work, settings=settings, form=form, conflict=conflict
    )


def best_posts(placement_id: int) -> str:
    """What is expected, what the learner chose, and their grade once it was returned."""
    place = discussion()
    return _best_page(place, placement_id)


def best_posts_choose(placement_id: int) -> Response | tuple[str, int]:
    """Let exactly the ticked posts be chosen."""
    place = discussion()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    else:
        ids = request.form.getlist("post", type=int)
        try:
            with unit_of_work(scope.session()) as session:
                service.choose(session, place.actor, placement_id, ids)
        except Invalid as problem:
            return _best_page(place, placement_id, problem=problem.message, ticked=set(ids)), 422
        flash(_("Saved. You can change it until you are graded."), "good")
    return redirect(url_for("discussion.best_posts", placement_id=placement_id), code=303)


def post_choose(placement_id: int, post_id: int) -> Response | tuple[str, int]:
    """Choose one post, from where it stands."""
    place = discussion()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    else:
        try:
            with unit_of_work(scope.session()) as session:
                service.choose_also(session, place.actor, placement_id, post_id)
        except Invalid as problem:
            return _best_page(place, placement_id, problem=problem.message), 422
        flash(_("Chosen. These are the posts you are graded by."), "good")
    return redirect(url_for("discussion.best_posts", placement_id=placement_id), code=303)


def _best_page(place: Here, placement_id: int, **more: Any) -> str:
    placement = access.require_learner(scope.session(), place.actor, placement_id)
    return render_template(
        "discussion/grading/best_posts.html", mine=mine(scope.session(), place.actor, placement), **more
    )


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
