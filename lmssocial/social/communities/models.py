"""Communities, the widgets placed in them, and the LMS links that lead there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class Kind(StrEnum):
    """What a community is made of."""

    COURSE = "course"
    HORIZONTAL = "horizontal"
    """People of several courses who share a method, whatever they work on."""
    VERTICAL = "vertical"
    """People of several courses who have, or learn, the same job."""


class Tier(StrEnum):
    """The quality tier: how much a machine may decide, and what needs a person first."""

    OPEN = "open"
    REVIEWED = "reviewed"
    ASSURED = "assured"


class Community(Base):
    """People who learn together. Every course is one."""

    __tablename__ = "communities_community"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("identity_course.id"), unique=True)
    kind: Mapped[Kind] = mapped_column(short_enum(Kind), default=Kind.COURSE)
    title: Mapped[str] = mapped_column(String(300))
    tier: Mapped[Tier] = mapped_column(short_enum(Tier), default=Tier.OPEN)
    ground_rules: Mapped[str] = mapped_column(Text, default="")
    """What the members agreed on, as plain lines; shown where people write."""
    answer_hours: Mapped[int] = mapped_column(default=48)
    """Within how many hours a moderator decides about what waits; authors are told."""
    created_at: Mapped[datetime]


class Span(Base):
    """What makes a community one that spans courses. It has no members of its own: those of its courses are."""

    __tablename__ = "communities_span"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(500), default="")
    """What these courses have in common."""
    code_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    """The hash of the code with which another course joins; empty: none does at present."""
    founded_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    founded_at: Mapped[datetime]


class Affiliation(Base):
    """The community of a course belongs to one that spans courses."""

    __tablename__ = "communities_affiliation"

    span_id: Mapped[int] = mapped_column(ForeignKey("communities_span.community_id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities_community.id"), primary_key=True, index=True
    )
    joined_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    joined_at: Mapped[datetime]


class Appointment(Base):
    """What somebody looks after in a community, beside the role their LMS gives them."""

    __tablename__ = "communities_appointment"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    offices: Mapped[str] = mapped_column(String(100))
    """Their offices (:class:`~lmssocial.lms.identity.actor.Office`), separated by spaces, sorted; never empty."""
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    appointed_at: Mapped[datetime]


class Group(Base):
    """Some members of a community who work together: a course group or a section of the LMS."""

    __tablename__ = "communities_group"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    name: Mapped[str] = mapped_column(String(120))
    lms_key: Mapped[str] = mapped_column(String(255), default="")
    """What the LMS calls it, if it comes from there; empty if somebody made it here."""
    created_at: Mapped[datetime]


class GroupMember(Base):
    """Somebody in a group. One person may be in several."""

    __tablename__ = "communities_group_member"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("communities_group.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)


class Placement(Base):
    """One widget placed in one community, with its settings."""

    __tablename__ = "communities_placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    """Travels through the LMS as the custom parameter ``placement``; survives course copies that lose all else."""
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    widget: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    """What the instructor wants people to do here, in a few sentences."""
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    created_at: Mapped[datetime]


class PlacementLink(Base):
    """Which placement a resource link of the LMS leads to. Several links may lead to one."""

    __tablename__ = "communities_placement_link"

    resource_link_id: Mapped[int] = mapped_column(ForeignKey("identity_resource_link.id"), primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    linked_at: Mapped[datetime]
