"""Plugins: what is installed, what is on where, how it is set, how it does."""

from dataclasses import asdict
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import JsonObject, unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.core.kernel.errors import NotFound
from lmssocial.front.admin import plugin_health, plugin_stances, plugins
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.front.admin.plugin_forms import lock_form
from lmssocial.front.admin.plugins import Card, Place, State, Switch
from lmssocial.front.health.routes import EXTENSION
from lmssocial.front.health.running import begin_anew
from lmssocial.social.governance.policy_form import At, Shown, show, taken
from lmssocial.social.moderation.screening import HOOK
from lmssocial.social.moderation.trying_out import setup_of
from lmssocial.social.plugin_settings.service import ENABLED
from lmssocial.social.plugin_settings.telling import HOOK as EVENTS
from lmssocial.web import scope
from lmssocial.web.program import program


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


@bp.post("/plugins/load")
def plugin_load() -> Response:
    """Let server and worker begin anew, with what was installed or upgraded meanwhile."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            note(session, me().by, "plugin.loaded")
        if begin_anew(program().settings.data_dir):
            flash(
                _("The server begins anew. What is new appears here in a few seconds: open this page again."),
                "good",
            )
        else:
            flash(
                _("This server was not started by lmssocial serve, so start it again where you run it."),
                "warn",
            )
    return redirect(url_for("admin.plugin_list"), code=303)


@bp.get("/plugins/<name>")
def plugin_detail(name: str) -> str:
    """One plugin: where it is on, and how it is set at one place (``?tenant=``)."""
    return page_of(card_of(name))


@bp.post("/plugins/<name>/switch")
def plugin_switch(name: str) -> Response:
    """Switch a plugin on or off at one place, or let the place follow the installation. Imports nothing."""
    card = card_of(name)
    to = request.form.get("to", "")
    if pressed() and to in set(Switch) and card.can_be_switched:
        place = place_of(card, request.form.get("tenant", 0, type=int))
        if to == Switch.ON and card.manifest is None:
            flash(_("%(name)s is not loaded, so it cannot be switched on.", name=card.title), "warn")
        elif ENABLED in place.locked:
            flash(_("This is locked for the whole installation, so nothing has changed."), "warn")
        else:
            with unit_of_work(scope.session()) as session:
                everywhere = card.manifest is None  # then single places cannot be looked at
                plugins.switch(session, me().by, name, place, Switch(to), everywhere=everywhere)
            flash(_said(card, place, Switch(to)), "good")
    stays = request.form.get("back") == "detail" and card.state is not State.GONE
    back = url_for("admin.plugin_detail", name=name) if stays else None
    return redirect(back or url_for("admin.plugin_list"), code=303)


@bp.post("/plugins/<name>/settings")
def plugin_configure(name: str) -> Response | tuple[str, int]:
    """Set a plugin at one place, or drop what was set there."""
    card = card_of(name)
    manifest = card.manifest
    if manifest is None or manifest.settings is None:
        raise NotFound(reason=f"{name} has no settings")
    place = place_of(card, request.args.get("tenant", 0, type=int))
    values: JsonObject = {}
    keep = frozenset[str]()
    if request.form.get("drop"):
        if not pressed():
            return back_to(name, place, "settings")
    else:
        current = asdict(setup_of(scope.session(), manifest, place.spot).settings)
        shown = show(manifest, _at(place), current, sent=request.form)
        checked = taken(manifest, _at(place), shown, current)
        if checked is None:
            return page_of(card, shown), 422
        values, keep = checked.values, checked.keep
    with unit_of_work(scope.session()) as session:
        plugins.configure(session, me().by, manifest, place, values, keep=keep)
        stepped_back = card.is_policy and plugin_stances.step_back(
            session, me().by, manifest, place.spot, place.own_stance, plugins.subject(name, place)
        )
    counts_at_once = card.is_policy and not stepped_back
    flash(_("Saved. It counts from the next post on.") if counts_at_once else _("Saved."), "good")
    if stepped_back:
        flash(
            _("Nobody has tried it out with these settings, so for now its verdicts are only noted."), "warn"
        )
    return back_to(name, place, "settings")


def page_of(card: Card, shown: Shown | None = None) -> str:
    """The page of one plugin, at the place that the address names.

    :param shown: its settings form as it was sent; otherwise it is filled with the present settings.
    """
    session, host = scope.session(), program().host
    installation = current_app.extensions[EXTENSION]
    context: dict[str, Any] = {"card": card, "places": [], "place": None, "shown": None, "locks": None}
    if card.manifest is not None and card.state != State.BUILT_IN:
        context["places"] = plugins.places(session, card.manifest)
        place = _chosen(context["places"], request.args.get("tenant", 0, type=int))
        if shown is None and card.manifest.settings is not None:
            current = asdict(setup_of(session, card.manifest, place.spot).settings)
            shown = show(card.manifest, _at(place), current)
        context |= {"place": place, "shown": shown, "locks": lock_form(card, place, shown)}
        if card.is_policy:
            context["trials"] = plugin_stances.trials(session, card.manifest, place.spot)
            context["judges_words"] = HOOK in host.hooks_of(card.name)
    return render_template(
        "admin/plugin_detail.html",
        **context,
        failures=plugin_health.failures(session, card.name),
        reads_events=card.manifest is not None and EVENTS in host.hooks_of(card.name),
        reading=plugin_health.reading(session, card.name),
        timers=plugin_health.timers(session, card.name),
        tables=plugin_health.tables(installation.engine, installation.histories, card.name),
    )


def card_of(name: str) -> Card:
    """The plugin of this name.

    :raises NotFound: if there is none.
    """
    found = plugins.card(scope.session(), program().host, name)
    if found is None:
        raise NotFound(_("There is no plugin of this name."))
    return found


def place_of(card: Card, tenant_id: int) -> Place:
    """The installation, or the tenant of this number.

    :raises NotFound: if there is none.
    """
    if card.manifest is None:  # what is not loaded can only be switched off everywhere
        return Place(
            level=Level.INSTALLATION, place_id=0, name="", switch=Switch.INHERIT, is_on=False, values={}
        )
    return _chosen(plugins.places(scope.session(), card.manifest), tenant_id)


def back_to(name: str, place: Place, anchor: str) -> Response:
    """To the page of a plugin, at a place."""
    return redirect(
        url_for("admin.plugin_detail", name=name, tenant=place.place_id or None, _anchor=anchor), code=303
    )


def _chosen(places: list[Place], tenant_id: int) -> Place:
    for place in places:
        if place.place_id == tenant_id:
            return place
    raise NotFound(_("This tenant does not exist any more."))


def _at(place: Place) -> At:
    return At(level=place.level, locked=place.locked, stored=frozenset(place.values))


def _said(card: Card, place: Place, to: Switch) -> str:
    said = {
        Switch.ON: _("%(title)s is on for %(where)s."),
        Switch.OFF: _("%(title)s is off for %(where)s."),
        Switch.INHERIT: _("%(title)s follows the installation for %(where)s."),
    }
    return str(said[to]) % {"title": card.title, "where": place.name or _("this installation")}
