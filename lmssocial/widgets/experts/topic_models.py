"""What questions are about."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base


class Topic(Base):
    """Something people of a community know or ask about. It goes by several names, of which one is shown."""

    __tablename__ = "experts_topic"
    __table_args__ = (Index("ix_experts_topic_list", "community_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    label: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(300), default="")
    """What belongs here and what does not, in a sentence."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("experts_topic.id"), index=True)
    """The topic it became a part of; its names and everything under it went there."""
    retired_at: Mapped[datetime | None]
    """Since when nothing new is put under it."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    created_at: Mapped[datetime]


class TopicName(Base):
    """A name that a topic is found by: its own and its synonyms. No name belongs to two topics of a community."""

    __tablename__ = "experts_topic_name"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Folded (:func:`lmssocial.social.content.named.fold_name`)."""
    topic_id: Mapped[int] = mapped_column(ForeignKey("experts_topic.id"), index=True)
    label: Mapped[str] = mapped_column(String(60))
    """As it was written."""
