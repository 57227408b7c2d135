"""Questions, and what was said.

Invitations are in ``invitation_models``, topics in ``topic_models``, people who answer in ``people_models``, the index
of answers in ``index_models``, office hours in ``hours_models``, what was read in ``reading_models``.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class State(StrEnum):
    """How far a question is. Whether its words may be read yet is said by its contribution."""

    OPEN = "open"
    """Somebody is looked for who answers it."""
    ACCEPTED = "accepted"
    """Somebody said that they answer it."""
    ANSWERED = "answered"
    """There is an answer; whether it helped is for the asker to say."""
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    """The asker needs it no more."""
    CLOSED = "closed"
    """A steward closed it without an answer, and said why."""
    MERGED = "merged"
    """It is asked and answered in another question."""


ALIVE = (State.OPEN, State.ACCEPTED, State.ANSWERED)
"""The states in which a question has a next step, and somebody whose turn it is."""


class Audience(StrEnum):
    """Who reads a question and its answers, besides the asker, those who were invited, and moderators."""

    EVERYBODY = "everybody"
    """The community of the course."""
    EXPERTS = "experts"
    """Nobody else."""


class Urgency(StrEnum):
    """How soon an answer is needed."""

    NORMAL = "normal"
    EXAM = "exam"
    """There is an exam, or a date: more people are invited at once."""


class Reach(StrEnum):
    """How far away from its course a question, or an expert, may go. Both must have said so."""

    NONE = "none"
    """Of an expert: nobody asks them."""
    COURSE = "course"
    COMMUNITY = "community"
    """The courses that are together in a community across courses."""
    ORGANISATION = "organisation"
    """Every course of the customer."""


class Level(StrEnum):
    """Whom a question has got to so far. It never goes back while it is open."""

    EXPERTS = "experts"
    EVERYBODY = "everybody"
    """Everybody who reads it may answer, and those who connect people know of it."""
    STEWARDS = "stewards"
    """It is on the stewards' desk."""


class How(StrEnum):
    """By what a question was resolved."""

    ANSWER = "answer"
    """An answer to it, as the asker said."""
    SILENCE = "silence"
    """There is an answer, and the asker did not come back."""
    EXISTING = "existing"
    """Something that was there already."""
    ASKER = "asker"
    """The asker found it out."""


class Question(Base):
    """Something somebody asks those who know. Its title and words are a contribution."""

    __tablename__ = "experts_question"
    __table_args__ = (
        Index("ix_experts_question_list", "community_id", "state", "opened_at", "id"),
        Index("ix_experts_question_asker", "asker_id", "community_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    state: Mapped[State] = mapped_column(short_enum(State), default=State.OPEN)
    level: Mapped[Level] = mapped_column(short_enum(Level), default=Level.EXPERTS)
    audience: Mapped[Audience] = mapped_column(short_enum(Audience), default=Audience.EVERYBODY)
    urgency: Mapped[Urgency] = mapped_column(short_enum(Urgency), default=Urgency.NORMAL)
    language: Mapped[str] = mapped_column(String(35), default="")
    """In which it may be answered (BCP 47); empty: any."""
    context_title: Mapped[str] = mapped_column(String(200), default="")
    """The page of the course it came from, as the asker names it."""
    context_url: Mapped[str] = mapped_column(String(2000), default="")
    """Its address; empty where only the name is known."""
    opened_at: Mapped[datetime]
    """When it was published, or asked if it waits for a moderator."""
    counted_from: Mapped[datetime]
    """From when its hours are counted: moved on by every pause, so that waiting for the asker costs nobody anything."""
    paused_at: Mapped[datetime | None]
    """Since when it waits for an answer of the asker; the clock stands still."""
    wave: Mapped[int] = mapped_column(default=0)
    """Rounds of invitations so far."""
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who said that they answer it."""
    accepted_at: Mapped[datetime | None]
    promised_until: Mapped[datetime | None]
    """Until when they answer; then it goes on to others."""
    first_answer_at: Mapped[datetime | None]
    last_answer_at: Mapped[datetime | None]
    open_to_all_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    """When it was resolved, withdrawn, closed or merged."""
    resolved_how: Mapped[How | None] = mapped_column(short_enum(How))
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """What resolved it: an answer, or any other contribution that was there."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("experts_question.id"), index=True)
    closed_because: Mapped[str] = mapped_column(String(500), default="")
    """What the asker reads about it: why it was closed."""
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the clockwork looks at it again; empty: never, until something happens."""
    looked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class QuestionTopic(Base):
    """What a question is about."""

    __tablename__ = "experts_question_topic"

    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("experts_topic.id"), primary_key=True, index=True)


class Answer(Base):
    """An answer to a question. Its words are a contribution in the community of the question."""

    __tablename__ = "experts_answer"
    __table_args__ = (Index("ix_experts_answer_question", "question_id", "contribution_id"),)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("experts_invitation.id"), index=True)
    """By which it came; empty where somebody answered what was open to all."""


class Message(Base):
    """Something said around a question, or between two people who were introduced. Its words are a contribution."""

    __tablename__ = "experts_message"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("experts_question.id"), index=True)
    introduction_id: Mapped[int | None] = mapped_column(ForeignKey("experts_introduction.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    asks: Mapped[bool] = mapped_column(default=False)
    """Whether the asker has to say something before the question can be answered: it stops the clock."""


class Rating(Base):
    """What one side of a question privately says about the other's part; read by nobody else but the two."""

    __tablename__ = "experts_rating"

    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Whose part: the author of the solution, or the asker."""
    value: Mapped[int]
    """1 to 5: how helpful the answer was, or how clear the question."""
    words: Mapped[str] = mapped_column(String(500), default="")
    """Thanks, or what would have helped."""
    at: Mapped[datetime]


class Proposal(Base):
    """How a question for experts only, and its answer, shall be published once both sides agree to these words."""

    __tablename__ = "experts_proposal"

    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"), primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    """Where."""
    by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who worded it last."""
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    """Markdown, without what its asker took out."""
    answer: Mapped[str] = mapped_column(Text)
    """Likewise, of whoever answered."""
    asker_agreed_at: Mapped[datetime | None]
    expert_agreed_at: Mapped[datetime | None]
    """Since when whoever answered agrees; another wording begins anew."""
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Step(Base):
    """Something that happened to a question, as its page tells everybody concerned. No names of who declined."""

    __tablename__ = "experts_step"
    __table_args__ = (Index("ix_experts_step_question", "question_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("experts_question.id"))
    what: Mapped[str] = mapped_column(String(32))
    """As :class:`~.questions.Happening`."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who did it; empty: the clock."""
    facts: Mapped[JsonObject] = mapped_column(default=dict)
    at: Mapped[datetime]


class Introduction(Base):
    """Somebody brings two people together, who both say whether they want that."""

    __tablename__ = "experts_introduction"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    why: Mapped[str] = mapped_column(String(500))
    """What the two have to say to each other, in the words of whoever introduces them; both read it."""
    first_says: Mapped[bool | None]
    """Whether they want to meet; empty as long as they did not say. Somebody who does not is never told of."""
    second_says: Mapped[bool | None]
    made_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    """When both had said yes."""
    ended_at: Mapped[datetime | None]
    """When one said no, or it was taken back, or was not answered for long."""


class Deflection(Base):
    """A question that need not be sent, because something that was shown first solved it. Nobody is named."""

    __tablename__ = "experts_deflection"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """What solved it."""
    at: Mapped[datetime]
