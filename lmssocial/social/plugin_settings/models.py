"""One row per plugin and place where somebody decided something about it."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum
from lmssocial.core.hooks import Level


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
    values: Mapped[JsonObject] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
