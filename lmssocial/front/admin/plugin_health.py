"""How plugins do: where they failed, how far they are with events, how timers do, whether tables are up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent, Parked, Subscriber
from lmssocial.core.db.migrate import History, Position, own_tables, position
from lmssocial.lms.identity.models import Tenant
from lmssocial.social.plugin_settings.models import PluginFailure, PluginTimer
from lmssocial.social.plugin_settings.remains import subscriber
from lmssocial.social.plugin_settings.timing import next_at

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """How a plugin failed at one tenant lately."""

    plugin: str
    tenant_id: int
    tenant: str
    hook: str
    count: int
    since: datetime
    last_at: datetime
    why: str
    """One line."""
    details: str
    """The traceback."""
    tripped_at: datetime | None
    """Since when it is switched off there."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How far a plugin is with the log of events."""

    behind: int
    parked: int
    error: str
    """One line about the event it fails on now; empty if it does not."""


@dataclass(frozen=True, kw_only=True)
class Ticking:
    """How a timer of a plugin does."""

    plugin: str
    name: str
    ended_at: datetime | None
    """When its last round ended; ``None`` if it goes on at once."""
    failures: int
    """How many rounds failed one after the other; 0 if the last one went well."""
    next_at: datetime | None
    """When one that failed is called again, at the earliest."""
    why: str
    """One line about the last failure; empty if it did not fail."""
    details: str
    """Its traceback."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What a plugin stores."""

    names: tuple[str, ...]
    position: Position | None
    """Where its history stands; ``None`` if it cannot be read."""


def failures(session: Session, plugin: str | None = None, *, tripped: bool = False) -> list[Failure]:
    """How plugins failed lately: first where they are switched off for it, then the latest.

    :param plugin: only this one.
    :param tripped: only where they are switched off for it.
    """
    query = (
        select(PluginFailure, Tenant.name)
        .outerjoin(Tenant, Tenant.id == PluginFailure.tenant_id)
        .order_by(PluginFailure.tripped_at.is_(None), PluginFailure.last_at.desc(), PluginFailure.id)
    )
    if plugin is not None:
        query = query.where(PluginFailure.plugin == plugin)
    if tripped:
        query = query.where(PluginFailure.tripped_at.is_not(None))
    return [_failure(row, tenant) for row, tenant in session.execute(query)]


def reading(session: Session, plugin: str) -> Reading | None:
    """How far ``plugin`` is with the log of events; ``None`` if it has read nothing yet. One query."""
    name = subscriber(plugin)
    row = session.execute(
        select(
            Subscriber.cursor,
            Subscriber.last_error,
            select(func.max(ActivityEvent.id)).scalar_subquery(),
            select(func.count(Parked.id)).where(Parked.subscriber == name).scalar_subquery(),
        ).where(Subscriber.name == name)
    ).one_or_none()
    if row is None:
        return None
    cursor, error, newest, parked = row
    return Reading(behind=max((newest or 0) - cursor, 0), parked=parked, error=_last_line(error))


def timers(session: Session, plugin: str | None = None, *, failures: int = 0) -> list[Ticking]:
    """How timers do, by plugin and name. One query.

    :param plugin: only those of this one.
    :param failures: only those that failed at least so often, one time after the other.
    """
    query = select(PluginTimer).where(PluginTimer.failures >= failures)
    if plugin is not None:
        query = query.where(PluginTimer.plugin == plugin)
    found = []
    for row in session.scalars(query.order_by(PluginTimer.plugin, PluginTimer.name)):
        why, _, details = row.error.partition("\n")
        found.append(
            Ticking(
                plugin=row.plugin,
                name=row.name,
                ended_at=row.ended_at,
                failures=row.failures,
                next_at=next_at(row),
                why=why,
                details=details,
            )
        )
    return found


def tables(engine: Engine, histories: Iterable[History], plugin: str) -> Tables | None:
    """What ``plugin`` stores; ``None`` if it has no history, or nothing can be said about it now."""
    history = next((one for one in histories if one.owner == plugin), None)
    if history is None:
        return None
    try:
        with engine.connect() as connection:
            names = tuple(name for name in own_tables(connection, plugin) if name != history.table)
            return Tables(names=names, position=position(connection, history))
    except SQLAlchemyError:
        return None
    except Exception:  # somebody else's revisions may be anything
        log.exception("the migrations of a plugin cannot be read", plugin=plugin)
        return Tables(names=(), position=None)


def _failure(row: PluginFailure, tenant: str | None) -> Failure:
    why, _, details = row.error.partition("\n")
    return Failure(
        plugin=row.plugin,
        tenant_id=row.tenant_id,
        tenant=tenant or f"#{row.tenant_id}",
        hook=row.hook,
        count=row.count,
        since=row.since,
        last_at=row.last_at,
        why=why,
        details=details,
        tripped_at=row.tripped_at,
    )


def _last_line(trace: str) -> str:
    return trace.strip().splitlines()[-1] if trace.strip() else ""
