"""What can be found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base
from lmssocial.social.search.ddl import POSTGRESQL, SQLITE


class SearchDocument(Base):
    """One thing that can be found, and the text its excerpts are taken from. Its words stand in ``search_words``."""

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_search_document_community_id_at", "community_id", "at"),
        Index("ix_search_document_learned_id", "learned", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    kind: Mapped[str] = mapped_column(String(64))
    """What it is, in the words of the widget that owns it: ``discussion.post``."""
    subject_id: Mapped[int]
    """Its row there."""
    title: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    """When it was published; newer ones come first."""
    learned: Mapped[bool] = mapped_column(default=False)
    """Whether the vocabulary of its community has its words."""


class KnownWord(Base):
    """A word that documents of a community have, folded; what misspelt words of queries are compared with."""

    __tablename__ = "search_known_word"
    __table_args__ = (UniqueConstraint("community_id", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    word: Mapped[str] = mapped_column(String(40))
    documents: Mapped[int] = mapped_column(default=0)
    """In about how many; what is removed is not taken off again."""


class WordPart(Base):
    """Three letters of a known word, by which words that look alike find each other."""

    __tablename__ = "search_word_part"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(3), primary_key=True)
    word_id: Mapped[int] = mapped_column(
        ForeignKey("search_known_word.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def _words_table(_table: Any, connection: Connection, **_options: Any) -> None:
    """Whoever makes this table from the model gets the words as well; a migration makes both itself."""
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)


event.listen(SearchDocument.__table__, "after_create", _words_table)
