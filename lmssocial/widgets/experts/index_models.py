"""What people have answered, cut into words, so that a question finds who answered its like."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class Kind(StrEnum):
    """What a document is."""

    ANSWER = "answer"
    """An answer in expert connect, with its question."""
    POST = "post"
    """An answer in another widget, with its question."""
    BIO = "bio"
    """What somebody says of themselves."""


class Document(Base):
    """Something somebody wrote that says what they know."""

    __tablename__ = "experts_document"
    __table_args__ = (Index("ix_experts_document_author", "community_id", "author_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    kind: Mapped[Kind] = mapped_column(short_enum(Kind))
    accepted: Mapped[bool] = mapped_column(default=False)
    """Whether it resolved something, or was endorsed: then it is evidence."""
    weight: Mapped[float] = mapped_column(default=1.0)
    length: Mapped[int]
    """Its words that count."""
    at: Mapped[datetime]
    """When it was published."""


class DocumentTopic(Base):
    """What a document is about."""

    __tablename__ = "experts_document_topic"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("experts_document.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("experts_topic.id"), primary_key=True, index=True)


class Posting(Base):
    """A word in a document. What stands under one word of one community lies together."""

    __tablename__ = "experts_posting"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("experts_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    times: Mapped[int]
    """How often; words of the question's title count twice."""


class Word(Base):
    """In how many documents of a community a word is."""

    __tablename__ = "experts_word"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    documents: Mapped[int] = mapped_column(default=0)


class Corpus(Base):
    """How much a community has in the index."""

    __tablename__ = "experts_corpus"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    documents: Mapped[int] = mapped_column(default=0)
    length: Mapped[int] = mapped_column(default=0)
    """Words of all documents together."""
