"""The works of an activity: who reviews whose, which want more reviews, and giving them out by hand."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, options
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.allocating import conflicts, giving
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.board import lines
from lmssocial.widgets.peer_rating.board.board_routes import staff_here
from lmssocial.widgets.peer_rating.board.choosing import people_for
from lmssocial.widgets.peer_rating.board.forms import ChoiceForm, ConflictForm, choice_form
from lmssocial.widgets.peer_rating.board.lines import ReviewLine
from lmssocial.widgets.peer_rating.board.tallies import tallies_of
from lmssocial.widgets.peer_rating.board.works import Show, WorkRow, one, works
from lmssocial.widgets.peer_rating.models import Review
from lmssocial.widgets.peer_rating.people import participants

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/board/works", work_list),
        ("POST", "/board/works/top-up", work_top_up),
        ("GET", "/board/works/<int:work_id>/give", work_give),
        ("POST", "/board/works/<int:work_id>/give", work_give_post),
        ("GET", "/board/reviews/<int:review_id>/reassign", review_reassign),
        ("POST", "/board/reviews/<int:review_id>/reassign", review_reassign_post),
        ("GET", "/board/conflicts", conflict_list),
        ("POST", "/board/conflicts", conflict_list_post),
        ("POST", "/board/conflicts/remove", conflict_remove),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def work_list(placement_id: int) -> str:
    """A page of works, with who reviews them. SMEs and stewards find here what they can review."""
    place = peer_rating()
    access.require_moderates(place.actor)
    found = running(scope.session(), place.actor, placement_id)
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in set(Show) else None
    session = scope.session()
    after = request.args.get("after", 0, type=int)
    return render_template(
        "peer_rating/work_list.html",
        activity=found,
        settings=found.settings,
        phase=found.phase.value,
        base=base(place),
        works=works(session, place.actor, found, show=show, after=after),
        show=show.value if show else "",
        tallies=tallies_of(session, place.actor, found),
        runs=access.runs(place.actor),
        form=ButtonForm(),
    )


def work_top_up(placement_id: int) -> Response:
    """Give out what works lack to those who owe reviews, or did more than was asked of them before."""
    place, _found = staff_here(placement_id)
    way_back = redirect(f"{base(place)}/board/works?show=few", code=303)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return way_back
    with unit_of_work(scope.session()) as session:
        done = giving.top_up(session, place.actor, placement_id)
    if done.given:
        said = ngettext(
            "One review is given out, and whoever writes it is told.",
            "%(num)s reviews are given out, and those who write them are told.",
            done.given,
        )
        flash(said, "good")
    if done.left:
        said = ngettext(
            "One review is still missing; whoever could be asked now has one to write. Write it yourself, or ask "
            "somebody by name.",
            "%(num)s reviews are still missing; whoever could be asked now has one to write. Write them yourself, or "
            "ask somebody by name.",
            done.left,
        )
        flash(said, "warn")
    elif not done.given:
        flash(_("No work lacks a review that somebody is not writing already."))
    return way_back


def work_give(placement_id: int, work_id: int) -> str:
    """The people who may be asked to review a work."""
    place, found, work = _work(placement_id, work_id)
    return _give_page(place, found, work, _choices(place, found, work_id))


def work_give_post(placement_id: int, work_id: int) -> View:
    """Ask one of them."""
    place, found, work = _work(placement_id, work_id)
    form = _choices(place, found, work_id, request.form)
    if not form.validate():
        return _give_page(place, found, work, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            giving.give(session, place.actor, placement_id, form.chosen.data, work_id)
    except (Invalid, Conflict, NotAllowed) as problem:
        return _give_page(place, found, work, form, problem=problem.message), problem.status
    flash(_("The review is given out, and whoever writes it is told."), "good")
    return redirect(f"{base(place)}/board/works#work-{work_id}", code=303)


def _work(placement_id: int, work_id: int) -> tuple[Here, Running, WorkRow]:
    place, found = staff_here(placement_id)
    return place, found, one(scope.session(), place.actor, found, work_id)


def _choices(place: Here, found: Running, work_id: int, formdata: Any = None) -> ChoiceForm:
    return choice_form(_("Person"), people_for(scope.session(), place.actor, found, work_id), formdata)


def _give_page(place: Here, found: Running, work: WorkRow, form: ChoiceForm, *, problem: str = "") -> str:
    return render_template(
        "peer_rating/work_give.html",
        activity=found,
        phase=found.phase.value,
        work=work,
        form=form,
        base=base(place),
        problem=problem,
    )


def review_reassign(placement_id: int, review_id: int) -> str:
    """Who shall write a review instead of whoever holds it."""
    place, found, line = _line(placement_id, review_id)
    return _reassign_page(place, found, line, _choices(place, found, line.work_id))


def review_reassign_post(placement_id: int, review_id: int) -> View:
    """Give it to somebody else, or back to everybody who asks for one."""
    place, found, line = _line(placement_id, review_id)
    form = _choices(place, found, line.work_id, request.form)
    to_all = "pool" in request.form
    if not (ButtonForm(request.form) if to_all else form).validate():
        return _reassign_page(place, found, line, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            giving.reassign(session, place.actor, review_id, None if to_all else form.chosen.data)
    except (Invalid, Conflict, NotAllowed) as problem:
        return _reassign_page(place, found, line, form, problem=problem.message), problem.status
    if to_all:
        flash(_("The review is taken back. The work goes to whoever asks for one next."), "good")
    else:
        flash(_("The review is given to somebody else, and both are told."), "good")
    return redirect(f"{base(place)}/board/works#work-{line.work_id}", code=303)


def _line(placement_id: int, review_id: int) -> tuple[Here, Running, ReviewLine]:
    place, found = staff_here(placement_id)
    rows = lines.lines(scope.session(), Review.id == review_id, Review.placement_id == placement_id)
    if not rows or not rows[0].is_open:
        raise NotFound(
            _("This review is not under way any more, so there is nothing to give to somebody else."),
            reason=f"review {review_id} is not open",
        )
    return place, found, rows[0]


def _reassign_page(
    place: Here, found: Running, line: ReviewLine, form: ChoiceForm, *, problem: str = ""
) -> str:
    return render_template(
        "peer_rating/review_reassign.html",
        activity=found,
        phase=found.phase.value,
        line=line,
        form=form,
        base=base(place),
        problem=problem,
    )


def conflict_list(placement_id: int) -> str:
    """Who must not review whom, and a form for two more people."""
    place, _found = staff_here(placement_id)
    return _conflicts_page(place, _conflict_form(place))


def conflict_list_post(placement_id: int) -> View:
    """Let two people not review each other."""
    place, _found = staff_here(placement_id)
    form = _conflict_form(place, request.form)
    if not form.validate():
        return _conflicts_page(place, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            is_new = conflicts.declare(session, place.actor, placement_id, form.one.data, form.other.data)
    except Invalid as problem:
        return _conflicts_page(place, form, problem=problem.message), problem.status
    flash(
        _("They do not review each other any more.") if is_new else _("That was declared already."),
        "good" if is_new else "message",
    )
    return redirect(f"{base(place)}/board/conflicts", code=303)


def conflict_remove(placement_id: int) -> Response:
    """Let two people review each other again."""
    place, _found = staff_here(placement_id)
    one_id, other_id = (request.form.get(name, 0, type=int) for name in ("one", "other"))
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    else:
        with unit_of_work(scope.session()) as session:
            conflicts.remove(session, place.actor, placement_id, one_id, other_id)
        flash(_("They may review each other again."), "good")
    return redirect(f"{base(place)}/board/conflicts", code=303)


def _conflict_form(place: Here, formdata: Any = None) -> ConflictForm:
    form = ConflictForm(formdata)
    people = [(one.user_id, one.name) for one in participants(scope.session(), place.actor.course_id)]
    form.one.choices = form.other.choices = options(people)
    return form


def _conflicts_page(place: Here, form: ConflictForm, *, problem: str = "") -> str:
    return render_template(
        "peer_rating/conflict_list.html",
        conflicts=conflicts.declared(scope.session(), place.placement_id),
        form=form,
        base=base(place),
        problem=problem,
    )
