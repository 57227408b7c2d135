"""Everybody who tells people something: the widgets, and the slices that are no widgets."""

from collections.abc import Iterable

from lmssocial.core.hooks import Widget
from lmssocial.social.notifications.moderated import EVENTS, ModerationNotices
from lmssocial.social.notifications.ports import Registry, registry_of


def everything(widgets: Iterable[Widget]) -> Registry:
    """The registry of one installation."""
    return registry_of(widgets, dict.fromkeys(EVENTS, ModerationNotices()))
