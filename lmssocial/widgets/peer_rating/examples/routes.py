"""The addresses of examples, for those who try them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.web import scope
from lmssocial.widgets.peer_rating.blueprint import peer_rating
from lmssocial.widgets.peer_rating.examples import trying
from lmssocial.widgets.peer_rating.examples.try_forms import try_form


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/examples", view_func=example_list)
    bp.add_url_rule("/examples/<int:example_id>", view_func=example_try)
    bp.add_url_rule("/examples/<int:example_id>", view_func=example_try_post, methods=["POST"])


def example_list(placement_id: int) -> str:
    """All examples, with what the reader gave those they tried."""
    page = trying.try_list(scope.session(), peer_rating().actor, placement_id)
    return render_template("peer_rating/example_list.html", page=page)


def example_try(placement_id: int, example_id: int) -> str:
    """One example: to try, or beside what staff give it."""
    page = trying.try_page(scope.session(), peer_rating().actor, placement_id, example_id)
    return render_template("peer_rating/example_try.html", page=page, form=try_form(page.rubric))


def example_try_post(placement_id: int, example_id: int) -> Response | tuple[str, int]:
    """Note the try, and show what staff give the example."""
    actor = peer_rating().actor
    page = trying.try_page(scope.session(), actor, placement_id, example_id)
    form = try_form(page.rubric, request.form)
    if page.asks and not form.validate():
        return render_template("peer_rating/example_try.html", page=page, form=form), 422
    if page.asks:
        with unit_of_work(scope.session()) as session:
            trying.try_out(session, actor, placement_id, example_id, form.levels())
    elif page.has_tried:
        flash(_("You tried this example before; your first try stands."), "warn")
    where = url_for("peer_rating.example_try", placement_id=placement_id, example_id=example_id)
    return redirect(f"{where}#rubric", code=303)
