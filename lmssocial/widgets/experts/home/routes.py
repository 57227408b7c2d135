"""The first page."""

from flask import Blueprint, render_template

from lmssocial.social.composing.saved import saved_draft
from lmssocial.social.content import unsent
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts, settings_of
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.home.queries import waiting


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/", view_func=home)


def home(placement_id: int) -> str:
    """What waits for somebody here, what they asked, and where they can ask."""
    place, session = experts(), scope.session()
    draft = saved_draft(unsent.draft_for(session, place.actor, target(For.ASK, placement_id)))
    return render_template(
        "experts/home.html",
        page=waiting(session, place.actor),
        draft=draft,
        may_ask=access.asks(place.actor),
        may_offer=settings_of(place).volunteers or place.actor.moderates,
        looks_after=access.looks_after(place.actor),
        base=base(place),
    )
