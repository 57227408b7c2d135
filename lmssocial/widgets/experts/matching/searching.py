"""Who wrote what resembles a question: a few thousand places in the index are looked at, however large it is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.widgets.experts.index_models import Corpus, Document, Kind, Posting, Word
from lmssocial.widgets.experts.indexing.recency import day_of, decay
from lmssocial.widgets.experts.matching import formula

ENOUGH = 0.15
"""What the words that a question shares with one text have to weigh, of what all its words do, for that text to say
anything …"""
FEWEST = 2
"""… and how many these are at least: a single word that both happen to use invites nobody."""


@dataclass(frozen=True, kw_only=True)
class Similar:
    """How much what somebody wrote resembles a question."""

    worth: float
    answered: bool
    """Whether it is an answer that does; else they said so of themselves."""


def corpus_of(session: Session, community_ids: Collection[int]) -> formula.Corpus:
    """The indexes of some communities as one. One query."""
    sums = func.coalesce(func.sum(Corpus.documents), 0), func.coalesce(func.sum(Corpus.length), 0)
    documents, length = session.execute(select(*sums).where(Corpus.community_id.in_(community_ids))).one()
    return formula.Corpus(documents=int(documents), length=int(length))


def similar(
    session: Session,
    community_ids: Collection[int],
    corpus: formula.Corpus,
    asked: Mapping[str, int],
    *,
    today: float,
    half_life: float,
) -> dict[int, Similar]:
    """How much what people wrote resembles a question, by their ids. Two queries.

    Those of whom one text at least shares :data:`ENOUGH` with it.

    :param asked: the words of the question (:func:`~lmssocial.widgets.experts.indexing.tokens.asked`).
    :param today: in days since 1970.
    """
    if not asked or not corpus.documents:
        return {}
    rows = session.execute(
        select(Word.word, func.sum(Word.documents))
        .where(Word.community_id.in_(community_ids), Word.word.in_(asked))
        .group_by(Word.word)
    )
    having = {word: int(documents) for word, documents in rows}
    weighs = formula.weights(corpus, asked, having)
    words = formula.rarest(having, formula.MOST_PLACES)
    if not words:
        return {}
    worth: dict[int, float] = defaultdict(float)
    answered: dict[int, float] = defaultdict(float)
    shared: dict[tuple[int, int], list[float]] = defaultdict(list)
    places = _places(community_ids, words)
    if having[words[0]] > formula.MOST_PLACES:  # even the rarest one is everywhere: then the newest count
        places = places.order_by(Posting.document_id.desc()).limit(formula.MOST_PLACES)
    for row in session.execute(places):
        is_bio = row.kind is Kind.BIO
        age = (
            0.0 if is_bio else today - day_of(row.at)
        )  # what somebody says of themselves holds until they change it
        adds = formula.bm25(corpus, weighs[row.word], row.times, row.length) * row.weight
        adds *= decay(age, half_life)
        worth[row.author_id] += adds
        shared[row.author_id, row.document_id].append(formula.idf(corpus.documents, having[row.word]))
        if not is_bio:
            answered[row.author_id] += adds
    enough = ENOUGH * sum(formula.idf(corpus.documents, having.get(word, 1)) for word in asked)
    few = min(FEWEST, len(asked))
    close = {
        user_id for (user_id, _document), both in shared.items() if len(both) >= few and sum(both) >= enough
    }
    return {
        user_id: Similar(worth=one, answered=answered[user_id] * 2 >= one)
        for user_id, one in worth.items()
        if user_id in close
    }


def _places(community_ids: Collection[int], words: Collection[str]) -> Any:
    """Where some words stand, each with what is known of the document."""
    return (
        select(
            Posting.word,
            Posting.times,
            Posting.document_id,
            Document.author_id,
            Document.length,
            Document.weight,
            Document.kind,
            Document.at,
        )
        .join(Document, Document.id == Posting.document_id)
        .where(Posting.community_id.in_(community_ids), Posting.word.in_(words))
    )
