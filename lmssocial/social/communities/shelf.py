"""Which plugins are on in a course, remembered for seconds: what stands on every page must not cost each a query."""

import time
from dataclasses import dataclass, field

from flask import Flask, current_app

from lmssocial.core.hooks import PluginHost
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings.service import reach
from lmssocial.web import scope

KEPT = 15.0
"""Seconds for which it is remembered what is on in a course."""
AT_MOST = 1000
"""Courses of which it is remembered."""

_EXTENSION = "lmssocial-shelf"


@dataclass
class Shelf:
    """What is on in the courses that were lately looked at; what is guarded by it asks anew."""

    host: PluginHost
    kept: dict[tuple[int, int], tuple[float, frozenset[str]]] = field(default_factory=dict)

    def on(self, actor: Actor) -> frozenset[str]:
        """The plugins that are on in the actor's course, a few seconds ago."""
        key, now = (actor.tenant_id, actor.course_id), time.monotonic()
        until, names = self.kept.get(key, (0.0, frozenset()))
        if until <= now:
            if len(self.kept) >= AT_MOST:
                self.kept.clear()
            found = reach(scope.session(), self.host, tenant_id=actor.tenant_id, course_id=actor.course_id)
            names = found.enabled
            self.kept[key] = (now + KEPT, names)
        return names


def put_up(app: Flask, host: PluginHost) -> Shelf:
    """The one of ``app``."""
    shelf = Shelf(host)
    app.extensions[_EXTENSION] = shelf
    return shelf


def shelf() -> Shelf:
    """The one of the program this request belongs to."""
    found: Shelf = current_app.extensions[_EXTENSION]
    return found
