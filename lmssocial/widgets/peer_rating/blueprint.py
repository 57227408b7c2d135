"""The blueprint, and what all its views need."""

from flask import Blueprint, url_for

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.widgets.peer_rating.activities import WIDGET

bp = Blueprint("peer_rating", __name__)


def peer_rating() -> Here:
    """The place and person of this request, in an activity.

    :raises NotFound: if something else is placed here.
    """
    place = here()
    if place.widget != WIDGET:
        raise NotFound(_("There is no peer rating at this address."), reason=f"{place.widget} is placed here")
    return place


def base(place: Here) -> str:
    """The address under which everything of this activity lives, without the slash at its end."""
    return url_for("peer_rating.home", placement_id=place.placement_id).rstrip("/")
