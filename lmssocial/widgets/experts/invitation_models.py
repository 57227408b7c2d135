"""Who was asked to answer a question, and what became of that."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class InvitationState(StrEnum):
    """What became of an invitation."""

    SENT = "sent"
    SEEN = "seen"
    """They opened the question."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """They said nothing in time."""
    SUPERSEDED = "superseded"
    """Somebody else accepted or answered, or the question needs nobody any more."""
    RELEASED = "released"
    """They had accepted, and gave it back, or did not answer in time."""
    WITHDRAWN = "withdrawn"
    """They are not there any more, or a steward took it back."""


WAITING = (InvitationState.SENT, InvitationState.SEEN)
"""The states in which somebody is waited for."""
HOLDING = (*WAITING, InvitationState.ACCEPTED)
"""The states that count as open with somebody."""


class Source(StrEnum):
    """How somebody came to be invited."""

    MATCH = "match"
    """They fit the question."""
    EXPLORE = "explore"
    """They fit, and were hardly ever asked before."""
    REFERRAL = "referral"
    """Somebody else thought of them."""
    STEWARD = "steward"
    VOLUNTEER = "volunteer"
    """They took it themselves, when it was open to all."""


class Because(StrEnum):
    """Why somebody declined. Nobody but they themselves reads which."""

    NO_TIME = "no-time"
    NOT_MY_TOPIC = "not-my-topic"
    CONFLICT = "conflict"
    KNOWS_BETTER = "knows-better"
    """They named somebody else."""


class Invitation(Base):
    """Somebody was asked to answer a question; once for each person and question."""

    __tablename__ = "experts_invitation"
    __table_args__ = (
        UniqueConstraint("question_id", "user_id"),
        Index("ix_experts_invitation_load", "user_id", "state", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    """Where they are told of it and answer it: a community of theirs, not always that of the question."""
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    """Under which activity they open it."""
    state: Mapped[InvitationState] = mapped_column(short_enum(InvitationState), default=InvitationState.SENT)
    source: Mapped[Source] = mapped_column(short_enum(Source))
    wave: Mapped[int]
    reasons: Mapped[JsonObject] = mapped_column(default=dict)
    """Why they were chosen, as :mod:`.matching.reasons` words it for both sides."""
    signals: Mapped[JsonObject] = mapped_column(default=dict)
    """What their place in the order was made of; for nobody but whoever looks for a fault."""
    introduced_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who thought of them."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """What whoever thought of them, or the steward, wrote to them."""
    sent_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Until when they are waited for: counted in their own open hours."""
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    because: Mapped[Because | None] = mapped_column(short_enum(Because))
