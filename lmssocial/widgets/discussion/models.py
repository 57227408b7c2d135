"""Threads, the places of posts in them, and how far each person has read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum
from lmssocial.social.content.models import State


class ThreadKind(StrEnum):
    """What a thread wants of its readers."""

    DISCUSSION = "discussion"
    QUESTION = "question"
    """An answer: its asker says which one solved it."""
    ANNOUNCEMENT = "announcement"
    """To be read; only staff write one, and all members are told."""


class Audience(StrEnum):
    """Who finds a thread."""

    EVERYBODY = "everybody"
    VISIBLE = "visible"
    """Everybody; the members of its group, and moderators, write in it."""
    GROUP = "group"
    """The members of its group, and moderators."""
    PRIVATE = "private"
    """One member and the moderators."""


class Thread(Base):
    """What somebody opened, and everything about it that a list shows without looking at its posts."""

    __tablename__ = "discussion_thread"
    __table_args__ = (
        Index("ix_discussion_thread_list", "placement_id", "pinned", "last_activity_at", "id"),
        Index("ix_discussion_thread_new", "placement_id", "created_at", "id"),
        Index("ix_discussion_thread_popular", "placement_id", "heat", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    opening_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    """The contribution that opened it, post number 1 once it is published."""
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(short_enum(State))
    """Held or rejected with its opening, and removed as a whole; an opening removed from an answered thread leaves
    the thread published."""
    kind: Mapped[ThreadKind] = mapped_column(short_enum(ThreadKind), default=ThreadKind.DISCUSSION)
    audience: Mapped[Audience] = mapped_column(short_enum(Audience), default=Audience.EVERYBODY)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("communities_group.id"), index=True)
    """The group it belongs to, while the discussion has groups; ``None``: everybody's."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """A private thread: the post it is about, if it is about one. A shared one: what was brought here."""
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """A private thread: the member who reads it beside the moderators, whoever of them began it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_thread.id"), index=True)
    """Where its posts went; its own address leads there."""
    post_first: Mapped[bool] = mapped_column(default=False)
    """Whether members read the answers of others only after they handed in their own."""
    has_private: Mapped[bool] = mapped_column(default=False)
    """Whether there is a private thread about one of its posts, so that other pages need not look for one."""
    due_at: Mapped[datetime | None]
    """Until when members should have taken part; nothing is refused afterwards."""
    locks_at: Mapped[datetime | None]
    """When it is closed for new replies by itself."""
    solved_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """A question: the answer that its asker says solved it."""
    endorsed_count: Mapped[int] = mapped_column(default=0)
    """How many of its posts an SME or instructor has endorsed."""
    people_count: Mapped[int] = mapped_column(default=0)
    """How many people other than its author have replied."""
    helped_count: Mapped[int] = mapped_column(default=0)
    """How many people found something in it helpful."""
    heat: Mapped[float] = mapped_column(default=0.0)
    """How popular it is now; see :mod:`lmssocial.widgets.discussion.popularity`."""
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    highest_number: Mapped[int] = mapped_column(default=0)
    """The number of the newest published post; numbers have no gaps."""
    reply_count: Mapped[int] = mapped_column(default=0)
    """How many replies everybody can read."""
    created_at: Mapped[datetime]
    last_activity_at: Mapped[datetime]
    """When its newest post was published."""
    last_author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by everything that changes what somebody sees on its page."""


class Post(Base):
    """A contribution's place in a thread. Number and path come with publication and stay, whatever happens to it."""

    __tablename__ = "discussion_post"
    __table_args__ = (UniqueConstraint("thread_id", "number"), UniqueConstraint("thread_id", "path"))

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_post.contribution_id"), index=True)
    """The post it answers; ``None`` for the opening."""
    number: Mapped[int | None]
    """Counts from 1 in the order of publication within its thread."""
    path: Mapped[str | None] = mapped_column(String(600))
    """Sorts the posts of a thread as they are read: see :mod:`lmssocial.widgets.discussion.numbering`."""
    depth: Mapped[int] = mapped_column(default=0)
    """How many posts are above it, however deep that is."""


class ReadMark(Base):
    """How far somebody has read a thread."""

    __tablename__ = "discussion_read_mark"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id"), primary_key=True, index=True)
    last_read_number: Mapped[int] = mapped_column(default=0)
    """Every post up to this number was read."""
    read_ahead: Mapped[str] = mapped_column(Text, default="")
    """What was read beyond it, as ranges: ``5,8-12``. Long threads are read page by page, not number by number."""
    read_ahead_count: Mapped[int] = mapped_column(default=0)
    """How many numbers ``read_ahead`` holds."""
    updated_at: Mapped[datetime]


class Poll(Base):
    """A question with answers to choose from, at the head of a thread."""

    __tablename__ = "discussion_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id"), unique=True)
    question: Mapped[str] = mapped_column(String(300))
    several: Mapped[bool] = mapped_column(default=False)
    """Whether one person may choose several answers."""
    closes_at: Mapped[datetime | None]


class PollOption(Base):
    """One answer of a poll."""

    __tablename__ = "discussion_poll_option"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("discussion_poll.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    votes: Mapped[int] = mapped_column(default=0)


class PollVote(Base):
    """Who chose an answer. Kept so that a choice can be changed; the page shows numbers only."""

    __tablename__ = "discussion_poll_vote"

    option_id: Mapped[int] = mapped_column(ForeignKey("discussion_poll_option.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)


class Choice(Base):
    """A post that a learner chose as one of their best, to be graded by."""

    __tablename__ = "discussion_choice"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("content_contribution.id"), primary_key=True, index=True
    )
    chosen_at: Mapped[datetime]


class Grade(Base):
    """What an instructor gave a learner for their part in a discussion."""

    __tablename__ = "discussion_grade"

    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    levels: Mapped[JsonObject]
    """Criterion of the rubric → index of the level that was reached."""
    points: Mapped[float]
    """Of the most that the rubric gives."""
    comment: Mapped[str] = mapped_column(Text, default="")
    grader_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    graded_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    """When the learner was shown it; before that it is the instructor's alone."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Import(Base):
    """A past discussion that was brought in from another system."""

    __tablename__ = "discussion_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    source: Mapped[str] = mapped_column(String(32))
    """``moodle``, ``discourse`` or ``csv``."""
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, so that the same one is not brought in twice by mistake."""
    report: Mapped[JsonObject]
    """What came in and what was lost, as the dry run said it."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    storage_key: Mapped[str | None] = mapped_column(String(32))
    """Where the file is kept until staff decide; ``None`` once they have."""
    uploaded_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    """When it was brought in; ``None`` while it was only looked at."""
    undone_at: Mapped[datetime | None]


class Imported(Base):
    """A contribution that an import made."""

    __tablename__ = "discussion_imported"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("discussion_import.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    """What the other system calls it."""
