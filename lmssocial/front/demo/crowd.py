"""What the many of the demo course wrote in the other weeks.

Nobody could write three thousand posts by hand and nobody would read them; so these are put together from the
sentences of ``course/crowd.toml``, always the same way, by people who stay in their trade (:mod:`.voices`).
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lmssocial.front.demo.script import Appreciate, Move, OpenThread, Reply, Solve, Vote, midnight
from lmssocial.front.demo.voices import SEED, Words, Writer, read_crowd, writers

EXPERTS = ("mei.ono", "lars.holm")
"""Who says of some answers that they are right."""


@dataclass(frozen=True)
class Gathering:
    """One discussion of the course."""

    key: str
    title: str
    intro: str
    week: int
    """The week of the course it stands in."""

    @property
    def link_id(self) -> str:
        """What the LMS calls the link to it."""
        return f"link-{self.key}"


def read_gatherings() -> tuple[Gathering, ...]:
    """The discussions of the other weeks, in the order in which they began."""
    return tuple(
        Gathering(entry["key"], entry["title"], entry["intro"], _week(entry["key"]))
        for entry in read_crowd()["discussion"]
    )


def _week(key: str) -> int:
    number = re.search(r"\d+", key)
    return int(number[0]) if number else 1


def read_talk(now: datetime) -> list[Move]:
    """Everything the many wrote, the earliest first; all of it before ``now``."""
    written = read_crowd()
    talk = _Talk(Words(written), writers(written), midnight(now))
    moves = [move for entry in written["discussion"] for move in talk.gathering(entry)]
    return sorted((move for move in moves if move.at < now), key=lambda move: move.at)


@dataclass
class _Talk:
    """Who says what when."""

    words: Words
    writers: Sequence[Writer]
    begin: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED + 1))  # noqa: S311

    def gathering(self, entry: dict[str, Any]) -> Iterator[Move]:
        """All threads of one discussion."""
        for number, thread in enumerate(entry["thread"]):
            first = entry["first_day"] + number * entry["days"] / (2 * len(entry["thread"]))
            last = entry["first_day"] + entry["days"]
            yield from self._thread(entry["key"], f"{entry['key']}-{number}", thread, (first, last))

    def _thread(
        self, place: str, key: str, thread: dict[str, Any], days: tuple[float, float]
    ) -> Iterator[Move]:
        author = self._somebody()
        by = thread.get("by", author.person.key)
        opened = self._daytime(days[0])
        yield OpenThread(
            opened,
            by,
            key,
            thread["title"],
            self.words.opening(thread["body"], author),
            place=place,
            kind=thread.get("kind", "discussion"),
            poll=tuple(thread.get("poll", ())),
        )
        yield from self._votes(key, opened, len(thread.get("poll", ())) - 1)
        introduces = "Introduce" in thread["title"]
        said = [(key, author, opened)]
        for number, at in enumerate(self._times(opened, days, thread["replies"]), start=1):
            to, answered, written = said[self._whom(len(said))]
            writer = self._somebody(other_than=answered)
            is_first = introduces and to == key
            text = self.words.introduction(writer) if is_first else self.words.answer(writer, answered)
            reply = f"{key}-{number}"
            moment = max(at, written + timedelta(minutes=2))
            yield Reply(moment, writer.person.key, reply, to, text)
            said.append((reply, writer, moment))
        yield from self._thanks(said[1:])
        if thread.get("kind") == "question" and self.chance.random() < 0.7:
            best, _writer, moment = self.chance.choice(said[1:9])
            yield Solve(moment + timedelta(hours=5), author.person.key, best)

    def _votes(self, key: str, opened: datetime, options: int) -> Iterator[Move]:
        """Who votes, if there is something to vote on."""
        for number, writer in enumerate(self.writers if options > 0 else ()):
            if self.chance.random() < 0.4:
                at = opened + timedelta(minutes=20 + 7 * number)
                choice = min(int(self.chance.expovariate(0.8)), options - 1)
                yield Vote(at, writer.person.key, key, choice)

    def _thanks(self, said: Sequence[tuple[str, "Writer", datetime]]) -> Iterator[Move]:
        """Every third answer has helped somebody, few have helped many; experts say of some that they are right."""
        for reply, writer, moment in said:
            if self.chance.random() < 0.2:
                for number in range(1, 1 + int(self.chance.expovariate(0.6))):
                    helped = self._somebody(other_than=writer)
                    yield Appreciate(moment + timedelta(hours=number), helped.person.key, reply, "helpful")
            if self.chance.random() < 0.02:
                expert = self.chance.choice(EXPERTS)
                yield Appreciate(moment + timedelta(hours=9), expert, reply, "endorsed")

    def _somebody(self, other_than: Writer | None = None) -> Writer:
        """A few write a lot, most now and then."""
        while True:
            found = self.writers[int(len(self.writers) * self.chance.random() ** 1.7)]
            if found is not other_than:
                return found

    def _whom(self, count: int) -> int:
        """The opening in four of ten cases, otherwise rather something new."""
        if count == 1 or self.chance.random() < 0.4:
            return 0
        return max(1, count - 1 - int(self.chance.expovariate(0.15))) if count > 1 else 0

    def _times(self, opened: datetime, days: tuple[float, float], count: int) -> list[datetime]:
        """Most answers come early."""
        length = days[1] - days[0]
        ahead = (min(self.chance.expovariate(2.2 / length), length - 0.1) for _ in range(count))
        times = (self._daytime(days[0] + day) for day in ahead)
        return sorted(max(at, opened + timedelta(minutes=5)) for at in times)

    def _daytime(self, day: float) -> datetime:
        """Between six in the morning and eleven at night."""
        minutes = int(self.chance.triangular(6 * 60, 23 * 60, 19 * 60))
        return self.begin + timedelta(days=int(day), minutes=minutes, seconds=self.chance.randint(0, 59))
