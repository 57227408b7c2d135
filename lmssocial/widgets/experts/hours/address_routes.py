"""The page on which somebody makes, exchanges and switches off the private address of their calendar."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.experts.blueprint import experts
from lmssocial.widgets.experts.hours import feeds
from lmssocial.widgets.experts.hours.pages import page


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/hours/calendar", view_func=calendar_address, methods=["GET", "POST"])


def calendar_address(placement_id: int) -> Response | str | tuple[str, int]:
    """Whether there is an address; the address itself only in the answer to making it."""
    place, session, address = experts(), scope.session(), ""
    form, status = ButtonForm(request.form if request.method == "POST" else None), 200
    if request.method == "POST" and not form.validate():
        status = 422
    elif request.method == "POST" and "off" in request.form:
        with unit_of_work(session):
            feeds.switch_off(session, place.actor)
        flash(_("The address leads nowhere any more."), "good")
        return redirect(url_for("experts.calendar_address", placement_id=placement_id), code=303)
    elif request.method == "POST":
        with unit_of_work(session):
            token = feeds.make_address(session, place.actor)
        address = program().settings.public_url + url_for("calendar.feed_detail", token=token)
    return page(
        place,
        session,
        "experts/calendar_address.html",
        form=form,
        address=address,
        program_address=address.replace("https://", "webcal://", 1) if address else "",
        has_address=feeds.has_address(session, place.actor),
    ), status
