"""The addresses of appeals: an author makes one, staff look at it and decide."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.feedback import appeal_queries, appealing, deciding, rules
from lmssocial.widgets.peer_rating.feedback.forms import AppealForm, DecideForm, appeal_form, assign_form
from lmssocial.widgets.peer_rating.feedback.wording import STATE_WORDS
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.releasing.wording import plain, points_in_words
from lmssocial.widgets.peer_rating.scoring.inputs import rubric_of

Answer = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of appeals into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/appeal", appeal_create),
        ("POST", "/appeal", appeal_create_post),
        ("POST", "/appeal/withdraw", appeal_withdraw),
        ("GET", "/appeals", appeal_list),
        ("GET", "/appeals/<int:appeal_id>", appeal_detail),
        ("POST", "/appeals/<int:appeal_id>", appeal_detail_post),
        ("POST", "/appeals/<int:appeal_id>/assign", appeal_assign),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def appeal_create(placement_id: int) -> Answer:
    """The form of an appeal; whoever made one reads how it stands instead."""
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    because = appealing.why_not(scope.session(), place.actor, here)
    if because is appealing.WhyNot.DONE:
        return redirect(_feedback(placement_id), code=303)
    appealing.require_may_appeal(because)
    return _create_page(here, appeal_form(rubric_of(scope.session(), here)))


def appeal_create_post(placement_id: int) -> Answer:
    """Make it."""
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    form = appeal_form(rubric_of(scope.session(), here), request.form)
    try:
        appealing.require_may_appeal(appealing.why_not(scope.session(), place.actor, here))
        if not form.validate():
            return _create_page(here, form), 422
        with unit_of_work(scope.session()) as session:
            appealing.appeal(session, place.actor, placement_id, form.draft())
    except (Invalid, Gone) as problem:  # also if the time for it ended while they wrote
        form.text.errors = [problem.message]
        return _create_page(here, form), problem.status
    flash(_("Your appeal is with your instructors. You read here what they decide, and why."), "good")
    return redirect(_feedback(placement_id), code=303)


def _create_page(here: Running, form: AppealForm) -> str:
    return render_template(
        "peer_rating/appeal_create.html",
        form=form,
        until=rules.appeals_until(here.settings, rules.released_since(here)),
    )


def appeal_withdraw(placement_id: int) -> Response:
    """Take one's own back."""
    place = peer_rating()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return redirect(_feedback(placement_id), code=303)
    with unit_of_work(scope.session()) as session:
        gone = appealing.withdraw(session, place.actor, placement_id)
    if gone:
        flash(_("Your appeal is withdrawn. Your score stays as it is."), "good")
    else:
        flash(_("There is no appeal of yours that could be withdrawn."))
    return redirect(_feedback(placement_id), code=303)


def _feedback(placement_id: int) -> str:
    return url_for("peer_rating.feedback", placement_id=placement_id, _anchor="appeal")


def appeal_list(placement_id: int) -> str:
    """The appeals of an activity, those that wait first."""
    place = peer_rating()
    access.require_moderates(place.actor)
    running(scope.session(), place.actor, placement_id)
    after = max(request.args.get("after", 0, type=int), 0)
    found, more = appeal_queries.appeals(scope.session(), place.actor, placement_id, after=after)
    return render_template(
        "peer_rating/appeal_list.html",
        appeals=found,
        onward=after + appeal_queries.PAGE if more else None,
        runs=access.runs(place.actor),
        base=base(place),
        plain=plain,
        state_words=STATE_WORDS,
    )


def appeal_detail(placement_id: int, appeal_id: int) -> str:
    """One appeal: what it says, beside the work, its reviews and its score."""
    place = peer_rating()
    return _detail_page(place, placement_id, appeal_id)


def appeal_detail_post(placement_id: int, appeal_id: int) -> Answer:
    """Decide about it."""
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    found = deciding.case(scope.session(), place.actor, here, appeal_id)
    form = DecideForm(request.form)
    form.most = found.most
    if not form.validate():
        return _detail_page(place, placement_id, appeal_id, form=form), 422
    try:
        with unit_of_work(scope.session()) as session:
            deciding.decide(
                session,
                program().scorings,
                place.actor,
                placement_id,
                appeal_id,
                reason=form.reason.data or "",
                points=form.given,
            )
    except Invalid as problem:
        form.reason.errors = [problem.message]
        return _detail_page(place, placement_id, appeal_id, form=form), 422
    except Conflict as conflict:
        return _detail_page(place, placement_id, appeal_id, conflict=conflict.message), 409
    if form.given is None:
        flash(_("Decided: the score stays. Its author reads why."), "good")
    elif here.phase is Phase.RELEASED:
        flash(_("Decided: there is another score. Its author reads why, and your LMS is told."), "good")
    else:
        flash(
            _("Decided: there is another score. Its author reads why, and sees it with the next release."),
            "good",
        )
    return redirect(
        url_for("peer_rating.appeal_detail", placement_id=placement_id, appeal_id=appeal_id), code=303
    )


def appeal_assign(placement_id: int, appeal_id: int) -> Response:
    """Have somebody look at it."""
    place = peer_rating()
    access.require_runs(place.actor)
    back = redirect(
        url_for("peer_rating.appeal_detail", placement_id=placement_id, appeal_id=appeal_id), code=303
    )
    here = running(scope.session(), place.actor, placement_id)
    found = deciding.case(scope.session(), place.actor, here, appeal_id)
    form = assign_form(found.people, place.actor, request.form)
    if not form.validate():
        flash(_("Nothing has changed: choose who shall look at it, and press the button again."), "warn")
        return back
    with unit_of_work(scope.session()) as session:
        made = appealing.assign(session, place.actor, placement_id, appeal_id, form.to.data)
        is_mine = made.assigned_to_id == place.actor.user_id
    flash(_("You look at this appeal now.") if is_mine else _("They are told, and find it here."), "good")
    return back


def _detail_page(
    place: Here,
    placement_id: int,
    appeal_id: int,
    *,
    form: DecideForm | None = None,
    conflict: str = "",
) -> str:
    here = running(scope.session(), place.actor, placement_id)
    found = deciding.case(scope.session(), place.actor, here, appeal_id)
    return render_template(
        "peer_rating/appeal_detail.html",
        found=found,
        form=form or DecideForm(),
        releases=here.phase is Phase.RELEASED,
        assigning=assign_form(found.people, place.actor),
        runs=access.runs(place.actor),
        base=base(place),
        conflict=conflict,
        plain=plain,
        points_in_words=points_in_words,
        state_words=STATE_WORDS,
    )
