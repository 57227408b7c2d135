"""What follows from reviews: results, releases, what authors think of reviews, appeals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class Result(Base):
    """A work's score as it was last worked out, and as it was last released."""

    __tablename__ = "peer_rating_result"
    __table_args__ = (Index("ix_peer_rating_result_placement", "placement_id", "unsure"),)

    work_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    points: Mapped[float | None]
    """By the activity's scoring; ``None`` if nothing can be said."""
    mean: Mapped[float | None]
    """The plain mean of what peers gave; always shown beside it."""
    count: Mapped[int] = mapped_column(default=0)
    """How many reviews by peers it rests on."""
    lowest: Mapped[float | None]
    highest: Mapped[float | None]
    unsure: Mapped[float | None]
    """One standard deviation, in points."""
    staff_points: Mapped[float | None]
    """The mean of what instructors and SMEs gave, if they did."""
    criteria: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"means": [2.3, …]}``: the plain mean of each criterion."""
    method: Mapped[str] = mapped_column(String(60), default="")
    computed_at: Mapped[datetime]
    released_points: Mapped[float | None]
    """What its author was shown: the override if there is one, with the penalty for being late."""
    released_at: Mapped[datetime | None]
    release_id: Mapped[int | None] = mapped_column(ForeignKey("peer_rating_release.id"), index=True)


class ReviewerResult(Base):
    """What became known about somebody's reviewing."""

    __tablename__ = "peer_rating_reviewer_result"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    completed: Mapped[int] = mapped_column(default=0)
    """Reviews that count."""
    owed: Mapped[int] = mapped_column(default=0)
    """Reviews that were asked of them."""
    lenient: Mapped[float | None]
    """As :class:`~lmssocial.core.hooks.rating.RaterFound`, and so are the next two."""
    scatter: Mapped[float | None]
    careless: Mapped[float | None]
    straight: Mapped[bool] = mapped_column(default=False)
    """Whether they gave every work the same points, in three reviews or more."""
    points: Mapped[float | None]
    """For reviewing, between 0 and 1."""
    released_points: Mapped[float | None]
    computed_at: Mapped[datetime]


class Release(Base):
    """Scores that were shown to authors, with everything they rest on: they can be worked out again at any time."""

    __tablename__ = "peer_rating_release"
    __table_args__ = (UniqueConstraint("placement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    number: Mapped[int]
    """Counts from 1."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    made_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why again; empty for the first."""
    scoring: Mapped[str] = mapped_column(String(60))
    scoring_version: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(60))
    input_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``inputs``, in hexadecimal."""
    inputs: Mapped[JsonObject]
    """Ratings, staff's points, overrides and penalties, as the scoring got them."""
    results: Mapped[JsonObject]
    """Work → points, as released."""


class Override(Base):
    """Points that an instructor gives instead of what the reviews say. Nobody's review is changed by it."""

    __tablename__ = "peer_rating_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), index=True)
    points: Mapped[float]
    """Of the most that the rubric gives."""
    reason: Mapped[str] = mapped_column(Text)
    """The author reads it."""
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("peer_rating_appeal.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """When it was taken back, or another took its place."""


class Rated(Base):
    """What an author says of a review they got, and their answer to it."""

    __tablename__ = "peer_rating_rated"

    review_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_review.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    helpful: Mapped[int]
    """From 1 to 5."""
    tags: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"tags": ["specific", …]}``."""
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    """The answer, in words."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class AppealState(StrEnum):
    """How far an appeal is."""

    OPEN = "open"
    ASSIGNED = "assigned"
    """Somebody looks at it."""
    UPHELD = "upheld"
    """The appeal was right; there is another score."""
    REJECTED = "rejected"
    """The score stays."""
    WITHDRAWN = "withdrawn"
    """Its author took it back."""


UNDECIDED = (AppealState.OPEN, AppealState.ASSIGNED)
"""The states of appeals that somebody waits for."""


class Appeal(Base):
    """An author says that their score is not right, and why."""

    __tablename__ = "peer_rating_appeal"
    __table_args__ = (Index("ix_peer_rating_appeal_state", "placement_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    criteria: Mapped[JsonObject]
    """``{"criteria": [0, 2]}``: what of the rubric it is about."""
    text: Mapped[str] = mapped_column(Text)
    """For staff, and for nobody else."""
    state: Mapped[AppealState] = mapped_column(short_enum(AppealState), default=AppealState.OPEN)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    decision: Mapped[str] = mapped_column(Text, default="")
    """The reason; its author reads it."""
    points_before: Mapped[float | None]
    points_after: Mapped[float | None]
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
