"""What the core keeps about a plugin besides the plugin's own tables, and forgetting it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import Parked, Subscriber
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting, PluginTimer

SUBSCRIBER = "plugin:"
"""Before the name of a plugin that reads the log of events, so that it is like nobody of the core's."""


@dataclass(frozen=True)
class Remains:
    """How much there is."""

    settings: int
    failures: int
    cursor: bool
    parked: int
    timers: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.settings + self.failures + self.parked + self.timers + self.cursor

    @property
    def said(self) -> str:
        """The same in words, for the command line."""
        place = "its place in the log of events" if self.cursor else "no place in the log of events"
        return (
            f"places with settings: {self.settings}, tenants with failures: {self.failures}, "
            f"parked events: {self.parked}, timers: {self.timers}, {place}"
        )


def subscriber(plugin: str) -> str:
    """The name under which ``plugin`` reads the log of events."""
    return f"{SUBSCRIBER}{plugin}"


def orphans(session: Session, installed: Collection[str]) -> list[str]:
    """The plugins that are on somewhere and are not ``installed`` any more, by name."""
    on = select(PluginSetting.plugin).where(PluginSetting.enabled.is_(True)).distinct()
    return sorted(set(session.scalars(on)) - set(installed))


def count(session: Session, plugin: str) -> Remains:
    """What is kept about ``plugin``. One query."""
    reader = subscriber(plugin)
    row = session.execute(
        select(
            select(func.count(PluginSetting.id)).where(PluginSetting.plugin == plugin).scalar_subquery(),
            select(func.count(PluginFailure.id)).where(PluginFailure.plugin == plugin).scalar_subquery(),
            select(func.count(Subscriber.name)).where(Subscriber.name == reader).scalar_subquery(),
            select(func.count(Parked.id)).where(Parked.subscriber == reader).scalar_subquery(),
            select(func.count(PluginTimer.id)).where(PluginTimer.plugin == plugin).scalar_subquery(),
        )
    ).one()
    return Remains(settings=row[0], failures=row[1], cursor=bool(row[2]), parked=row[3], timers=row[4])


def forget(session: Session, plugin: str) -> None:
    """Delete all of it."""
    service.forget(session, plugin)
    session.execute(delete(PluginFailure).where(PluginFailure.plugin == plugin))
    session.execute(delete(PluginTimer).where(PluginTimer.plugin == plugin))
    session.execute(delete(Parked).where(Parked.subscriber == subscriber(plugin)))
    session.execute(delete(Subscriber).where(Subscriber.name == subscriber(plugin)))
