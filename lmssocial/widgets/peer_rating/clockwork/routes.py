"""The page on which staff move an activity by hand, and change its dates."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.clockwork.extensions import extend_all
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.clockwork.forms import DatesForm, MoveForm, dates_form, move_form
from lmssocial.widgets.peer_rating.clockwork.moves import DATES, ENDS, Move, move_to
from lmssocial.widgets.peer_rating.clockwork.moving import move, possible
from lmssocial.widgets.peer_rating.clockwork.next_step import next_step
from lmssocial.widgets.peer_rating.models import Phase

View = Response | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/board/phase", view_func=phase_change)
    bp.add_url_rule("/board/phase", view_func=phase_change_post, methods=["POST"])
    bp.add_url_rule("/board/phase/dates", view_func=phase_dates, methods=["POST"])


def phase_change(placement_id: int) -> str:
    """Where it is, where it can be moved, what that takes and does; and its dates."""
    return _page(*_here(placement_id))


def phase_change_post(placement_id: int) -> View:
    """Move it to the phase that the address names."""
    place, found = _here(placement_id)
    wanted = request.args.get("to", "")
    to = Phase(wanted) if wanted in set(Phase) else None
    chosen = None if to is None else move_to(possible(scope.session(), found), to)
    if to is None or chosen is None:
        flash(
            _("It cannot be moved there from where it is now. Somebody may have moved it meanwhile."), "warn"
        )
        return redirect(f"{base(place)}/board/phase", code=303)
    form = move_form(chosen, request.form)
    if not form.validate():
        return _page(place, found, sent=(chosen, form)), 422
    reason = form["reason"].data if "reason" in form else ""
    due_at = form["due_at"].data if "due_at" in form else None
    try:
        with unit_of_work(scope.session()) as session:
            move(session, place.actor, placement_id, to, reason, due_at=due_at)
    except (Invalid, Conflict) as problem:
        return _page(*_here(placement_id), sent=(chosen, form), problem=problem.message), problem.status
    flash(_("Done. Whom it concerns gets a notice."), "good")
    return redirect(f"{base(place)}/board", code=303)


def phase_dates(placement_id: int) -> View:
    """Change dates for everybody."""
    place, found = _here(placement_id)
    form = dates_form(found.phase, _dates(found), request.form)
    if form is None:
        flash(_("The times that have a date are over here. Go back to one of them instead."), "warn")
        return redirect(f"{base(place)}/board/phase", code=303)
    if not form.validate():
        return _page(place, found, dates=form), 422
    changed = form.changed(_dates(found))
    try:
        with unit_of_work(scope.session()) as session:
            for phase, name in ENDS.items():
                if name in changed:
                    extend_all(
                        session, place.actor, placement_id, phase, changed[name], form.reason.data or ""
                    )
    except (Invalid, Conflict) as problem:
        return _page(*_here(placement_id), dates=form, problem=problem.message), problem.status
    flash(_("The dates are changed.") if changed else _("The dates are as they were."), "good")
    return redirect(f"{base(place)}/board", code=303)


def _here(placement_id: int) -> tuple[Here, Running]:
    """The place of this request and its activity, for staff."""
    place = peer_rating()
    require_runs(place.actor)
    return place, running(scope.session(), place.actor, placement_id)


def _dates(found: Running) -> Mapping[str, datetime | None]:
    return {name: getattr(found.settings, name) for name in DATES}


def _page(
    place: Here,
    found: Running,
    *,
    sent: tuple[Move, MoveForm] | None = None,
    dates: DatesForm | None = None,
    problem: str = "",
) -> str:
    ways: list[tuple[Move, MoveForm]] = []
    for one in possible(scope.session(), found):
        form = sent[1] if sent is not None and sent[0].to is one.to else move_form(one)
        form.in_reader_zone()
        ways.append((one, form))
    dates = dates or dates_form(found.phase, _dates(found))
    if dates is not None:
        dates.in_reader_zone()
    return render_template(
        "peer_rating/phase_change.html",
        base=base(place),
        phase=found.phase.value,
        step=next_step(found.settings, facts_of(scope.session(), found), clock.now()),
        ways=ways,
        sent=sent[0].to if sent is not None else None,
        dates=dates,
        problem=problem,
    )
