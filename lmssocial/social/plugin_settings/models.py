"""One row per plugin and place where somebody decided something about it, or where it failed."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum
from lmssocial.core.hooks import Level, Stance


class PluginSetting(Base):
    """What was decided about one plugin at one place. What is ``None`` or missing is inherited."""

    __tablename__ = "plugin_settings_setting"
    __table_args__ = (UniqueConstraint("level", "place_id", "plugin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(short_enum(Level))
    place_id: Mapped[int] = mapped_column(default=0)
    """The id of the tenant or course; 0 for the installation."""
    plugin: Mapped[str] = mapped_column(String(32))
    enabled: Mapped[bool | None]
    stance: Mapped[Stance | None] = mapped_column(short_enum(Stance))
    """How much a policy's word counts; ``None`` for what is not decided here, or is no policy."""
    values: Mapped[JsonObject] = mapped_column(default=dict)
    locked: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"names": ["enabled", "stance", "limit", …]}``: what nobody further down may decide otherwise."""
    changed_at: Mapped[datetime]


class PluginFailure(Base):
    """How a plugin failed at one tenant lately. Ten failures within an hour trip its breaker there."""

    __tablename__ = "plugin_settings_failure"
    __table_args__ = (UniqueConstraint("plugin", "tenant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(32))
    tenant_id: Mapped[int] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=0)
    """Failures since ``since``."""
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    hook: Mapped[str] = mapped_column(String(80))
    error: Mapped[str] = mapped_column(Text)
    """Of the last failure: one line, then its traceback."""
    tripped_at: Mapped[datetime | None]
    """Since when it is switched off here; an administrator clears it."""


class PluginTimer(Base):
    """How a timer of a plugin does, and when its turn comes. The worker that is at it holds it for a while."""

    __tablename__ = "plugin_settings_timer"
    __table_args__ = (UniqueConstraint("plugin", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(40))
    held_until: Mapped[datetime | None]
    """Until when a worker is at it; later than that, the worker is gone and another may take it."""
    ended_at: Mapped[datetime | None]
    """When its last round ended."""
    failures: Mapped[int] = mapped_column(default=0)
    """How many rounds failed one after the other."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Of the last failure: one line, then its traceback. Empty once a round went well."""
