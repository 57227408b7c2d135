"""The first page of an activity."""

from flask import Blueprint, render_template

from lmssocial.web import scope
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.blueprint import peer_rating


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/", view_func=home)


def home(placement_id: int) -> str:
    """What somebody has to do here, and how it stands."""
    place = peer_rating()
    activity = running(scope.session(), place.actor, placement_id)
    return render_template("peer_rating/home.html", activity=activity)
