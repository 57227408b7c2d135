"""Real questions: would those be invited who answered them? Held against the figures the formula was chosen by.

A dump of a Stack Exchange site; ``make bench DATA=<folder>`` reads ``Posts.xml`` from a folder or one below it. What
people wrote there is CC BY-SA, by Stack Exchange and its contributors, and is not here.

The questions are taken by time, and the second half of those that got an answer is what is measured. Candidates are all
who had answered anything before, but for the asker; of these, those who then answered the question had to be found,
whoever was accepted twice as much. Questions that none of the candidates answered are left out.
"""

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from defusedxml import ElementTree

from lmssocial.core.hooks.routing import Candidate
from lmssocial.widgets.experts.indexing import recency, tokens
from lmssocial.widgets.experts.matching import formula
from lmssocial.widgets.experts.models import Reach

FILE = "Posts.xml"
INVITED = 3
"""So many are invited to each question."""
WEEK = 7.0
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


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question at the moment it was asked: who there was, and who would answer."""

    id: int
    day: float
    candidates: Sequence[Candidate]
    core: Mapping[int, float]
    right: Mapping[int, int]
    """Who answered, of these: 2 for whoever was accepted, 1 for others."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How well the right people were found, and what that took."""

    mrr: float
    first: float
    three: float
    five: float
    ndcg: float
    experts: int
    """Different people invited."""
    busiest: int
    """The most invitations that one of them had in any seven days."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way of inviting, and what was found for it when the formula was chosen."""

    name: str
    strength: float = 0.0
    cap: int | None = None
    baseline: Mapping[str, float] = field(default_factory=dict)
    exact: bool = False
    """Whether the baseline has to come out, and not only to be reached."""


WAYS = (
    Way(
        name="nobody held back",
        baseline={"mrr": 0.452, "first": 0.307, "three": 0.553, "five": 0.633, "ndcg": 0.437, "busiest": 15},
        exact=True,
    ),
    Way(
        name="λ = .1, as it is",
        strength=formula.LOAD,
        baseline={"three": 0.485, "five": 0.629, "experts": 130, "busiest": 8},
    ),
    Way(
        name="λ = .1, at most 5 a week",
        strength=formula.LOAD,
        cap=5,
        baseline={"three": 0.466, "five": 0.606},
    ),
    Way(name="λ = .1, at most 3 a week", strength=formula.LOAD, cap=3, baseline={"three": 0.417}),
)
OFF = 0.005
"""So much may a figure differ."""
MOST_A_WEEK, LEAST_FOUND = 8, 0.48
"""The promise: invitations of the busiest expert, and how often one of three invited answered."""


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


