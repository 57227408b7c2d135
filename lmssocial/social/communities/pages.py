"""What every page inside a community shows around its content: who, where, and where else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.web import scope


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation bar."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class CommunityName:
    """What templates need to know of the community."""

    title: str


NavSource = Callable[[Here], NavItem | None]
"""Contributes an entry to the bar, or none for this person."""


def init_app(app: Flask, widgets: Mapping[str, Widget], more: Sequence[NavSource] = ()) -> None:
    """Give templates ``viewer``, ``community``, ``here`` and ``nav``; nothing where nobody is signed in."""
    bp = Blueprint("communities", __name__)
    bp.add_url_rule(
        "/w/<int:placement_id>/", "activity_detail", lambda placement_id: _first_page(placement_id, widgets)
    )
    app.register_blueprint(bp)

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        found = scope.visitor() if "placement_id" in (request.view_args or {}) else None
        if not isinstance(found, Here):
            return {}
        items = [_widget_item(found, widgets), *(source(found) for source in more)]
        return {
            "viewer": found.actor,
            "here": found,
            "community": CommunityName(found.community_title),
            "nav": [item for item in items if item is not None],
        }


def _first_page(placement_id: int, widgets: Mapping[str, Widget]) -> AnyResponse:
    """``/w/<placement_id>/``: the first page of whatever is placed there."""
    widget = widgets.get(here().widget)
    if widget is None:
        raise NotFound(
            _("There is no activity at this address."), reason=f"no widget of the kind {here().widget}"
        )
    return redirect(url_for(widget.home_endpoint, placement_id=placement_id), code=303)


def _widget_item(here: Here, widgets: Mapping[str, Widget]) -> NavItem | None:
    widget = widgets.get(here.widget)
    if widget is None:
        return None
    prefix = widget.home_endpoint.partition(".")[0]
    return NavItem(
        str(widget.nav_label or widget.title),
        url_for(widget.home_endpoint, placement_id=here.placement_id),
        (request.endpoint or "").partition(".")[0] == prefix,
    )
