"""The page of settings."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date, format_time
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts, settings_of
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.setup import service
from lmssocial.widgets.experts.setup.example import example
from lmssocial.widgets.experts.setup.forms import SettingsForm
from lmssocial.widgets.experts.setup.queries import standing

View = str | Response | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/settings", view_func=settings, methods=["GET", "POST"])


def settings(placement_id: int) -> View:
    """How expert connect is set here, and setting it."""
    place = experts()
    access.require_sets_up(place.actor)
    before = settings_of(place)
    if request.method == "GET":
        return _page(place, SettingsForm.of(before), before)
    form = SettingsForm(request.form).ready()
    if not form.validate():
        return _page(place, form, before), 422
    try:
        with unit_of_work(scope.session()) as session:
            changed = service.configure(
                session, place.actor, placement_id, form.settings(), form.seen.data or ""
            )
    except Conflict as problem:
        form.form_errors.append(problem.message)
        newer = scope.session().get_one(Placement, placement_id, populate_existing=True)
        form.seen.data = service.fingerprint(ExpertSettings.read(newer.settings))
        return _page(place, form, before), problem.status
    if changed:
        flash(_("Saved. It counts from now on, also for questions that wait."), "good")
    else:
        flash(_("Nothing was different."), "good")
    return redirect(url_for("experts.settings", placement_id=placement_id), code=303)


def _page(place: Here, form: SettingsForm, before: ExpertSettings) -> str:
    return render_template(
        "experts/settings.html",
        form=form,
        moments=[(_said(one.at), one.what) for one in example(before, clock.now())],
        zone=before.zone or "UTC",
        standing=standing(scope.session(), place.actor.community_id),
        base=base(place),
    )


def _said(moment: datetime) -> str:
    """By the clock of the course, whatever the reader's is."""
    wall = moment.replace(tzinfo=None)
    return f"{format_date(wall.date(), 'full', rebase=False)}, {format_time(wall, 'short', rebase=False)}"
