"""Plugins: what is installed, what is on where, how it is set."""

import traceback
from dataclasses import asdict, fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from structlog import get_logger
from werkzeug.wrappers import Response

from lmssocial.core.db import JsonObject, unit_of_work
from lmssocial.core.hooks import Level, Manifest
from lmssocial.core.kernel.errors import NotFound
from lmssocial.front.admin import plugins
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.plugins import Card, Place, Switch
from lmssocial.web import scope
from lmssocial.web.program import program

log = get_logger(__name__)


@bp.get("/plugins")
def plugin_list() -> str:
    """A card for each plugin."""
    settings = program().settings
    return render_template(
        "admin/plugin_list.html",
        cards=plugins.cards(scope.session(), program().host),
        safe_mode=settings.safe_mode,
        narrowed=settings.plugins is not None,
    )


@bp.get("/plugins/<name>")
def plugin_detail(name: str) -> str:
    """One plugin: where it is on, and how it is set at one place (``?tenant=``)."""
    return _page(_card(name), {})


@bp.post("/plugins/<name>/switch")
def plugin_switch(name: str) -> Response:
    """Switch a plugin on or off at one place, or let the place follow the installation. Imports nothing."""
    card = _card(name)
    to = request.form.get("to", "")
    if pressed() and to in set(Switch) and card.can_be_switched:
        if to == Switch.ON and card.manifest is None:
            flash(_("%(name)s is not loaded, so it cannot be switched on.", name=card.title), "warn")
        else:
            place = _place(card, request.form.get("tenant", 0, type=int))
            with unit_of_work(scope.session()) as session:
                plugins.switch(session, me().by, name, place, Switch(to))
            flash(_said(card, place, Switch(to)), "good")
    back = url_for("admin.plugin_detail", name=name) if request.form.get("back") == "detail" else None
    return redirect(back or url_for("admin.plugin_list"), code=303)


@bp.post("/plugins/<name>/settings")
def plugin_configure(name: str) -> Response | tuple[str, int]:
    """Set a plugin at one place, or drop what was set there."""
    card = _card(name)
    manifest = card.manifest
    if manifest is None or manifest.settings is None:
        raise NotFound(reason=f"{name} has no settings")
    place = _place(card, request.args.get("tenant", 0, type=int))
    here = url_for("admin.plugin_detail", name=name, tenant=place.place_id or None, _anchor="settings")
    if request.form.get("drop"):
        values: JsonObject = {}
        if not pressed():
            return redirect(here, code=303)
    else:
        form, _trace = _settings_form(manifest, request.form)
        if form is None or not form.validate():
            return _page(card, {"form": form}), 422
        values = {setting.name: form[setting.name].data for setting in fields(manifest.settings)}
    with unit_of_work(scope.session()) as session:
        plugins.configure(session, me().by, name, place, values)
    flash(_("Saved. It counts from the next post on."), "good")
    return redirect(here, code=303)


def _page(card: Card, shown: dict[str, Any]) -> str:
    places: list[Place] = []
    form, trace, place = None, "", None
    if card.manifest is not None:
        places = plugins.places(scope.session(), card.manifest)
        place = _chosen(places, request.args.get("tenant", 0, type=int))
    if card.manifest is not None and card.manifest.settings is not None and place is not None:
        current = asdict(plugins.values_at(card.manifest, places, place))
        form, trace = _settings_form(card.manifest, None, current)
    context = {"card": card, "places": places, "place": place, "form": form, "trace": trace, **shown}
    return render_template("admin/plugin_detail.html", **context)


def _card(name: str) -> Card:
    found = plugins.card(scope.session(), program().host, name)
    if found is None:
        raise NotFound(_("There is no plugin of this name."))
    return found


def _place(card: Card, tenant_id: int) -> Place:
    if card.manifest is None:  # what is not loaded can only be switched off everywhere
        return Place(
            level=Level.INSTALLATION, place_id=0, name="", switch=Switch.INHERIT, is_on=False, values={}
        )
    return _chosen(plugins.places(scope.session(), card.manifest), tenant_id)


def _chosen(places: list[Place], tenant_id: int) -> Place:
    for place in places:
        if place.place_id == tenant_id:
            return place
    raise NotFound(_("This tenant does not exist any more."))


def _settings_form(manifest: Manifest, sent: Any, current: JsonObject | None = None) -> tuple[Any, str]:
    """The plugin's form, or the traceback of why it cannot be made: it is the plugin's own code."""
    if manifest.settings_form is None:
        return None, ""
    try:
        return manifest.settings_form(sent, data=current), ""
    except Exception as error:  # whatever somebody else's form raises must not take the page along
        log.exception("a plugin's settings form failed", plugin=manifest.name)
        return None, "".join(traceback.format_exception(error))


def _said(card: Card, place: Place, to: Switch) -> str:
    said = {
        Switch.ON: _("%(title)s is on for %(where)s."),
        Switch.OFF: _("%(title)s is off for %(where)s."),
        Switch.INHERIT: _("%(title)s follows the installation for %(where)s."),
    }
    return str(said[to]) % {"title": card.title, "where": place.name or _("this installation")}
