"""Pages of plugins inside a community: mounted below ``/w/<placement_id>/x/<plugin>``, and open where it is on."""

import importlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, request, url_for
from sqlalchemy.orm import Session

from lmssocial.core.hooks import PluginHost
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.pages import NavItem, NavSource
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.communities.shelf import Shelf, put_up
from lmssocial.social.plugin_settings.service import reach
from lmssocial.web import scope
from lmssocial.web.program import program

PREFIX = "/w/<int:placement_id>/x/"


def mount(app: Flask, host: PluginHost) -> tuple[NavSource, ...]:
    """Mount the pages of every plugin that has some, and give their entries in the bar.

    A plugin whose pages cannot be imported or mounted is dropped and shown to the administrator.
    """
    shelf, sources = put_up(app, host), list[NavSource]()
    for name, manifest in sorted(host.manifests.items()):
        if not manifest.pages:
            continue
        try:
            app.register_blueprint(_wrapped(name, manifest.pages))
        except Exception as error:  # noqa: BLE001 – whatever somebody else's pages raise
            host.drop(name, f"Its pages {manifest.pages} cannot be shown: {error}", error)
            continue
        first = next((rule for rule in app.url_map.iter_rules() if rule.rule == f"{PREFIX}{name}/"), None)
        if first is not None:
            sources.append(_entry(shelf, name, first.endpoint))
    return tuple(sources)


def _wrapped(name: str, pages: str) -> Blueprint:
    """The plugin's blueprint inside one of ours: its names cannot meet others', and it is open only where it is on.

    :raises TypeError: if there is something else at ``pages``.
    """
    module, _colon, attribute = pages.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, Blueprint):
        raise TypeError(f"{pages} is no Flask blueprint")
    outer = Blueprint(f"plugin_{name}", __name__, url_prefix=f"{PREFIX}{name}")
    outer.before_request(_guard(name))
    outer.register_blueprint(found)
    return outer


def _guard(name: str) -> Callable[[], None]:
    def guard() -> None:
        actor = here().actor
        found = reach(scope.session(), program().host, tenant_id=actor.tenant_id, course_id=actor.course_id)
        if name not in found.enabled:
            raise NotFound(_("There is nothing at this address."), reason=f"{name} is not on here")

    return guard


def _entry(shelf: Shelf, name: str, endpoint: str) -> NavSource:
    def entry(place: Here) -> NavItem | None:
        if name not in shelf.on(place.actor):
            return None
        href = url_for(endpoint, placement_id=place.placement_id)
        current = (request.endpoint or "").startswith(f"plugin_{name}.")
        return NavItem(plugin_title(name), href, current)

    return entry


def current_actor() -> Actor:
    """Who asks for the page, and in which community: scope everything you read by ``actor.community_id``.

    :raises SignInNeeded: if nobody is signed in; the house answers that.
    """
    return here().actor


def current_session() -> Session:
    """The database session of this request, for reading the plugin's own tables."""
    return scope.session()


def current_settings(plugin: str) -> Any:
    """How ``plugin`` is set in the course of this request: its settings dataclass, or ``None``. One query."""
    actor = current_actor()
    found = reach(scope.session(), program().host, tenant_id=actor.tenant_id, course_id=actor.course_id)
    return found.settings(plugin) if plugin in found.enabled else None


def plugin_title(plugin: str) -> str:
    """What a plugin is called in the reader's language; its bare name where it is not loaded."""
    manifest = program().host.manifests.get(plugin)
    return str(manifest.title) if manifest else plugin
