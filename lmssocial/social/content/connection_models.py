"""What a contribution is connected to: people it mentions, tags it carries, other contributions it links to."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base


class Mention(Base):
    """Somebody named with an ``@`` in a contribution."""

    __tablename__ = "content_mention"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    written: Mapped[str] = mapped_column(String(210))
    """How the source names them, without the ``@``; what is cooked again is understood as it was then."""


class Tag(Base):
    """A word that contributions of a community are collected under."""

    __tablename__ = "content_tag"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    name: Mapped[str] = mapped_column(String(60))
    """Folded, so that ``#Kürzen`` and ``#kürzen`` are one."""
    label: Mapped[str] = mapped_column(String(60))
    """As it was first written."""


class Tagging(Base):
    """A tag in a contribution."""

    __tablename__ = "content_tagging"

    tag_id: Mapped[int] = mapped_column(ForeignKey("content_tag.id"), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("content_contribution.id"), primary_key=True, index=True
    )


class Reference(Base):
    """A link from one contribution to another, followed backwards where the other stands."""

    __tablename__ = "content_reference"

    from_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True, index=True)
