"""A term of talk about work, before and beside the written weeks, so that there is something to look back on.

Put together from ``course/term.toml`` with the voices of the crowd, always the same way. A few bring people to people,
a few collect what others wrote, some look after what was left over; most read, ask and answer.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER
from lmssocial.front.demo.crowd import Gathering
from lmssocial.front.demo.script import DAYS, Appreciate, Move, OpenThread, ReadOn, Reply, Solve, midnight
from lmssocial.front.demo.voices import Voice, Voices, read_people

_SEED = 77
STAFF = ("tom.berg", "sofia.lind", "mei.ono", "lars.holm")
"""Who teaches or helps to; they answer here as well."""
LATELY = 37
"""Of so many days a quick demo tells who read what: a window of the report, and what came just before."""
CARETAKERS, COLLECTORS, CONNECTORS = 7, 7, 7
"""How many of the people look after others, collect what was written, and bring people together."""


def _written() -> dict[str, Any]:
    return tomllib.loads((COURSE_FOLDER / "term.toml").read_text("utf-8"))


def from_work() -> Gathering:
    """The discussion it all happens in."""
    written = _written()
    return Gathering(written["key"], written["title"], written["intro"], written["week"])


def read_term(now: datetime, *, quick: bool = False) -> list[Move]:
    """Everything that happened there, the earliest first; all of it before ``now``.

    :param quick: whether it is told only of the last days who read what (:data:`LATELY`), as that is most of all moves.
    """
    written = _written()
    seen = [person.key for person in read_people() if person.seen is not None]
    table = _Table(written, Voices(set(seen[: written["people"]]), _SEED), midnight(now))
    moves = [move for number in range(len(written["thread"])) for move in table.thread(number)]
    moves += table.collections()
    posts = [move for move in moves if isinstance(move, OpenThread | Reply)]
    first = DAYS - LATELY if quick else written["first_day"]
    moves += table.readings(sorted(posts, key=lambda move: move.at), first)
    return sorted((move for move in moves if move.at < now), key=lambda move: move.at)


@dataclass(frozen=True)
class _Said:
    key: str
    by: Voice
    at: datetime

    @property
    def late(self) -> bool:
        """Whether it stands so far down in its thread that many have not read it yet."""
        return int(self.key.rpartition("-")[2]) >= 7


@dataclass
class _Table:
    written: dict[str, Any]
    voices: Voices
    begin: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))  # noqa: S311 – a story, no secret
    said: list[_Said] = field(default_factory=list)
    """What was written, as far as it was put together."""
    known: set[Voice] = field(default_factory=set)
    """Who has written before."""

    def __post_init__(self) -> None:
        people = self.chance.sample(self.voices.all, len(self.voices.all))
        self.caretakers = people[:CARETAKERS]
        self.collectors = people[CARETAKERS : CARETAKERS + COLLECTORS]
        self.connectors = people[CARETAKERS + COLLECTORS :][:CONNECTORS]
        self.length = DAYS - self.written["first_day"]

    def thread(self, number: int) -> Iterator[Move]:
        """One thread, with its answers over ten days."""
        entry, threads = self.written["thread"][number], len(self.written["thread"])
        opened = self._daytime(self.written["first_day"] + number * (self.length - 9) / threads)
        author = self._somebody(opened)
        key = f"{self.written['key']}-{number}"
        yield OpenThread(
            opened,
            author.key,
            key,
            self.voices.say(entry["title"], author),
            self.voices.say(entry["body"], author),
            place=self.written["key"],
            kind=entry.get("kind", "discussion"),
            poll=tuple(entry.get("poll", ())),
        )
        answers = [_Said(key, author, opened)]
        late = number % 3 == 2
        pause = timedelta(days=2.4) if late else timedelta(hours=1)
        for place, hours in enumerate(
            sorted(self.chance.expovariate(1 / 55) for _ in range(entry["replies"]))
        ):
            at = opened + pause + timedelta(hours=min(hours, 230), minutes=place)
            yield from self._answer(f"{key}-{place + 1}", self._usual(at), answers, late=late)
        yield from self._thanks(answers, solved=entry.get("kind") == "question")
        self.said += answers

    def _answer(self, key: str, at: datetime, answers: list[_Said], *, late: bool) -> Iterator[Move]:
        """One answer, and who it comes from: the first of a late one, or to somebody new, from those who care."""
        to = answers[0] if self.chance.random() < 0.5 else self.chance.choice(answers)
        at = max(at, to.at + timedelta(minutes=7))
        earlier = [
            post for post in self.said if post.at < at - timedelta(days=3) and post.by != to.by and post.late
        ]
        draw, first = self.chance.random(), len(answers) == 1
        if first and (late or draw < 0.6):
            writer, text = self._other(self.caretakers, to.by), "late" if late else "welcome"
        elif draw < 0.28 and earlier:
            writer, text = self._other(self.connectors, to.by), "point"
        elif draw < 0.52:
            writer, text = self._other(self.connectors, to.by), "bring"
        else:
            writer, text = self._somebody(at, other_than=to.by), ""
        if not text:
            yield Reply(at, writer.key, key, to.key, self.voices.answer(writer, to.by))
        else:
            call = self._somebody(at, other_than=to.by)
            words = self.voices.say(
                self.chance.choice(self.written[text]["any"]), writer, to.by, call=call.name
            )
            links = (self.chance.choice(earlier).key,) if text == "point" else ()
            yield Reply(at, writer.key, key, to.key, words, links=links)
            if links:
                yield ReadOn(
                    at + timedelta(hours=self.chance.randint(2, 40)), to.by.key, links[0], 1, via="link"
                )
            if text == "bring" and call != writer and self.chance.random() < 0.75:
                said = at + timedelta(hours=self.chance.randint(3, 50))
                yield Reply(said, call.key, f"{key}0", key, self.voices.answer(call, writer))
        answers.append(_Said(key, writer, at))
        yield from self._greeting(key, writer, at)
        self.known.add(writer)

    def _greeting(self, key: str, writer: Voice, at: datetime) -> Iterator[Move]:
        """Most who write for the first time are answered by somebody who cares, on the same day or the next."""
        if writer in self.known or self.chance.random() > 0.95:
            return
        by = self._other(self.caretakers, writer)
        words = self.voices.say(self.chance.choice(self.written["welcome"]["any"]), by, writer)
        yield Reply(at + timedelta(hours=self.chance.randint(1, 30)), by.key, f"{key}00", key, words)

    def _thanks(self, answers: Sequence[_Said], *, solved: bool) -> Iterator[Move]:
        """What others said of the answers."""
        for answer in answers[1:]:
            if self.chance.random() < 0.25:
                helped = self._somebody(answer.at, other_than=answer.by)
                yield Appreciate(answer.at + timedelta(hours=5), helped.key, answer.key, "helpful")
        if solved and len(answers) > 3 and self.chance.random() < 0.6:
            best = next((one for one in answers[2:] if one.by != answers[0].by), None)
            if best is not None:
                yield Solve(best.at + timedelta(days=1), answers[0].by.key, best.key)

    def collections(self) -> Iterator[Move]:
        """Every other week, some of those who collect say what was worth reading, in a thread of their own."""
        for number, week in enumerate(range(2, self.length // 7)):
            at = self._daytime(self.written["first_day"] + 7 * week + number % 5)
            for who in self.collectors[number % 2 :: 2]:
                earlier = [
                    post for post in self.said if at - timedelta(days=14) < post.at < at and post.by != who
                ]
                if len({post.by.key for post in earlier}) < 3:
                    continue
                by_author = {post.by.key: post for post in self.chance.sample(earlier, len(earlier))}
                links = tuple(post.key for post in list(by_author.values())[:3])
                words = self.voices.say(self.chance.choice(self.written["collect"]["any"]), who)
                key = f"{self.written['key']}-kept-{week}-{who.key}"
                title = f"Worth reading, week {week}: {who.name.split()[0]}'s three"
                moment = at + timedelta(minutes=40 * self.collectors.index(who))
                yield OpenThread(moment, who.key, key, title, words, place=self.written["key"], links=links)

    def readings(self, posts: Sequence[OpenThread | Reply], first: int) -> Iterator[Move]:
        """Who read what from a day on: many come on two or three days of a week, some hardly ever."""
        threads = [post for post in posts if isinstance(post, OpenThread)]
        keen = {voice.key: self.chance.betavariate(2, 2) for voice in self.voices.all}
        readers = [voice.key for voice in self.voices.all] + list(STAFF)
        for day in range(first, DAYS):
            at = self._daytime(day)
            recent = [thread for thread in threads if at - timedelta(days=12) < thread.at < at]
            for number, reader in enumerate(readers):
                if not recent or self.chance.random() > 0.42 * keen.get(reader, 0.8):
                    continue
                thread, many = self.chance.choice(recent), self.chance.randint(3, 12)
                yield ReadOn(at + timedelta(minutes=number), reader, thread.key, many)

    def _somebody(self, at: datetime, other_than: Voice | None = None) -> Voice:
        """A few write a lot, most now and then; every week some find their way here, and write soon."""
        passed = (at - self.begin).total_seconds() / 86400 - self.written["first_day"]
        here = self.voices.all[: max(12, int(len(self.voices.all) * (0.2 + 0.8 * passed / self.length)))]
        new = [voice for voice in here if voice not in self.known]
        while True:
            found = here[int(len(here) * self.chance.random() ** 1.6)]
            if new and self.chance.random() < 0.36:
                found = new[0]
            if found != other_than:
                return found

    def _other(self, some: Sequence[Voice], than: Voice) -> Voice:
        return self.chance.choice([one for one in some if one != than])

    def _daytime(self, day: float) -> datetime:
        minutes = int(self.chance.triangular(6 * 60, 22 * 60, 18 * 60))
        return self.begin + timedelta(days=int(day), minutes=minutes, seconds=self.chance.randint(0, 59))

    def _usual(self, at: datetime) -> datetime:
        """The same moment, moved out of the night."""
        return at + timedelta(hours=7) if at.hour < 6 else at
