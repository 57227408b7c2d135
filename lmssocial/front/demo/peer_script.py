"""The peer ratings of the demo as they were written down: ``course/peer/*.toml``.

Who reviews whose work is not written down: the product decides that. Whoever gets a work says what the next review of
that work says.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER
from lmssocial.front.demo.script import moment
from lmssocial.front.demo.voices import read_people, read_trades
from lmssocial.social.rubrics.criteria import Criterion

PEER_FOLDER = COURSE_FOLDER / "peer"
CROWD = "crowd.toml"
_AHEAD = re.compile(r"in (\d+) days")
_SEED = 419
_REVIEWS = 3
"""Of each work of the many: there is always something to say when somebody gets it."""
_SPREAD = (0, 0, 0, 0, 1, 1, -1)
"""How far reviewers are from what a part deserves, in levels."""


@dataclass(frozen=True)
class Said:
    """What somebody says in a review."""

    levels: tuple[int, ...]
    """By criterion, counted from the best, which is 0."""
    words: str
    comments: Mapping[int, str]


@dataclass(frozen=True)
class Written:
    """Work that somebody hands in, and what others will say of it, in that order."""

    by: str
    at: datetime
    body: str
    reviews: tuple[Said, ...]


@dataclass(frozen=True)
class PeerScript:
    """One activity."""

    key: str
    week: int
    title: str
    task: str
    rubric: tuple[Criterion, ...]
    opens: datetime
    submit_due: datetime
    review_due: datetime
    released: datetime | None
    """When its teacher released the scores; ``None`` while it goes on."""
    wanted: int
    asked: int
    works: tuple[Written, ...]
    """By time."""
    more: Mapping[str, Sequence[Mapping[str, Any]]]
    """What happened besides, as it is written: ``anchor``, ``rated``, ``appeal``, ``extension``, ``decline``."""

    @property
    def link_id(self) -> str:
        """What the LMS calls the link to it."""
        return f"link-peer-{self.key}"


def read_peer_scripts(now: datetime, folder: Path = PEER_FOLDER, *, quick: bool = False) -> list[PeerScript]:
    """All activities, in the order of their names.

    :param quick: only what was written by hand, and nothing of the many.
    :raises ValueError: if a time cannot be read.
    """
    many = tomllib.loads((folder / CROWD).read_text("utf-8"))
    written = [
        tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml")) if path.name != CROWD
    ]
    return [_script(one, many, now, quick=quick) for one in written]


def when(text: str, now: datetime) -> datetime:
    """A time as :func:`~.script.moment` reads it, or one that lies ahead: ``in 3 days``."""
    if found := _AHEAD.fullmatch(text):
        return now + timedelta(days=int(found[1]))
    return moment(text, now)


def _script(written: Mapping[str, Any], many: Mapping[str, Any], now: datetime, *, quick: bool) -> PeerScript:
    rubric = tuple(
        Criterion(title=line["title"], levels=tuple((text, float(points)) for text, points in line["levels"]))
        for line in written["criterion"]
    )
    opens, due = moment(written["opens"], now), when(written["submit_due"], now)
    by_hand = [
        Written(one["by"], moment(one["at"], now), one["body"].strip(), tuple(_said(one)))
        for one in written["work"]
    ]
    size = 0 if quick else written["crowd"]
    crowd = _Crowd(written["key"], many, rubric, (opens, due)).works(size)
    return PeerScript(
        key=written["key"],
        week=written["week"],
        title=written["title"],
        task=written["task"].strip(),
        rubric=rubric,
        opens=opens,
        submit_due=due,
        review_due=when(written["review_due"], now),
        released=moment(written["released"], now) if "released" in written else None,
        wanted=written["wanted"],
        asked=written["asked"],
        works=tuple(sorted([*by_hand, *crowd], key=lambda work: work.at)),
        more={name: written.get(name, ()) for name in ("anchor", "rated", "appeal", "extension", "decline")},
    )


def _said(work: Mapping[str, Any]) -> Iterator[Said]:
    for one in work.get("review", ()):
        comments = {int(index): text for index, text in one.get("comments", {}).items()}
        yield Said(tuple(one["levels"]), one["words"], comments)


class _Crowd:
    """What the many hand in: some prepare well, some do not, and reviewers agree about that more or less."""

    def __init__(
        self,
        key: str,
        many: Mapping[str, Any],
        rubric: Sequence[Criterion],
        open_from_to: tuple[datetime, datetime],
    ) -> None:
        """:param many: what ``crowd.toml`` says; :param open_from_to: when people hand in."""
        self._parts, self._said = many[key]["parts"], many["said"]
        self._rubric, self._open = rubric, open_from_to
        self._chance = random.Random(f"{_SEED}:{key}")  # noqa: S311 – texts, not secrets

    def works(self, size: int) -> Iterator[Written]:
        """The works of ``size`` people who have read along."""
        people, trades = [one for one in read_people() if one.seen is not None], read_trades()
        for number, person in enumerate(self._chance.sample(people, size)):
            words = trades[number % len(trades)]
            skill = min(3.0, self._chance.expovariate(0.9))
            drawn = [min(3, max(0, round(skill + self._chance.gauss(0, 0.7)))) for _part in self._parts]
            body = "\n\n".join(part[level] for part, level in zip(self._parts, drawn, strict=True))
            yield Written(
                by=person.key,
                at=self._moment(),
                body=self._filled(body, words),
                reviews=tuple(self._review(drawn, words) for _review in range(_REVIEWS)),
            )

    def _review(self, drawn: Sequence[int], words: Mapping[str, str]) -> Said:
        levels = tuple(
            min(len(line.levels) - 1, max(0, level + self._chance.choice(_SPREAD)))
            for level, line in zip(drawn, self._rubric, strict=True)
        )
        worth = min(3, round(sum(levels) / len(levels)))
        praise, advice = (self._chance.choice(self._said[kind][worth]) for kind in ("praise", "advice"))
        return Said(levels, self._filled(f"{praise} {advice}", words), {})

    def _filled(self, text: str, words: Mapping[str, str]) -> str:
        filled = text.format(
            **words,
            number=self._chance.choice(("three", "four", "five", "six")),
            days=self._chance.choice(("14", "30", "45")),
            share=self._chance.choice(("four", "six", "nine", "twelve")),
        )
        return re.sub(r"(\*\* |\. )([a-z])", lambda found: found[1] + found[2].upper(), filled)

    def _moment(self) -> datetime:
        """Most hand in on the last day."""
        begin, end = self._open
        left = min(self._chance.expovariate(3.0), 0.95)
        return end - (end - begin) * left
