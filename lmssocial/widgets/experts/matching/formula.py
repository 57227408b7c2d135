"""Who is invited first, in numbers. Pure.

BM25 as S. Robertson and H. Zaragoza give it (“The Probabilistic Relevance Framework: BM25 and Beyond”, 2009), summed
over the documents of a person (K. Balog's Model 2), each worth less the older it is; with topics, and with how lately
somebody answered at all. What came of it on real questions: ``docs/expert-connect.md``.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lmssocial.core.hooks.routing import Candidate
from lmssocial.widgets.experts.models import Reach

K1, B = 1.2, 0.75
"""How soon more of the same word stops to count, and how much long documents are held back."""
MOST_TIMES = 3
"""A word of the question counts so often at most."""
MOST_PLACES = 5_000
"""Places in the index that are looked at for a question, those of its rarest words first."""
LONG_HALF_LIFE = 180.0
"""Days after which an answer says half as much where less than a question a week is asked; elsewhere 30."""
TOPIC, RECENT = 0.5, 0.5
"""What topics, and each of the two ways to have answered lately, add beside the words."""
DECLARED, ENDORSED, SME, HELPFUL = 0.25, 0.25, 0.5, 0.2
"""What else is known of somebody, each a little."""
ENDORSED_FULLY = 3.0
"""From this weight on, more endorsements add nothing."""
LOAD = 0.1
"""How much each invitation of the last seven days holds somebody back."""
NEAR = {Reach.COURSE: 1.0, Reach.COMMUNITY: 0.9, Reach.ORGANISATION: 0.8}
"""How much it counts to be of the same course."""
EXPLORE_EVERY, HARDLY_ASKED = 5, 3
"""One invitation of so many goes to the best of those who were invited less often than that, ever."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """What an index holds together."""

    documents: int
    length: int
    """Words of all documents."""

    @property
    def mean_length(self) -> float:
        """Words of a document, on average."""
        return self.length / self.documents if self.documents else 1.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What somebody has to do already, and how they took it."""

    lately: int = 0
    """Invitations in the last seven days."""
    ever: int = 0
    """Invitations ever."""
    invited: int = 0
    """Of those counted in their profile, invitations …"""
    taken: int = 0
    """… and how many of them they accepted."""


def idf(documents: int, having: int) -> float:
    """How much a word says that ``having`` of ``documents`` have. Never below zero."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def bm25(corpus: Corpus, weight: float, times: int, length: int) -> float:
    """What one word of a question adds for one document.

    :param weight: of the word in the question, as :func:`weights` gives it.
    :param times: how often the document has it.
    :param length: words of the document.
    """
    held_back = K1 * (1 - B + B * length / corpus.mean_length)
    return weight * times * (K1 + 1) / (times + held_back)


def weights(corpus: Corpus, asked: Mapping[str, int], having: Mapping[str, int]) -> dict[str, float]:
    """What each word of a question weighs that any document has.

    :param having: in how many documents each word is.
    """
    return {
        word: min(times, MOST_TIMES) * idf(corpus.documents, having[word])
        for word, times in asked.items()
        if having.get(word)
    }


def rarest(having: Mapping[str, int], most: int) -> list[str]:
    """The rarest words that stand in ``most`` places together, and at least one; what is common says little."""
    found: list[str] = []
    places = 0
    for word, documents in sorted(having.items(), key=lambda one: (one[1], one[0])):
        if not documents:
            continue
        places += documents
        if found and places > most:
            break
        found.append(word)
    return found


def topicality(documents: int, topics: Iterable[tuple[int, float]]) -> float:
    """How much, and how lately, somebody answered about the topics of a question; rare topics count more.

    :param documents: answers in the index.
    :param topics: for each topic, in how many answers it is, and those of this person, older ones less.
    """
    return sum(math.log(1 + documents / having) * own for having, own in topics if having)


def is_known(candidate: Candidate) -> bool:
    """Whether anything says that somebody knows: to be active is not enough."""
    shown = candidate.similarity > 0 or candidate.topicality > 0
    return shown or candidate.declared or candidate.endorsed > 0 or candidate.is_sme


def core(candidates: Sequence[Candidate]) -> dict[int, float]:
    """What answers say about each of some candidates: the part that was evaluated on real questions."""
    similar = _share([one.similarity for one in candidates])
    topical = _share([one.topicality for one in candidates])
    week = _share([one.recent_7 for one in candidates])
    month = _share([one.recent_30 for one in candidates])
    return {
        one.user_id: similar[at] + TOPIC * topical[at] + RECENT * (week[at] + month[at])
        for at, one in enumerate(candidates)
    }


def standing(candidate: Candidate) -> float:
    """What is said about a candidate, by themselves and by others."""
    return (
        DECLARED * candidate.declared
        + ENDORSED * min(1.0, candidate.endorsed / ENDORSED_FULLY)
        + SME * candidate.is_sme
        + HELPFUL * (candidate.helpfulness - 0.5)
    )


def helpfulness(total: int, count: int) -> float:
    """How helpful askers found somebody, 0 to 1: the mean of ratings from 1 to 5, with four ratings of 3 before."""
    return ((total - count) / 4 + 2.0) / (count + 4)


def factor(load: Load, near: Reach, strength: float = LOAD) -> float:
    """By how much somebody is held back: who accepts, who is near, and who was not invited lately comes first."""
    accepts = math.sqrt((load.taken + 2) / (load.invited + 4))
    return accepts * NEAR[near] * math.exp(-strength * load.lately)


def held_back(score: float, by: float) -> float:
    """A score that is held back, whatever its sign."""
    return score * by if score >= 0 else score / by


def place(score: float, ever: int, question_id: int, user_id: int) -> tuple[float, int, str]:
    """By what candidates are ordered: the best, among equals who was asked least, then by a lot drawn once."""
    lot = hashlib.sha256(f"{question_id}:{user_id}".encode()).hexdigest()
    return (-round(score, 9), ever, lot)


def explores(question_id: int, number: int) -> bool:
    """Whether an invitation is the one of :data:`EXPLORE_EVERY` for somebody who was hardly ever asked.

    :param number: how many the question had before.
    """
    return (question_id + number) % EXPLORE_EVERY == 0


def _share(values: Sequence[float]) -> list[float]:
    """Each value in logarithms, as a share of the largest."""
    logs = [math.log1p(value) for value in values]
    largest = max(logs, default=0.0) or 1.0
    return [one / largest for one in logs]
