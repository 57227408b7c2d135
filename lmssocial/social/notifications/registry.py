"""Everybody who tells people something: the widgets, the slices that are no widgets, and plugins."""

from collections.abc import Iterable

from lmssocial.core.hooks import PluginHost, Widget
from lmssocial.social.notifications.moderated import EVENTS, ModerationNotices
from lmssocial.social.notifications.plugin_notices import notices_of
from lmssocial.social.notifications.ports import Registry, registry_of


def everything(widgets: Iterable[Widget], host: PluginHost | None = None) -> Registry:
    """The registry of one installation.

    :param host: the plugins, if any; one whose notices cannot be used is dropped.
    """
    moderated = dict.fromkeys(EVENTS, ModerationNotices())
    return registry_of(widgets, [*moderated.items(), *(() if host is None else notices_of(host))])
