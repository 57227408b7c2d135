"""Activities, what people hand in, and the reviews of it.

Examples are in ``example_models``, comparisons in ``pair_models``, what is worked out of all in ``scoring_models``.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Computed, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class Phase(StrEnum):
    """Where an activity is. Only :mod:`lmssocial.widgets.peer_rating.clockwork` moves it."""

    DRAFT = "draft"
    """It is being set up; learners read that it is not open yet."""
    PUBLISHED = "published"
    """Set up, and waiting for the day on which it opens."""
    SUBMIT = "submit"
    """People hand in."""
    REVIEW = "review"
    """People review."""
    FEEDBACK = "feedback"
    """Authors read what others wrote, and answer."""
    EVALUATE = "evaluate"
    """Staff look at the scores before these are released."""
    RELEASED = "released"
    """Authors see their scores, and may appeal."""
    CLOSED = "closed"
    """Everything is decided."""
    ARCHIVED = "archived"
    """Closed for long; drafts are deleted."""
    CANCELLED = "cancelled"
    """Staff called it off before anything was released."""


class Activity(Base):
    """How far the activity of a placement has come. How it is set stands in the placement's settings."""

    __tablename__ = "peer_rating_activity"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    phase: Mapped[Phase] = mapped_column(short_enum(Phase), default=Phase.DRAFT)
    phase_since: Mapped[datetime]
    epoch: Mapped[int] = mapped_column(default=0)
    """Grows when staff move the activity by hand, so that an edge can be taken, and told of, once more."""
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the clockwork has to look again; ``None`` while nothing is due by itself."""
    looked_at: Mapped[datetime | None]
    """When the clockwork looked last; at an earlier moment it does nothing, whatever the clock says."""
    rubric_id: Mapped[int | None] = mapped_column(ForeignKey("peer_rating_rubric.id"), index=True)
    """What reviews are made by; set with the first review, and then it stays."""
    seed: Mapped[str] = mapped_column(String(32))
    """Decides wherever nothing else does; the same seed, the same allocation."""
    scores_stale: Mapped[bool] = mapped_column(default=False)
    """Whether something changed that scores rest on, since they were worked out."""
    released_at: Mapped[datetime | None]
    """When scores were first released."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change of the activity itself."""

    __mapper_args__ = {"version_id_col": version}


