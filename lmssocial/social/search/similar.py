"""What resembles a text that somebody is writing: some of its words are enough, and rare ones say more."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search import vocabulary
from lmssocial.social.search.matching import TITLE_WEIGHT, resembling
from lmssocial.social.search.models import SearchDocument
from lmssocial.social.search.queries import Field
from lmssocial.social.search.words import Term, words

TERMS = 8
"""Words of the text that are looked for: the rarest."""

CANDIDATES = 40
"""Documents that are weighed."""

ENOUGH = 0.35
"""The share of what its words weigh that a document must have to resemble a text."""


@dataclass(frozen=True)
class Resembling:
    """A document that resembles a text."""

    subject_id: int
    weight: float
    """How much, from 0 to 1."""


def similar(session: Session, actor: Actor, text: str, field: Field) -> tuple[Resembling, ...]:
    """What resembles ``text`` in the actor's community, the most first. At most two queries.

    A word in the title weighs five times one in the body, and the more documents have a word the less it weighs.
    """
    said = dict.fromkeys(word.folded for word in words(text) if len(word.folded) >= 3)
    if not said:
        return ()
    known = vocabulary.documents_with(session, actor.community_id, said)
    wanted = _rarest(said, known)
    document = SearchDocument
    statement = resembling(session, [_term(word) for word in wanted], CANDIDATES).where(
        document.tenant_id == actor.tenant_id,
        document.community_id == actor.community_id,
        document.kind == field.kind,
        document.subject_id.in_(field.within),
    )
    rows = session.execute(
        statement.add_columns(document.subject_id, document.title, func.substr(document.body, 1, 2000))
    ).all()
    weights = {word: 1 / (1 + math.log1p(known.get(word, 0))) for word in wanted}
    weighed = [Resembling(row[1], _weight(row[2], row[3], weights)) for row in rows]
    return tuple(
        sorted((it for it in weighed if it.weight >= ENOUGH), key=lambda it: (-it.weight, -it.subject_id))
    )


def _rarest(said: Collection[str], known: dict[str, int]) -> list[str]:
    """The words to look for: of those that are used here the rarest; if none is, all that may be new."""
    used = [word for word in said if known.get(word)] or said
    return sorted(used, key=lambda word: (known.get(word, 0), -len(word), word))[:TERMS]


def _term(word: str) -> Term:
    return Term(word, is_prefix=len(word) >= 5)


def _weight(title: str, body: str, weights: dict[str, float]) -> float:
    """The share of all that the words could weigh; in a title a word weighs all it can."""
    in_title, in_body = (_folded(text) for text in (title, body))
    most = sum(weights.values()) * TITLE_WEIGHT
    found = sum(
        weight * (TITLE_WEIGHT if _stands(word, in_title) else 1.0 if _stands(word, in_body) else 0.0)
        for word, weight in weights.items()
    )
    return found / most if most else 0.0


def _folded(text: str) -> Sequence[str]:
    return [word.folded for word in words(text)]


def _stands(word: str, found: Sequence[str]) -> bool:
    return any(_term(word).matches(other) for other in found)
