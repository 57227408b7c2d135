"""The blueprint, and what all its views need."""

from flask import Blueprint, url_for

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.widgets.experts.settings import ExpertSettings

WIDGET = "experts"
"""The kind of placement it lives in."""

bp = Blueprint("experts", __name__)


def experts() -> Here:
    """The place and person of this request, in expert connect.

    :raises NotFound: if something else is placed here.
    """
    place = here()
    if place.widget != WIDGET:
        raise NotFound(
            _("There is no expert connect at this address."), reason=f"{place.widget} is placed here"
        )
    return place


def settings_of(place: Here) -> ExpertSettings:
    """How it is set."""
    return ExpertSettings.read(place.settings)


def base(place: Here) -> str:
    """The address under which everything of this placement lives, without the slash at its end."""
    return url_for("experts.home", placement_id=place.placement_id).rstrip("/")
