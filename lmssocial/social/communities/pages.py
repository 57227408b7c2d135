"""What every page inside a community shows around its content: who, where, and where else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from lmssocial.core.hooks import Widget
from lmssocial.social.communities.scope import Here
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
