"""People who answer: what they offer in each community, what they know, and how much they can take."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum
from lmssocial.widgets.experts.models import Reach


class Pause(StrEnum):
    """Who paused somebody."""

    SELF = "self"
    SILENCE = "silence"
    """They said nothing to several invitations, and are left alone until they come back."""


class Person(Base):
    """How much somebody can take, and when: one person has one week, in however many courses they are."""

    __tablename__ = "experts_person"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    languages: Mapped[str] = mapped_column(String(200), default="")
    """BCP 47 tags of the languages they answer in, separated by spaces; empty: any."""
    zone: Mapped[str] = mapped_column(String(64), default="")
    """An IANA name; empty: as the activity is set."""
    opens: Mapped[int] = mapped_column(default=8)
    """The hour from which they are waited for, in their own time."""
    closes: Mapped[int] = mapped_column(default=20)
    """The hour until which they are."""
    days: Mapped[str] = mapped_column(String(7), default="12345")
    """The days of the week on which they are waited for: 1 is Monday."""
    most_open: Mapped[int] = mapped_column(default=2)
    """Questions they hold at the same time."""
    most_week: Mapped[int] = mapped_column(default=3)
    """Invitations in seven days."""
    paused_until: Mapped[datetime | None]
    """They are not invited before; ``None``: they are."""
    paused_by: Mapped[Pause | None] = mapped_column(short_enum(Pause))
    meeting_place: Mapped[str] = mapped_column(String(500), default="")
    """Where their office hours are, unless one says otherwise: the address of a room, or words."""
    feed_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    """The hash of the secret in the address of their calendar; empty: they have none."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Profile(Base):
    """Somebody as an expert in one community. What they did there is kept in the transaction of each deed."""

    __tablename__ = "experts_profile"
    __table_args__ = (
        Index("ix_experts_profile_recent_30", "community_id", "recent_30"),
        Index("ix_experts_profile_recent_7", "community_id", "recent_7"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    """Under which activity of the community they are told of invitations."""
    reach: Mapped[Reach] = mapped_column(short_enum(Reach), default=Reach.NONE)
    """Who may ask them."""
    connects: Mapped[bool] = mapped_column(default=False)
    """Whether they want to hear of questions that wait, to think of somebody who knows."""
    bio_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """What they say of themselves."""
    opted_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who said so: they themselves, or the staff member who asked them to be an expert."""
    opted_at: Mapped[datetime | None]
    answers: Mapped[int] = mapped_column(default=0)
    """Answers of theirs that stand, here or in what others brought in as evidence."""
    accepted: Mapped[int] = mapped_column(default=0)
    """Those of them that resolved something, or were endorsed."""
    helpful_sum: Mapped[int] = mapped_column(default=0)
    helpful_count: Mapped[int] = mapped_column(default=0)
    """Ratings, 1 to 5, and their sum."""
    invited: Mapped[int] = mapped_column(default=0)
    """Invitations ever, here."""
    taken: Mapped[int] = mapped_column(default=0)
    """Those they accepted."""
    reply_hours: Mapped[float | None]
    """How long they take to answer, as a moving average."""
    recent_7: Mapped[float | None]
    """Answers, halved every 7 days, as a number that stays the same while time goes by: log2(sum) + days / 7, with
    days since 1970. The largest is the most recent. ``None``: no answer."""
    recent_30: Mapped[float | None]
    """Likewise, halved every 30 days."""


class Expertise(Base):
    """Somebody knows about a topic: as they declared, as others endorsed, as an appointment says, as answers show."""

    __tablename__ = "experts_expertise"
    __table_args__ = (Index("ix_experts_expertise_user", "community_id", "user_id"),)

    topic_id: Mapped[int] = mapped_column(ForeignKey("experts_topic.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    declared_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    """Since when they do not want to be asked about it, whatever they know."""
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who made them the SME of this topic."""
    appointed_at: Mapped[datetime | None]
    endorsements: Mapped[int] = mapped_column(default=0)
    """By named people."""
    weight: Mapped[float] = mapped_column(default=0.0)
    """What those weigh together: who knows the topic weighs more."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """The steward who looked at three endorsements or more and agreed."""
    confirmed_at: Mapped[datetime | None]
    answers: Mapped[int] = mapped_column(default=0)
    """Answers of theirs about it."""
    evidence: Mapped[int] = mapped_column(default=0)
    """Those that resolved something, or were endorsed."""
    doubts: Mapped[int] = mapped_column(default=0)
    """How often they said of a question about it that it is not theirs."""
    recent_30: Mapped[float | None]
    """Answers about it, as :attr:`Profile.recent_30`."""


class Endorsement(Base):
    """Somebody says, by name and in a sentence, that somebody else knows about a topic."""

    __tablename__ = "experts_endorsement"
    __table_args__ = (UniqueConstraint("topic_id", "user_id", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("experts_topic.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    why: Mapped[str] = mapped_column(String(300))
    weight: Mapped[float] = mapped_column(default=1.0)
    at: Mapped[datetime]


class Block(Base):
    """An expert does not want questions of somebody; stewards see that there is a block, the other does not."""

    __tablename__ = "experts_block"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    """Where it was said."""
    why: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
