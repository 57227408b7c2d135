"""Events: how far the readers of the activity log are, and what they could not digest."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from lmssocial.core.activity import Subscriber, parked
from lmssocial.core.activity.relay import MAX_ATTEMPTS, lag
from lmssocial.core.db import unit_of_work
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.front.admin.words import event_words
from lmssocial.web import scope
from lmssocial.web.program import program


@bp.get("/events")
def event_list() -> str:
    """Every subscriber with its lag, and the parked events."""
    session = scope.session()
    return render_template(
        "admin/event_list.html",
        subscribers=session.scalars(select(Subscriber).order_by(Subscriber.name)).all(),
        behind=lag(session),
        parked=parked.parked_events(session),
        parked_count=parked.parked_count(session),
        attempts=MAX_ATTEMPTS,
        event_words=event_words,
    )


@bp.post("/events/<int:parked_id>/retry")
def event_retry(parked_id: int) -> Response:
    """Have a parked event given to its subscriber once more."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            subscriber = parked.retry(session, parked_id)
            if subscriber:
                note(session, me().by, "event.retried", f"{subscriber}, {parked_id}")
        if subscriber:
            program().jobs.soon("relay")
            flash(_("%(subscriber)s gets the event again in a moment.", subscriber=subscriber), "good")
        else:
            flash(_("This event is not parked any more."), "warn")
    return redirect(url_for("admin.event_list"), code=303)


@bp.post("/events/<int:parked_id>/dismiss")
def event_dismiss(parked_id: int) -> Response:
    """Let a parked event go."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            subscriber = parked.dismiss(session, parked_id)
            if subscriber:
                note(session, me().by, "event.dismissed", f"{subscriber}, {parked_id}")
        if subscriber:
            flash(_("Dismissed. %(subscriber)s never hears of it.", subscriber=subscriber), "good")
        else:
            flash(_("This event is not parked any more."), "warn")
    return redirect(url_for("admin.event_list"), code=303)
