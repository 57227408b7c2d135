"""Allocators and scorings for somebody who chooses among them: those of ours first, plugins with their names."""

from collections.abc import Mapping
from typing import Any

from lmssocial.core.hooks import PluginHost, Scoring
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.peer_rating.activities import WIDGET
from lmssocial.widgets.peer_rating.settings import FAIR, Mode

ALLOCATORS = "lmssocial_register_allocators"
SCORINGS = "lmssocial_register_scorings"


def offered(host: PluginHost, hook: str, known: Mapping[str, Any], chosen: str) -> list[tuple[str, str]]:
    """Names and labels of what plugins offer through ``hook``.

    :param known: what can be chosen, by name.
    :param chosen: what is chosen now; it stays in the list when its plugin has gone.
    """
    by_name = {
        one.name: answer.plugin
        for answer in host.collect(hook)
        if answer.error is None
        for one in answer.value
    }
    ours = sorted(known, key=lambda name: (by_name.get(name) != WIDGET, name))
    labels = [(name, _label(host, by_name.get(name, ""), known[name])) for name in ours]
    if chosen not in known:
        labels.append((chosen, _("%(name)s, which is not installed here at the moment", name=chosen)))
    return labels


def _label(host: PluginHost, plugin: str, one: Any) -> str:
    says = _("%(title)s: %(summary)s", title=str(one.title), summary=str(one.summary))
    if plugin == WIDGET or plugin not in host.manifests:
        return says
    return _("%(says)s (from the plugin %(plugin)s)", says=says, plugin=str(host.manifests[plugin].title))


def fitting(scorings: Mapping[str, Scoring], chosen: str, mode: Mode) -> str:
    """``chosen``, if it can make something of such reviews; else the first that can."""
    compares = mode is Mode.PAIRS
    if chosen in scorings and scorings[chosen].compares is compares:
        return chosen
    if not compares:
        return chosen if chosen not in scorings else FAIR
    return next((name for name in sorted(scorings) if scorings[name].compares), chosen)
