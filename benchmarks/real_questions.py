"""Real questions: would those be invited who answered them? Held against the figures the formula was chosen by.

A dump of a Stack Exchange site; ``make bench DATA=<folder>`` reads ``Posts.xml`` from a folder or one below it. What
people wrote there is CC BY-SA, by Stack Exchange and its contributors, and is not here.

The questions are taken by time, and the second half of those that got an answer is what is measured. Candidates are all
who had answered anything before, but for the asker; of these, those who then answered the question had to be found,
whoever was accepted twice as much. Questions that none of the candidates answered are left out.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.question_site import FILE, Answered, Index, Site, read
from lmssocial.core.hooks.routing import Candidate
from lmssocial.widgets.experts.matching import formula
from lmssocial.widgets.experts.models import Reach

INVITED = 3
"""So many are invited to each question."""
WEEK = 7.0


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
