"""Documents into the index and out of it: a handful of statements for each. Nothing here commits.

What changes first is the row of the community's corpus, so that two writers of one community come one after the other,
and never wait for each other's words.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.widgets.experts.index_models import Corpus, Document, DocumentTopic, Posting, Word
from lmssocial.widgets.experts.indexing.texts import WEIGHTS, Text
from lmssocial.widgets.experts.indexing.tokens import kept

AT_ONCE = 1_000
"""Words in one statement."""


def put(session: Session, text: Text) -> Document:
    """Let ``text`` stand in the index, instead of what stood there of it before."""
    document = found(session, text.contribution_id)
    if document is not None and document.community_id != text.community_id:
        take(session, document)
        document = None
    grow(
        session, text.community_id, int(document is None), text.length - (document.length if document else 0)
    )
    if document is None:
        document = _new(session, text)
    document.accepted, document.length = text.accepted, text.length
    document.author_id, document.at = text.author_id, text.at
    session.flush()
    _put_topics(session, document, text.topic_ids)
    _put_words(session, document, kept(text.counted))
    return document


def take(session: Session, document: Document) -> None:
    """Take a document out of the index."""
    grow(session, document.community_id, -1, -document.length)
    words = list(_words_of(session, document))
    count(session, document.community_id, words, -1)
    session.execute(
        delete(Posting).where(Posting.document_id == document.id).execution_options(synchronize_session=False)
    )
    session.execute(
        delete(DocumentTopic)
        .where(DocumentTopic.document_id == document.id)
        .execution_options(synchronize_session=False)
    )
    session.delete(document)
    session.flush()


def found(session: Session, contribution_id: int) -> Document | None:
    """The document that a contribution is in the index."""
    return session.scalar(select(Document).where(Document.contribution_id == contribution_id))


def grow(session: Session, community_id: int, documents: int, length: int) -> None:
    """Let a corpus be so much larger; until this transaction ends nobody else changes the index of the community."""
    new = {"community_id": community_id, "documents": documents, "length": length}
    statement = dialect_insert(session, Corpus).values(new)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["community_id"],
            set_={"documents": Corpus.documents + documents, "length": Corpus.length + length},
        )
    )


def count(session: Session, community_id: int, words: Collection[str], change: int) -> None:
    """Let some words be in one more document, or in one less; a word that is in none has no row."""
    for some in _portions(sorted(words)):
        if change > 0:
            rows = [{"community_id": community_id, "word": word, "documents": change} for word in some]
            statement = dialect_insert(session, Word).on_conflict_do_update(
                index_elements=["community_id", "word"], set_={"documents": Word.documents + change}
            )
            session.execute(statement, rows)
            continue
        here = Word.community_id == community_id, Word.word.in_(some)
        session.execute(
            delete(Word).where(*here, Word.documents <= -change).execution_options(synchronize_session=False)
        )
        session.execute(
            update(Word)
            .where(*here)
            .values(documents=Word.documents + change)
            .execution_options(synchronize_session=False)
        )


def _new(session: Session, text: Text) -> Document:
    document = Document(
        tenant_id=text.tenant_id,
        community_id=text.community_id,
        author_id=text.author_id,
        contribution_id=text.contribution_id,
        kind=text.kind,
        weight=WEIGHTS[text.kind],
        accepted=text.accepted,
        length=text.length,
        at=text.at,
    )
    session.add(document)
    session.flush()  # what follows needs its id
    return document


def _put_topics(session: Session, document: Document, topic_ids: Iterable[int]) -> None:
    wanted = set(topic_ids)
    here = set(
        session.scalars(select(DocumentTopic.topic_id).where(DocumentTopic.document_id == document.id))
    )
    if gone := here - wanted:
        session.execute(
            delete(DocumentTopic)
            .where(DocumentTopic.document_id == document.id, DocumentTopic.topic_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    if new := sorted(wanted - here):
        rows = [{"document_id": document.id, "topic_id": topic_id} for topic_id in new]
        session.execute(insert(DocumentTopic), rows)


def _put_words(session: Session, document: Document, wanted: Mapping[str, int]) -> None:
    before = _words_of(session, document)
    changed = [word for word in before if wanted.get(word) != before[word]]
    if changed:
        for some in _portions(changed):
            session.execute(
                delete(Posting)
                .where(
                    Posting.community_id == document.community_id,
                    Posting.word.in_(some),
                    Posting.document_id == document.id,
                )
                .execution_options(synchronize_session=False)
            )
        count(session, document.community_id, [word for word in changed if word not in wanted], -1)
    rows = [
        {"community_id": document.community_id, "word": word, "document_id": document.id, "times": times}
        for word, times in wanted.items()
        if before.get(word) != times
    ]
    if rows:
        session.execute(insert(Posting), rows)
        count(session, document.community_id, [word for word in wanted if word not in before], 1)


def _words_of(session: Session, document: Document) -> dict[str, int]:
    rows = session.execute(select(Posting.word, Posting.times).where(Posting.document_id == document.id))
    return {row.word: row.times for row in rows}


def _portions(words: list[str]) -> Iterable[list[str]]:
    return (words[at : at + AT_ONCE] for at in range(0, len(words), AT_ONCE))
