"""Cases: what waits for a moderator, why, and what was decided; flags; verdicts; and the log nobody edits."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum
from lmssocial.core.hooks import Level, Ruling, Stance


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    APPROVED = "approved"
    """A moderator let it through, or let it stand."""
    REJECTED = "rejected"
    """A moderator does not let it be read."""
    REDACTED = "redacted"
    """A moderator took words out; the rest is published."""
    CHANGE_ASKED = "change_asked"
    """A moderator asked its author for another wording."""
    WITHDRAWN = "withdrawn"
    """Its author changed or removed the text before anybody decided."""


class Origin(StrEnum):
    """Why there is a case."""

    POLICY = "policy"
    """A policy held it before it was published."""
    LATER = "later"
    """A check could not be made; it was published and is looked at later."""
    FLAG = "flag"
    """Members flagged it."""
    APPEAL = "appeal"
    """Its author asked for a second look at a decision."""


class Deed(StrEnum):
    """What the log of moderation tells."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RELEASED = "released"
    APPROVED = "approved"
    """One approval; the case closes with the last it needs."""
    REJECTED = "rejected"
    REDACTED = "redacted"
    CHANGE_ASKED = "change_asked"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    FLAGGED = "flagged"
    HIDDEN = "hidden"
    """Flags weighed enough to hide it until somebody has looked."""
    APPEALED = "appealed"
    STANCE_CHANGED = "stance_changed"
    TIER_CHANGED = "tier_changed"
    RULES_CHANGED = "rules_changed"
    APPOINTED = "appointed"
    DISMISSED = "dismissed"


class FlagReason(StrEnum):
    """What a member finds wrong with a contribution."""

    SPAM = "spam"
    UNKIND = "unkind"
    PERSONAL_DATA = "personal_data"
    WRONG_PLACE = "wrong_place"
    NOT_RIGHT = "not_right"
    """It is mistaken and could mislead others."""
    OTHER = "other"


class FlagState(StrEnum):
    """What became of a flag."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Case(Base):
    """Something that waits until a person decides."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        Index("ix_moderation_case_list", "community_id", "state", "id"),
        Index("ix_moderation_case_contribution_id_state", "contribution_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    """The submission's kind; its part before the dot says which widget's port is asked."""
    contribution_id: Mapped[int] = mapped_column()
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    origin: Mapped[Origin] = mapped_column(short_enum(Origin), default=Origin.POLICY)
    state: Mapped[CaseState] = mapped_column(short_enum(CaseState), default=CaseState.OPEN)
    verdicts: Mapped[JsonObject]
    """``{"verdicts": [{"policy", "version", "ruling", "effective", "reason", "message", "rule", "spans", "suggestion",
    "confidence", "concern"}, …]}``, strictest first; ``spans`` are ``[start, end]`` in the source of that moment.
    If a moderator took words out: where, as ``"taken_out": [[start, end], …]``, and the hash of what is left."""
    source_hash: Mapped[str] = mapped_column(String(64), default="")
    """Names the wording the case is about."""
    approvals_needed: Mapped[int] = mapped_column(default=1)
    score: Mapped[float] = mapped_column(Float, default=0.0)
    """The weight of its flags."""
    appeal_of_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    """The case whose decision its author does not accept."""
    plea: Mapped[str] = mapped_column(Text, default="")
    """What the author wrote when asking for a second look."""
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    claimed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """By when the author was promised an answer."""
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    """What the moderator wrote to the author."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change: who decides says which they saw, so two cannot both decide."""

    __mapper_args__ = {"version_id_col": version}


class Entry(Base):
    """One line of the log of moderation. The database refuses to change or delete it."""

    __tablename__ = "moderation_entry"
    __table_args__ = (Index("ix_moderation_entry_community_id_at", "community_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(index=True)
    deed: Mapped[Deed] = mapped_column(short_enum(Deed))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who did it; ``None`` for the machine. A number, never a name: erasing a person leaves the line."""
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Flag(Base):
    """Somebody found a contribution wrong. One flag for each person and contribution."""

    __tablename__ = "moderation_flag"
    __table_args__ = (UniqueConstraint("contribution_id", "flagger_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    contribution_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Of the contribution."""
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    flagger_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    reason: Mapped[FlagReason] = mapped_column(short_enum(FlagReason))
    note: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[float] = mapped_column(Float)
    state: Mapped[FlagState] = mapped_column(short_enum(FlagState), default=FlagState.OPEN)
    at: Mapped[datetime]


class PolicyVerdict(Base):
    """What a policy said about one wording, whether it counted or not. Abstentions are not kept."""

    __tablename__ = "moderation_verdict"
    __table_args__ = (Index("ix_moderation_verdict_community_id_policy_at", "community_id", "policy", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    contribution_id: Mapped[int] = mapped_column(index=True)
    policy: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    """Of the plugin's distribution."""
    stance: Mapped[Stance] = mapped_column(short_enum(Stance))
    ruling: Mapped[int]
    """What the policy wanted (:class:`~lmssocial.core.hooks.types.Ruling`)."""
    effective: Mapped[int]
    """What came of it, after stance and tier."""
    reason: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    @property
    def would_hold(self) -> bool:
        """Whether it would have kept the words from being read, had it been enforced without a cap."""
        return self.ruling >= Ruling.HOLD


class Backtest(Base):
    """What a policy would have said about the posts of the past, run before anyone may enforce it."""

    __tablename__ = "moderation_backtest"
    __table_args__ = (Index("ix_moderation_backtest_policy", "policy", "level", "place_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    level: Mapped[Level] = mapped_column(short_enum(Level))
    place_id: Mapped[int]
    values: Mapped[JsonObject]
    """The settings it was run with; other settings need another run."""
    days: Mapped[int]
    looked_at: Mapped[int]
    would_hold: Mapped[int]
    """By its own word, after the tier's cap."""
    would_advise: Mapped[int]
    failed: Mapped[int]
    of_them_flagged: Mapped[int]
    """Of those it would have held: how many somebody flagged."""
    of_them_upheld: Mapped[int]
    """Of those it would have held: how many a moderator acted against."""
    complete: Mapped[bool]
    """Whether it got through all of them in the time it had."""
    examples: Mapped[JsonObject]
    """``{"ids": […]}``: contributions it would have held, newest first, at most ten."""
    ran_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    at: Mapped[datetime]
