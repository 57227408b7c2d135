"""The page on which somebody says how they want to be asked."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts.blueprint import base, experts, settings_of
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import bios, profiles, queries, rows, rules, service
from lmssocial.widgets.experts.people.forms import PauseForm, ProfileForm
from lmssocial.widgets.experts.people.service import Saved
from lmssocial.widgets.experts.topics import queries as topics

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/me", profile_edit),
        ("POST", "/me", profile_edit_post),
        ("POST", "/me/pause", profile_pause),
        ("POST", "/me/leave", profile_leave),
        ("POST", "/me/topics/<int:topic_id>", profile_topic),
        ("POST", "/me/unblock/<int:user_id>", profile_unblock),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def profile_edit(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """How somebody may be asked, as it stands."""
    place, session = experts(), scope.session()
    mine = profiles.own(session, place.actor)
    names = topics.names(session, place.actor)
    return _page(place, mine, ProfileForm.of(mine.draft, rules.reaches(settings_of(place)), names))


def profile_edit_post(placement_id: int) -> View:
    """Take what was filled in."""
    place, session = experts(), scope.session()
    mine = profiles.own(session, place.actor)
    offered = [*rules.reaches(settings_of(place)), mine.draft.reach]
    form = ProfileForm(request.form).offer(list(dict.fromkeys(offered)), topics.names(session, place.actor))
    if not form.validate():
        return _page(place, mine, form), 422
    draft, screen = form.draft(), screen_here()
    try:
        profile = queries.profile_of(session, place.actor.community_id, place.actor.user_id)
        bios.consider(screen, place.actor, draft.bio, bios.before(session, profile))
        with unit_of_work(scope.session()) as within:
            saved = service.opt_in(within, screen, place.actor, placement_id, draft)
    except (Invalid, Conflict, NotAllowed) as problem:
        form.form_errors.append(problem.message)
        now = profiles.own(scope.session(), place.actor)
        if isinstance(problem, Conflict):
            form.seen.data = now.draft.seen
        return _page(place, now, form), problem.status
    _say(saved)
    return _back(placement_id)


def profile_pause(placement_id: int) -> View:
    """Have a break until a day, or come back."""
    place = experts()
    if "back" in request.form:
        if _pressed():
            with unit_of_work(scope.session()) as session:
                service.pause(session, place.actor, placement_id, None)
            flash(_("Welcome back. You are asked again."), "good")
        return _back(placement_id)
    form = PauseForm(request.form)
    if not form.validate():
        return _shown_again(place, form), 422
    zone = rows.person_of(scope.session(), place.actor.user_id).zone or settings_of(place).zone
    try:
        with unit_of_work(scope.session()) as session:
            service.pause(session, place.actor, placement_id, form.moment(zone))
    except Invalid as problem:
        form.until.errors = [problem.message]
        return _shown_again(place, form), problem.status
    flash(_("You have a break. Questions that you accepted stay yours; new ones go to others."), "good")
    return _back(placement_id)


def profile_leave(placement_id: int) -> Response:
    """Be asked by nobody any more."""
    place = experts()
    if _pressed():
        with unit_of_work(scope.session()) as session:
            service.leave(session, place.actor)
        flash(_("You are asked nothing any more. You can come back at any time."), "good")
    return _back(placement_id)


def profile_topic(placement_id: int, topic_id: int) -> Response:
    """Not be asked about one topic, or be asked about it again."""
    place, back = experts(), "back" in request.form
    if _pressed():
        with unit_of_work(scope.session()) as session:
            service.suspend(session, place.actor, min(topic_id, LARGEST_ID), suspended=not back)
        flash(
            _("You are asked about it again.") if back else _("You are not asked about it any more."), "good"
        )
    return redirect(
        url_for("experts.expert_detail", placement_id=placement_id, user_id=place.actor.user_id), code=303
    )


def profile_unblock(placement_id: int, user_id: int) -> Response:
    """Take questions of somebody again."""
    place = experts()
    if _pressed():
        with unit_of_work(scope.session()) as session:
            gone = profiles.unblock(session, place.actor, min(user_id, LARGEST_ID))
        if gone:
            flash(_("Their questions can reach you again."), "good")
    return _back(placement_id)


def _say(saved: Saved) -> None:
    if saved.reach is Reach.NONE:
        flash(_("Saved. Nobody asks you anything."), "good")
    else:
        flash(_("Saved. You are asked when somebody needs what you know."), "good")
    if saved.bio_waits:
        flash(_("A moderator reads what you say of yourself before others do."), "warn")


def _pressed() -> bool:
    """Whether the button was on a page made for who pressed it; if not, they read that nothing happened."""
    if ButtonForm(request.form).validate():
        return True
    flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return False


def _back(placement_id: int) -> Response:
    return redirect(url_for("experts.profile_edit", placement_id=placement_id), code=303)


def _shown_again(place: Here, pause: PauseForm) -> str:
    mine = profiles.own(scope.session(), place.actor)
    names = topics.names(scope.session(), place.actor)
    form = ProfileForm.of(mine.draft, rules.reaches(settings_of(place)), names)
    return _page(place, mine, form, pause=pause)


def _page(
    place: Here, mine: profiles.OwnProfile, form: ProfileForm, *, pause: PauseForm | None = None
) -> str:
    settings = settings_of(place)
    return render_template(
        "experts/profile_edit.html",
        base=base(place),
        mine=mine,
        form=form,
        pause=pause or PauseForm(),
        may_offer=mine.is_listed or rules.may_offer(scope.session(), place.actor, settings),
    )
