"""The words a community uses, for two purposes: what a misspelt query may have meant, and which of its words are rare.

Words are compared by the letters three in a row that they share, then by how many letters would have to change. Both
databases do the same with the same tables, so the same mistakes are understood on both. Nobody learns from a
correction that a word is there which they may not read: corrections are shown only with what they find.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.social.search.models import KnownWord, SearchDocument, WordPart
from lmssocial.social.search.words import Term, words

SHORTEST = 4
"""Letters of a word that can be misspelt; of shorter ones too many look alike."""

AT_ONCE = 100
"""Documents that are learned in one transaction."""

MANY = 400
"""Words that are named in one statement."""

CANDIDATES = 200
"""Words that are compared letter by letter with what was typed."""


def parts_of(word: str) -> frozenset[str]:
    """The letters of ``word`` three in a row; its beginning counts more than its end, as in ``pg_trgm``."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def learn(session: Session) -> int:
    """Take the words of the next documents into the vocabularies; says how many documents it was."""
    rows = session.execute(
        select(SearchDocument.id, SearchDocument.community_id, SearchDocument.title, SearchDocument.body)
        .where(SearchDocument.learned.is_(False))
        .order_by(SearchDocument.id)
        .limit(AT_ONCE)
    ).all()
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.community_id].update(_spellable(f"{row.title}\n{row.body}"))
    for community_id, counted in sorted(counts.items()):
        _take_in(session, community_id, counted)
    if rows:
        session.execute(
            update(SearchDocument)
            .where(SearchDocument.id.in_([row.id for row in rows]))
            .values(learned=True)
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def _spellable(text: str) -> set[str]:
    found = (word.folded for word in words(text))
    return {word for word in found if len(word) >= SHORTEST and not any(sign.isdecimal() for sign in word)}


def _take_in(session: Session, community_id: int, counted: Mapping[str, int]) -> None:
    everything = sorted(
        counted
    )  # in one order, so that two that learn the same words wait for each other in turn
    for start in range(0, len(everything), MANY):
        some = everything[start : start + MANY]
        new = session.execute(
            dialect_insert(session, KnownWord)
            .values([{"community_id": community_id, "word": word, "documents": 0} for word in some])
            .on_conflict_do_nothing(index_elements=["community_id", "word"])
            .returning(KnownWord.id, KnownWord.word)
        ).all()
        parts = [
            {"community_id": community_id, "part": part, "word_id": row.id}
            for row in new
            for part in sorted(parts_of(row.word))
        ]
        if parts:
            session.execute(insert(WordPart), parts)
    seen = [{"this": row.id, "more": counted[row.word]} for row in _known(session, community_id, everything)]
    if seen:
        session.connection().execute(_SEEN, seen)


_SEEN = (
    update(KnownWord)
    .where(KnownWord.id == bindparam("this"))
    .values(documents=KnownWord.documents + bindparam("more", type_=Integer))
)


def _known(session: Session, community_id: int, wanted: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(wanted), MANY):
        found += session.execute(
            select(KnownWord.id, KnownWord.word, KnownWord.documents).where(
                KnownWord.community_id == community_id, KnownWord.word.in_(wanted[start : start + MANY])
            )
        ).all()
    return found


def documents_with(session: Session, community_id: int, wanted: Iterable[str]) -> dict[str, int]:
    """In about how many documents of a community each of some words stands; those in none are left out. One query."""
    return {
        row.word: row.documents for row in _known(session, community_id, list(dict.fromkeys(wanted))[:MANY])
    }


def corrections(session: Session, community_id: int, wanted: Sequence[Term]) -> dict[str, str]:
    """For those of the words that nobody uses here, the known word that was probably meant. Two queries."""
    candidates = [term for term in wanted if len(term.word) >= SHORTEST and term.word.isalpha()]
    strange = _strange(session, community_id, candidates)
    if not strange:
        return {}
    shared = frozenset().union(*(parts_of(word) for word in strange))
    rows = session.execute(
        select(KnownWord.word, KnownWord.documents)
        .join(WordPart, WordPart.word_id == KnownWord.id)
        .where(WordPart.community_id == community_id, WordPart.part.in_(shared))
        .group_by(KnownWord.id, KnownWord.word, KnownWord.documents)
        .order_by(func.count().desc(), KnownWord.documents.desc(), KnownWord.id)
        .limit(CANDIDATES)
    ).all()
    found = {word: _nearest(word, rows) for word in strange}
    return {word: better for word, better in found.items() if better}


def _strange(session: Session, community_id: int, wanted: Sequence[Term]) -> list[str]:
    """Those that are neither known words nor beginnings of known words. One query."""
    if not wanted:
        return []
    known = [
        exists().where(
            KnownWord.community_id == community_id,
            (
                func.substr(KnownWord.word, 1, len(term.word)) == term.word
                if term.is_prefix
                else KnownWord.word == term.word
            ),
        )
        for term in wanted
    ]
    row = session.execute(select(*known)).one()
    return [term.word for term, is_known in zip(wanted, row, strict=True) if not is_known]


def _nearest(word: str, rows: Sequence[Any]) -> str:
    """The known word with the fewest changes from ``word``, of several the most used; empty if none is near."""
    near = 1 if len(word) < 6 else 2
    best = min(
        ((distance(word, row.word, near), -row.documents, row.word) for row in rows),
        default=(near + 1, 0, ""),
    )
    return best[2] if best[0] <= near else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters would have to be added, left out, replaced or swapped with their neighbour.

    Optimal string alignment (a restricted Damerau-Levenshtein distance).

    :param most: more than this need not be told apart from each other.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, last, row = row, before, [at]
        for place, also in enumerate(other, start=1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != also))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == also:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
    return row[-1]
