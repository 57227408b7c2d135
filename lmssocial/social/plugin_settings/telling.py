"""Telling plugins what happened: each is a reader of the activity log with a place of its own in it."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.relay import Handler
from lmssocial.core.hooks import PluginHost, Reach
from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.kernel.events import Happened
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.remains import subscriber
from lmssocial.social.plugin_settings.service import reach

HOOK = "lmssocial_on_event"

SECONDS = 3.0
"""What a plugin may take for one event: its transaction holds the database's write lock meanwhile, on SQLite."""

Reaches = dict[tuple[int, int | None], Reach]


def readers(session: Session, host: PluginHost) -> dict[str, Handler]:
    """A handler for each loaded plugin that wants events and is on somewhere, by its name as a subscriber.

    One that is on nowhere reads nothing, so that its place stays where it is: once it is switched on, it hears of all
    that happened before. What is on where is asked once for each course and call of this function; so ask for new
    handlers each time the log is read.
    """
    wanting = host.implementers(HOOK)
    if not wanting:
        return {}
    on = set(
        session.scalars(
            select(PluginSetting.plugin)
            .where(PluginSetting.plugin.in_(wanting), PluginSetting.enabled.is_(True))
            .distinct()
        )
    )
    reaches: Reaches = {}
    return {
        subscriber(name): partial(_tell, host, reaches, name)
        for name in wanting
        if name in on or name in host.builtin
    }


def _tell(host: PluginHost, reaches: Reaches, name: str, event: Happened, session: Session) -> None:
    """Hand ``event`` to a plugin, if it is on where that happened.

    :raises Exception: whatever the plugin raises.
    :raises TimeoutError: if it takes longer than :data:`SECONDS` and can be interrupted
        (:mod:`lmssocial.core.hooks.patience`).
    """
    where = (event.tenant_id, event.course_id)
    if where not in reaches:
        reaches[where] = reach(session, host, tenant_id=event.tenant_id, course_id=event.course_id)
    here = reaches[where]
    if name in here.enabled:
        try:
            with within(SECONDS):
                host.call(HOOK, name, {"event": event, "session": session, "settings": here.settings(name)})
        except OutOfTime as late:
            raise TimeoutError(f"{name} took longer than {SECONDS:g} seconds for one event.") from late
