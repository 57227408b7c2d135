"""A small site of questions and answers, read from a dump, and the product's index of it, in memory."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from defusedxml import ElementTree

from lmssocial.core.hooks.routing import Candidate
from lmssocial.widgets.experts.indexing import recency, tokens
from lmssocial.widgets.experts.matching import formula

FILE = "Posts.xml"
_QUESTION, _ANSWER = "1", "2"
_TAG = re.compile(r"<([^>]+)>|([^|<>]+)")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of the site."""

    id: int
    asker: int | None
    day: float
    """In days since 1970."""
    title: str
    text: str
    tags: tuple[str, ...]
    accepted: int | None
    """The answer its asker accepted."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer of somebody who can be told from others."""

    id: int
    question: int
    author: int
    day: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """What was asked and answered, by time."""

    questions: Mapping[int, Asked]
    answers: Sequence[Answered]


def is_there(folder: Path) -> bool:
    """Whether a folder, or one below it, has such data."""
    return next(folder.rglob(FILE), None) is not None


def read(folder: Path) -> Site:
    """The site in ``folder``.

    :raises StopIteration: if there is none.
    """
    questions, answers = {}, []
    for row in ElementTree.parse(next(folder.rglob(FILE))).iterfind("row"):
        kind, owner = row.get("PostTypeId"), row.get("OwnerUserId")
        day = recency.day_of(datetime.fromisoformat(row.attrib["CreationDate"]).replace(tzinfo=UTC))
        text = tokens.text_of(row.get("Body", ""))
        if kind == _QUESTION:
            questions[int(row.attrib["Id"])] = Asked(
                id=int(row.attrib["Id"]),
                asker=int(owner) if owner else None,
                day=day,
                title=row.get("Title", ""),
                text=text,
                tags=tuple(one or other for one, other in _TAG.findall(row.get("Tags", ""))),
                accepted=int(row.attrib["AcceptedAnswerId"]) if "AcceptedAnswerId" in row.attrib else None,
            )
        elif kind == _ANSWER and owner:
            answers.append(
                Answered(
                    id=int(row.attrib["Id"]),
                    question=int(row.attrib["ParentId"]),
                    author=int(owner),
                    day=day,
                    text=text,
                )
            )
    known = [one for one in answers if one.question in questions]
    return Site(questions=questions, answers=sorted(known, key=lambda one: (one.day, one.id)))


@dataclass(frozen=True, kw_only=True)
class Written:
    """An answer in the index."""

    author: int
    day: float
    length: int
    tags: tuple[str, ...]


class Index:
    """The product's index, in memory."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.documents: list[Written] = []
        self.length = 0
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.tagged: Counter[str] = Counter()
        self.days: dict[int, list[float]] = defaultdict(list)

    def add(self, question: Asked, answer: Answered) -> None:
        """Take an answer in."""
        counted = tokens.document(question.title, question.text, answer.text)
        number, length = len(self.documents), counted.total()
        self.documents.append(
            Written(author=answer.author, day=answer.day, length=length, tags=question.tags)
        )
        self.length += length
        for word, times in tokens.kept(counted).items():
            self.places[word].append((number, times))
        self.tagged.update(question.tags)
        self.days[answer.author].append(answer.day)

    def candidates(self, question: Asked) -> list[Candidate]:
        """Everybody who answered before, but for the asker."""
        similar, topical = self._similar(question), self._topical(question)
        return [
            Candidate(
                user_id=author,
                community_id=1,
                answers=len(days),
                similarity=similar.get(author, 0.0),
                topicality=topical.get(author, 0.0),
                recent_7=math.fsum(recency.decay(question.day - day, 7.0) for day in days),
                recent_30=math.fsum(recency.decay(question.day - day, 30.0) for day in days),
            )
            for author, days in sorted(self.days.items())
            if author != question.asker
        ]

    def _similar(self, question: Asked) -> dict[int, float]:
        corpus = formula.Corpus(documents=len(self.documents), length=self.length)
        words = tokens.asked(question.title, question.text)
        having = {word: len(self.places[word]) for word in words if word in self.places}
        weighs = formula.weights(corpus, words, having)
        found: dict[int, float] = defaultdict(float)
        for word in formula.rarest(having, formula.MOST_PLACES):
            for number, times in self.places[word]:
                document = self.documents[number]
                worth = formula.bm25(corpus, weighs[word], times, document.length)
                found[document.author] += worth * recency.decay(question.day - document.day)
        return found

    def _topical(self, question: Asked) -> dict[int, float]:
        own: dict[int, Counter[str]] = defaultdict(Counter)
        for document in self.documents:
            for tag in document.tags:
                if tag in question.tags:
                    own[document.author][tag] += recency.decay(question.day - document.day)  # type: ignore[assignment]
        return {
            author: formula.topicality(
                len(self.documents), ((self.tagged[tag], worth) for tag, worth in sorted(tags.items()))
            )
            for author, tags in own.items()
        }