def cases(site: Site) -> Iterator[Case]:
    """Every question that is measured."""
    answers_to: dict[int, list[Answered]] = defaultdict(list)
    for answer in site.answers:
        answers_to[answer.question].append(answer)
    questions = sorted((site.questions[number] for number in answers_to), key=lambda one: (one.day, one.id))
    index, coming = Index(), deque(site.answers)
    for question in questions[len(questions) // 2 :]:
        while coming and coming[0].day < question.day:
            answer = coming.popleft()
            index.add(site.questions[answer.question], answer)
        candidates = index.candidates(question)
        there = {one.user_id for one in candidates}
        right: Counter[int] = Counter()
        for answer in answers_to[question.id]:
            if answer.author in there:
                right[answer.author] = max(right[answer.author], 1 + (answer.id == question.accepted))
        if right:
            yield Case(
                id=question.id,
                day=question.day,
                candidates=candidates,
                core=formula.core(candidates),
                right=right,
            )


def invite(found: Sequence[Case], way: Way) -> Figures:
    """Invite people to every question, one question after the other, and count how often that was right."""
    sent: dict[int, list[float]] = defaultdict(list)
    ranks: list[tuple[int | None, float]] = []
    for case in found:
        lately = {who: sum(case.day - day < WEEK for day in days) for who, days in sent.items()}
        order = _order(case, way, sent, lately)
        for who in order[:INVITED]:
            sent[who].append(case.day)
        hits = [at for at, who in enumerate(order, 1) if who in case.right]
        ranks.append((hits[0] if hits else None, _ndcg(order, case.right)))
    number = len(ranks)
    return Figures(
        mrr=sum(1 / at for at, _ in ranks if at) / number,
        first=sum(at == 1 for at, _ in ranks) / number,
        three=sum(at is not None and at <= 3 for at, _ in ranks) / number,
        five=sum(at is not None and at <= 5 for at, _ in ranks) / number,
        ndcg=math.fsum(one for _, one in ranks) / number,
        experts=len(sent),
        busiest=max(sum(0 <= day - other < WEEK for other in days) for days in sent.values() for day in days),
    )


def _order(case: Case, way: Way, sent: Mapping[int, Sequence[float]], lately: Mapping[int, int]) -> list[int]:
    free = [who for who in case.core if way.cap is None or lately.get(who, 0) < way.cap]

    def place(who: int) -> tuple[float, int, str]:
        load = formula.Load(lately=lately.get(who, 0))
        score = formula.held_back(case.core[who], formula.factor(load, Reach.COURSE, way.strength))
        return formula.place(score, len(sent.get(who, ())), case.id, who)

    return sorted(free, key=place)


def report(folder: Path) -> tuple[str, bool]:
    """What is found, as text, and whether it is what was promised."""
    found = list(cases(read(folder)))
    lines = [
        (
            f"{len(found)} questions of {FILE}, each put to those who had answered before; "
            f"the first {INVITED} are invited. Beside each figure, what it was when the formula was chosen:"
        )
    ]
    good = True
    for way in WAYS:
        figures = invite(found, way)
        shown = [_shown(name, getattr(figures, name), way.baseline.get(name)) for name in _WORDS]
        lines.append(f"  {way.name}: {'; '.join(shown)}")
        for wrong in _wrong(way, figures):
            lines.append(f"    DOES NOT HOLD: {wrong}")
            good = False
    return "\n".join(lines), good


def run(folder: Path) -> int:
    """Print what is found; 1 if it is not what was promised."""
    text, good = report(folder)
    print(text)
    return 0 if good else 1


_WORDS = {
    "mrr": "MRR",
    "first": "P@1",
    "three": "S@3",
    "five": "S@5",
    "ndcg": "NDCG@10",
    "experts": "experts invited",
    "busiest": "invitations of the busiest in a week",
}


def _shown(name: str, found: float, baseline: float | None) -> str:
    form = "d" if isinstance(found, int) else ".3f"
    beside = "" if baseline is None else f" ({baseline:{form}})"
    return f"{_WORDS[name]} {found:{form}}{beside}"


def _wrong(way: Way, figures: Figures) -> Iterator[str]:
    """What is not as it has to be, in words."""
    for name, baseline in way.baseline.items():
        found = getattr(figures, name)
        if name == "experts":
            continue
        missed = found < baseline - OFF or (way.exact and found > baseline + OFF)
        if found > baseline if name == "busiest" else missed:
            yield f"{_WORDS[name]} is {found:.3f} instead of {baseline}"
    if way.cap is not None and figures.busiest > way.cap:
        yield f"somebody got {figures.busiest} invitations in a week, of {way.cap} at most"
    if way.strength and way.cap is None and (figures.busiest > MOST_A_WEEK or figures.three < LEAST_FOUND):
        yield f"the promise: at most {MOST_A_WEEK} a week with S@3 of {LEAST_FOUND}"


def _ndcg(order: Sequence[int], right: Mapping[int, int]) -> float:
    gains = [2 ** right.get(who, 0) - 1 for who in order[:10]]
    ideal = sorted((2**gain - 1 for gain in right.values()), reverse=True)[:10]
    return _dcg(gains) / _dcg(ideal)


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(at + 1) for at, gain in enumerate(gains, 1))