class Rubric(Base):
    """A rubric as it was when reviews began. Never changed: another wording is another row."""

    __tablename__ = "peer_rating_rubric"
    __table_args__ = (UniqueConstraint("community_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the criteria, in hexadecimal: the same criteria are the same row."""
    criteria: Mapped[JsonObject]
    """``{"criteria": [...]}`` as :func:`lmssocial.social.rubrics.criteria.as_json` writes them."""
    most: Mapped[float]
    """The most points it gives."""
    created_at: Mapped[datetime]


class Edge(Base):
    """A step the activity took, or something that was done once: the key makes sure that it was once."""

    __tablename__ = "peer_rating_edge"
    __table_args__ = (UniqueConstraint("placement_id", "edge", "epoch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    edge: Mapped[str] = mapped_column(String(60))
    """``submit-review``, ``reminded:reviews:2026-11-22`` …"""
    epoch: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """``None``: by itself."""
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[JsonObject] = mapped_column(default=dict)
    """What it rested on: counts, dates."""


class Extension(Base):
    """Other dates for one person."""

    __tablename__ = "peer_rating_extension"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    submit_due_at: Mapped[datetime | None]
    """Instead of the activity's; ``None``: as for everybody."""
    review_due_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    given_by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    given_at: Mapped[datetime]


class Conflict(Base):
    """Two people who must not review each other, as staff declared it."""

    __tablename__ = "peer_rating_conflict"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    """The one with the smaller id."""
    other_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    declared_at: Mapped[datetime]


class WorkState(StrEnum):
    """What became of something that was handed in."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    """Its author took it back before anybody had reviewed it."""
    CANCELLED = "cancelled"
    """Staff took it out; reviews of it that were finished count for those who wrote them."""
    EXCLUDED = "excluded"
    """Staff keep it from being reviewed by peers, and grade it themselves."""


HANDED_IN = (WorkState.SUBMITTED, WorkState.EXCLUDED)
"""The states of works that are handed in: nobody took them back, and they get a score."""


class Work(Base):
    """What one person, or a team, handed in. Its words and files are a contribution."""

    __tablename__ = "peer_rating_work"
    __table_args__ = (
        UniqueConstraint("placement_id", "alias"),
        Index("ix_peer_rating_work_load", "placement_id", "state", "load", "submitted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("communities_group.id"), index=True)
    """The team, where teams hand in."""
    round: Mapped[int] = mapped_column(default=1)
    """Counts what the same author handed in one after the other, each after the one before was cancelled."""
    alias: Mapped[int]
    """A random number that it goes by where names are hidden: "Submission 417"."""
    state: Mapped[WorkState] = mapped_column(short_enum(WorkState), default=WorkState.SUBMITTED)
    note: Mapped[str] = mapped_column(Text, default="")
    """What its author reads about its state: why staff cancelled or excluded it."""
    is_late: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime]
    """First; another wording before the first review does not change it."""
    completed: Mapped[int] = mapped_column(default=0)
    """Reviews by peers that are finished and count. Kept in the transaction of the review."""
    live: Mapped[int] = mapped_column(default=0)
    """Reviews by peers that are offered or under way."""
    load: Mapped[int] = mapped_column(Computed("completed + live", persisted=True))
    """Both together, by the database: works are given out in its order, and nobody reads all of them for that."""
    version: Mapped[int] = mapped_column(default=1)


class Author(Base):
    """Somebody who handed a work in, alone or with others; as it was then, whatever becomes of the group."""

    __tablename__ = "peer_rating_author"
    __table_args__ = (UniqueConstraint("placement_id", "user_id", "round"),)

    work_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    round: Mapped[int] = mapped_column(default=1)


class Source(StrEnum):
    """How a review came to its reviewer."""

    PULL = "pull"
    """They asked for their next one."""
    BATCH = "batch"
    """Given out with all others when reviewing began."""
    MANUAL = "manual"
    """Staff gave it to them."""
    STAFF = "staff"
    """An instructor or SME reviews: an anchor for the scores, not one of the peers."""
    SELF = "self"
    """An author looks at their own work by the same rubric; it counts for nothing."""


class ReviewState(StrEnum):
    """How far a review is."""

    OFFERED = "offered"
    """Kept for its reviewer until the lease ends; nothing is written yet."""
    STARTED = "started"
    """Something is written; every save renews the lease."""
    SUBMITTED = "submitted"
    DECLINED = "declined"
    """Its reviewer said that they cannot; the work goes to somebody else."""
    EXPIRED = "expired"
    """The lease ended. What was written is kept, and goes on if its reviewer gets the work again."""
    REVOKED = "revoked"
    """Taken back by staff, or because the work went."""
    VOIDED = "voided"
    """Finished, and taken out of the count by staff: careless or abusive."""


OPEN = (ReviewState.OFFERED, ReviewState.STARTED)
"""The states of reviews that somebody holds."""


class Review(Base):
    """One person's review of one work, from the offer on."""

    __tablename__ = "peer_rating_review"
    __table_args__ = (
        UniqueConstraint("reviewer_id", "work_id"),
        Index("ix_peer_rating_review_reviewer", "placement_id", "reviewer_id", "state"),
        Index("ix_peer_rating_review_work", "work_id", "state"),
        Index("ix_peer_rating_review_lease", "state", "leased_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    alias: Mapped[int]
    """A number it goes by where the reviewer's name is hidden: "Reviewer 2" of this work. In no order of time."""
    source: Mapped[Source] = mapped_column(short_enum(Source))
    state: Mapped[ReviewState] = mapped_column(short_enum(ReviewState), default=ReviewState.OFFERED)
    rubric_id: Mapped[int | None] = mapped_column(ForeignKey("peer_rating_rubric.id"), index=True)
    answers: Mapped[JsonObject] = mapped_column(default=dict)
    """What is written so far: ``{"levels": {"0": 2}, "comments": {"0": "…"}, "overall": "…"}``, by the index of the
    criterion and of the level. Its reviewer's own; others read the contribution."""
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    """Grows with every save; a save with a smaller one comes from an older tab and changes nothing."""
    points: Mapped[float | None]
    """What the levels give together, once it is submitted."""
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    """Its words, once it is submitted: policies see them, and moderators decide about them."""
    leased_until: Mapped[datetime | None]
    offered_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0)
    """How long its page was being worked on, as far as saves tell; never more than ten minutes between two."""
    declined_because: Mapped[str] = mapped_column(String(32), default="")
    """``conflict``, ``cannot-assess`` or ``technical``."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What was said when it was declined, revoked or voided."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who revoked or voided it."""
    chosen: Mapped[JsonObject] = mapped_column(default=dict)
    """Why this work and this reviewer: the allocator's name, the load at that moment."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
