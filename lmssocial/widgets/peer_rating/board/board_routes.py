"""The board: how the activity stands, everybody in it, and what has happened."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.board.people import Which, people
from lmssocial.widgets.peer_rating.board.pulse import stamp_of
from lmssocial.widgets.peer_rating.board.tallies import tallies_of
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.clockwork.history import history
from lmssocial.widgets.peer_rating.clockwork.next_step import next_step
from lmssocial.widgets.peer_rating.clockwork.owing import IN_PHASES, What
from lmssocial.widgets.peer_rating.clockwork.reminding import Reminding, remind
from lmssocial.widgets.peer_rating.models import Phase


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/board", board),
        ("GET", "/board/pulse", board_pulse),
        ("GET", "/board/history", board_history),
        ("POST", "/board/remind", board_remind),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def staff_here(placement_id: int) -> tuple[Here, Running]:
    """The place of this request and its activity, for staff.

    :raises NotAllowed: for everybody else.
    """
    place = peer_rating()
    access.require_runs(place.actor)
    return place, running(scope.session(), place.actor, placement_id)


def board(placement_id: int) -> Response | str:
    """How it stands; a page of the people in it. One that is a draft is set up first."""
    place, found = staff_here(placement_id)
    if found.phase is Phase.DRAFT:
        return redirect(f"{base(place)}/settings", code=303)
    session, actor = scope.session(), place.actor
    tallies = tallies_of(session, actor, found)
    which, called = _wish()
    after = request.args.get("after", 0, type=int)
    return render_template(
        "peer_rating/board.html",
        **_standing(found),
        base=base(place),
        tallies=tallies,
        people=people(session, actor, found, asked=tallies.asked, which=which, called=called, after=after),
        which=which.value if which else "",
        called=called,
        is_first=not after,
        can_remind=_can_remind(found),
        form=ButtonForm(),
        etag=_etag(place, found),
    )


def _standing(found: Running) -> dict[str, Any]:
    facts = facts_of(scope.session(), found)
    return {
        "activity": found,
        "settings": found.settings,
        "phase": found.phase.value,
        "step": next_step(found.settings, facts, clock.now()),
    }


def _wish() -> tuple[Which | None, str]:
    wanted = request.args.get("which", "")
    return (Which(wanted) if wanted in set(Which) else None), request.args.get("called", "").strip()[:100]


def board_pulse(placement_id: int) -> Response:
    """What changed on the board since: the numbers anew, and a link to the list; 304 if nothing did."""
    place, found = staff_here(placement_id)
    etag = _etag(place, found)
    if request.if_none_match.contains(etag):
        response = make_response("", 304)
    else:
        response = make_response(
            render_template(
                "peer_rating/_board_pulse.html",
                **_standing(found),
                base=base(place),
                tallies=tallies_of(scope.session(), place.actor, found),
                seen=request.args.get("seen", ""),
                stamp=etag.partition("-")[0],
            )
        )
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _etag(place: Here, found: Running) -> str:
    return f"{stamp_of(scope.session(), place.actor, found)}-{place.unread_notices}"


def board_history(placement_id: int) -> str:
    """Everything that happened to the activity."""
    place, found = staff_here(placement_id)
    return render_template(
        "peer_rating/board_history.html",
        base=base(place),
        phase=found.phase.value,
        entries=history(scope.session(), placement_id),
    )


def board_remind(placement_id: int) -> Response:
    """Remind some people, or everybody, of whatever each of them still owes and can do."""
    place, found = staff_here(placement_id)
    only = request.form.get("only", type=int)
    ids = (
        None
        if "everybody" in request.form
        else {only}
        if only
        else set(request.form.getlist("user", type=int))
    )
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    elif ids is not None and not ids:
        flash(_("Tick those whom you want to remind, then press the button again."), "warn")
    else:
        _say_reminded(_remind(place, found, ids))
    back = request.form.get("back", "")
    query = f"?{back}" if back and "\n" not in back and "\r" not in back else ""
    return redirect(f"{base(place)}/board{query}#people", code=303)


def _can_remind(found: Running) -> bool:
    return any(found.phase in phases for phases in IN_PHASES.values())


def _remind(place: Here, found: Running, ids: set[int] | None) -> Reminding:
    reminded = lately = 0
    with unit_of_work(scope.session()) as session:
        for what in (what for what in What if found.phase in IN_PHASES[what]):
            try:
                done = remind(session, place.actor, place.placement_id, what, ids)
            except Conflict:
                continue  # nobody owes this, or nobody can do it now
            reminded, lately = reminded + done.reminded, lately + done.lately
    return Reminding(reminded=reminded, lately=lately)


def _say_reminded(done: Reminding) -> None:
    lately = ngettext(
        "One was reminded within a day, and is not again.",
        "%(num)s were reminded within a day, and are not again.",
        done.lately,
    )
    if done.reminded:
        said = ngettext("One person is reminded.", "%(num)s people are reminded.", done.reminded)
        flash(f"{said} {lately}" if done.lately else said, "good")
    elif done.lately:
        flash(lately, "warn")
    else:
        flash(_("Nobody of them owes anything that can be done now, so nobody was reminded."), "warn")
