"""The first page of an activity."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from lmssocial.core.kernel import clock
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.allocating.standing import standing
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.home.facts import facts_of
from lmssocial.widgets.peer_rating.home.steps import Deed, way
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Mode
from lmssocial.widgets.peer_rating.works.task import task_html

UNOPENED = (Phase.DRAFT, Phase.CANCELLED)
"""The phases in which there are no steps to show."""


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/", view_func=home)


def home(placement_id: int) -> Response | str:
    """What somebody has to do here, and how it stands. Staff go on to their board, or to setting it up."""
    place = peer_rating()
    found = running(scope.session(), place.actor, placement_id)
    if access.runs(place.actor):
        return redirect(base(place) + ("/settings" if found.phase is Phase.DRAFT else "/board"), code=303)
    if not access.takes_part(place.actor):
        return _page(place, found, "peer_rating/home_reading.html")
    if found.phase in UNOPENED:
        return _page(place, found, "peer_rating/home_unopened.html")
    facts = facts_of(scope.session(), place.actor, found)
    steps = way(found.settings, found.phase, facts, clock.now())
    owes = None
    if found.settings.mode is Mode.RUBRIC and (steps.deed is Deed.NEXT_REVIEW or steps.more_reviews):
        owes = standing(scope.session(), found, place.actor.user_id)
    return _page(
        place,
        found,
        "peer_rating/home.html",
        facts=facts,
        way=steps,
        form=ButtonForm(),
        why_not=owes.why_not if owes and not owes.next_possible else "",
        more_possible=owes.more_possible if owes else steps.more_reviews,
    )


def _page(place: Here, found: Running, template: str, **values: object) -> str:
    return render_template(
        template,
        activity=found,
        settings=found.settings,
        phase=found.phase.value,
        task=task_html(found.settings.task),
        base=base(place),
        **values,
    )
