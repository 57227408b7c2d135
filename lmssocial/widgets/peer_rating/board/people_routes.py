"""One person on the board: everything of theirs, other dates for them, and work given to them by hand."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.allocating import giving
from lmssocial.widgets.peer_rating.blueprint import base
from lmssocial.widgets.peer_rating.board.board_routes import staff_here
from lmssocial.widgets.peer_rating.board.choosing import works_for
from lmssocial.widgets.peer_rating.board.forms import ChoiceForm, ExtensionForm, choice_form
from lmssocial.widgets.peer_rating.board.person import Person, person
from lmssocial.widgets.peer_rating.clockwork.extensions import extend

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    one = "/board/people/<int:user_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", one, person_detail),
        ("GET", f"{one}/extend", person_extend),
        ("POST", f"{one}/extend", person_extend_post),
        ("GET", f"{one}/give", person_give),
        ("POST", f"{one}/give", person_give_post),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def person_detail(placement_id: int, user_id: int) -> str:
    """Everything of one person here."""
    place, found, someone = _someone(placement_id, user_id)
    return _page(place, found, someone, "peer_rating/person_detail.html", form=ButtonForm())


def person_extend(placement_id: int, user_id: int) -> str:
    """Other dates for somebody."""
    place, found, someone = _someone(placement_id, user_id)
    given = someone.extension
    form = ExtensionForm(
        data={
            "submit_due_at": given.submit_due_at if given else None,
            "review_due_at": given.review_due_at if given else None,
            "reason": given.reason if given else "",
        }
    )
    return _extension_page(place, found, someone, form)


def person_extend_post(placement_id: int, user_id: int) -> View:
    """Give them; or take them back, if that button was pressed."""
    place, found, someone = _someone(placement_id, user_id)
    form = ExtensionForm(request.form)
    if not form.validate():
        return _extension_page(place, found, someone, form), 422
    take_back = "back" in request.form
    submit_due_at = None if take_back else form.submit_due_at.data
    review_due_at = None if take_back else form.review_due_at.data
    try:
        with unit_of_work(scope.session()) as session:
            given = extend(
                session,
                place.actor,
                placement_id,
                user_id,
                submit_due_at,
                review_due_at,
                form.reason.data or "",
            )
            is_given = given is not None
    except (Invalid, Conflict) as problem:
        return _extension_page(place, found, someone, form, problem=problem.message), problem.status
    if is_given:
        flash(_("%(name)s has these dates now, and is told.", name=someone.name), "good")
    else:
        flash(_("%(name)s has the same dates as everybody.", name=someone.name), "good")
    return redirect(f"{base(place)}/board/people/{user_id}", code=303)


def _extension_page(
    place: Here, found: Running, someone: Person, form: ExtensionForm, *, problem: str = ""
) -> str:
    form.in_reader_zone()
    return _page(place, found, someone, "peer_rating/person_extend.html", form=form, problem=problem)


def person_give(placement_id: int, user_id: int) -> str:
    """The works that somebody may be given to review."""
    place, found, someone = _someone(placement_id, user_id)
    return _page(place, found, someone, "peer_rating/person_give.html", form=_choices(found, user_id))


def person_give_post(placement_id: int, user_id: int) -> View:
    """Give them one."""
    place, found, someone = _someone(placement_id, user_id)
    form = _choices(found, user_id, request.form)
    if not form.validate():
        return _page(place, found, someone, "peer_rating/person_give.html", form=form), 422
    try:
        with unit_of_work(scope.session()) as session:
            giving.give(session, place.actor, placement_id, user_id, form.chosen.data)
    except (Invalid, Conflict, NotAllowed) as problem:
        page = _page(
            place, found, someone, "peer_rating/person_give.html", form=form, problem=problem.message
        )
        return page, problem.status
    flash(_("%(name)s has one more work to review, and is told.", name=someone.name), "good")
    return redirect(f"{base(place)}/board/people/{user_id}", code=303)


def _choices(found: Running, user_id: int, formdata: Any = None) -> ChoiceForm:
    return choice_form(_("Work"), works_for(scope.session(), found, user_id), formdata)


def _someone(placement_id: int, user_id: int) -> tuple[Here, Running, Person]:
    place, found = staff_here(placement_id)
    return place, found, person(scope.session(), place.actor, found, user_id)


def _page(place: Here, found: Running, someone: Person, template: str, **values: object) -> str:
    return render_template(
        template,
        activity=found,
        settings=found.settings,
        phase=found.phase.value,
        person=someone,
        base=base(place),
        **values,
    )
