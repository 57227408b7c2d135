"""The circuit breaker: a plugin that keeps failing at a tenant is switched off there until somebody has looked.

Every failure makes people wait or moderators work, so ten within an hour are enough. Other tenants keep the plugin.
"""

import traceback
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import case, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.core.db import UtcDateTime
from lmssocial.core.hooks import Answer
from lmssocial.core.hooks.turn import NotAsked
from lmssocial.core.kernel import clock
from lmssocial.social.plugin_settings.models import PluginFailure

log = structlog.get_logger(__name__)

MOST = 10
"""Failures within :data:`WITHIN` that trip the breaker."""
WITHIN = timedelta(hours=1)


def note_failures(session: Session, tenant_id: int, hook: str, answers: Iterable[Answer]) -> frozenset[str]:
    """Count each answer that is an error; gives the plugins whose breaker tripped now.

    What a plugin is not to blame for (:class:`~lmssocial.core.hooks.turn.NotAsked`) is not counted.
    """
    tripped = set()
    failed = [answer for answer in answers if answer.error and not isinstance(answer.error, NotAsked)]
    for answer in sorted(
        failed, key=lambda one: one.plugin
    ):  # always in one order: no two wait for each other
        if _count(session, tenant_id, hook, answer):
            log.error("plugin switched off after failures", plugin=answer.plugin, tenant=tenant_id, hook=hook)
            tripped.add(answer.plugin)
    return frozenset(tripped)


def tripped(session: Session, tenant_id: int) -> frozenset[str]:
    """The plugins that are switched off at a tenant because they failed too often. One query."""
    return frozenset(
        session.scalars(
            select(PluginFailure.plugin).where(
                PluginFailure.tenant_id == tenant_id, PluginFailure.tripped_at.is_not(None)
            )
        )
    )


def tripped_at(session: Session, plugin: str) -> frozenset[int]:
    """The tenants at which ``plugin`` is switched off because it failed too often. One query."""
    return frozenset(
        session.scalars(
            select(PluginFailure.tenant_id).where(
                PluginFailure.plugin == plugin, PluginFailure.tripped_at.is_not(None)
            )
        )
    )


def clear(session: Session, plugin: str, tenant_id: int) -> None:
    """Forget how a plugin failed at a tenant; if it was switched off for that, it is on again."""
    session.execute(
        delete(PluginFailure).where(PluginFailure.plugin == plugin, PluginFailure.tenant_id == tenant_id)
    )


def _count(session: Session, tenant_id: int, hook: str, answer: Answer) -> bool:
    """Count one failure in one statement, so that of two at once none is lost; tells whether it trips."""
    now = clock.now()
    row = PluginFailure
    fresh = row.since <= now - WITHIN
    count = case((fresh, 1), else_=row.count + 1)
    trips = row.tripped_at.is_(None) & (count >= MOST)
    moment = literal(now, UtcDateTime())
    told = {"last_at": now, "hook": hook, "error": _told(answer.error)}
    statement = (
        _insert(session)
        .values(plugin=answer.plugin, tenant_id=tenant_id, count=1, since=now, **told)
        .on_conflict_do_update(
            index_elements=["plugin", "tenant_id"],
            set_={
                **told,
                "count": count,
                "since": case((fresh, moment), else_=row.since),
                "tripped_at": case((trips, moment), else_=row.tripped_at),
            },
        )
        .returning(row.tripped_at, row.count)
    )
    tripped_at, counted = session.execute(statement).one()
    return bool(tripped_at == now and counted >= MOST)


def _insert(session: Session) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(PluginFailure)


def _told(error: Exception | None) -> str:
    """One line, then the traceback."""
    details = getattr(error, "details", None)
    if details is None:
        details = "".join(traceback.format_exception(error))
    return f"{error!s}\n{details}".replace("\0", "?").strip()[:20_000]
