"""The many in the demo course: 160 more people, and what they wrote in the other weeks.

Nobody could write three thousand posts by hand and nobody would read them; so these are put together from the
sentences of ``course/crowd.toml``, always the same way, by people who stay in their trade.
"""

import random
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER, Cast, Part, Person, read_cast
from lmssocial.front.demo.script import (
    DAYS,
    Appreciate,
    Move,
    OpenThread,
    Reply,
    Solve,
    Vote,
    midnight,
)

SIZE = 160
"""How many people."""
EXPERTS = ("mei.ono", "lars.holm")
"""Who says of some answers that they are right."""
_SEED = 201
_ASCII = str.maketrans({"ø": "o", "ı": "i", "ł": "l", "æ": "ae"})
_BEGINNING = re.compile(r"((?:^|[.?…]\s+|\n\n)[*“]*)([a-z])")


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


@dataclass(frozen=True)
class Trade:
    """What somebody works in, and the words for it."""

    trade: str
    other: str
    """Whom they sit across from."""
    thing: str
    """What it is about."""
    unit: str


def _written() -> dict[str, Any]:
    return tomllib.loads((COURSE_FOLDER / "crowd.toml").read_text("utf-8"))


def read_gatherings() -> tuple[Gathering, ...]:
    """The discussions of the other weeks, in the order in which they began."""
    return tuple(
        Gathering(entry["key"], entry["title"], entry["intro"], _week(entry["key"]))
        for entry in _written()["discussion"]
    )


def _week(key: str) -> int:
    number = re.search(r"\d+", key)
    return int(number[0]) if number else 1


def read_trades() -> list[dict[str, str]]:
    """The words of each trade, by the names that texts have for them."""
    names = ("trade", "other", "thing", "unit")
    return [dict(zip(names, entry, strict=True)) for entry in _written()["trades"]]


def read_people() -> tuple[Person, ...]:
    """The many, in the order of the roster. Nine in ten have read along until some day of the course."""
    written, chance = _written(), random.Random(_SEED)  # noqa: S311 – names, not secrets
    given, family, trades = written["given"], written["family"], written["trades"]
    people = []
    for number in range(SIZE):
        first = given[number % len(given)]
        last = family[(number * 7 + number // len(given) * 11) % len(family)]
        people.append(
            Person(
                key=_key(first, last),
                given_name=first,
                family_name=last,
                part=Part.LEARNER,
                work=f"Works in {trades[number % len(trades)][0]}",
                seen=None if chance.random() < 0.1 else chance.randint(8, DAYS - 1),
            )
        )
    return tuple(people)


def read_everybody() -> Cast:
    """The written cast and the many."""
    cast = read_cast()
    return replace(cast, people=(*cast.people, *read_people()))


def _key(given: str, family: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}".lower().translate(_ASCII))
    return "".join(letter for letter in plain if letter.isascii())


def read_talk(now: datetime) -> list[Move]:
    """Everything the many wrote, the earliest first; all of it before ``now``."""
    written = _written()
    trades = [Trade(*entry) for entry in written["trades"]]
    writers = [
        _Writer(person, trades[number % len(trades)])
        for number, person in enumerate(read_people())
        if person.seen is not None
    ]
    talk = _Talk(_Words(written), writers, midnight(now))
    moves = [move for entry in written["discussion"] for move in talk.gathering(entry)]
    return sorted((move for move in moves if move.at < now), key=lambda move: move.at)


@dataclass(frozen=True)
class _Writer:
    person: Person
    trade: Trade


class _Deck:
    """Draws from some sentences so that each comes as seldom as it can."""

    def __init__(self, cards: Sequence[str], chance: random.Random) -> None:
        self._cards, self._left, self._chance = tuple(cards), list[str](), chance

    def draw(self) -> str:
        if not self._left:
            self._left = self._chance.sample(self._cards, len(self._cards))
        return self._left.pop()


class _Words:
    """Puts texts together."""

    def __init__(self, written: dict[str, Any]) -> None:
        self._chance = random.Random(_SEED)  # noqa: S311 – texts, not secrets
        names = ("hooks", "facts", "lessons", "closers", "short", "introduction")
        self._decks = {name: _Deck(written[name]["any"], self._chance) for name in names}

    def opening(self, body: str, writer: _Writer) -> str:
        """The first post of a thread."""
        return self._filled(body, writer, writer)

    def introduction(self, writer: _Writer) -> str:
        """Somebody says who they are."""
        return self._filled(self._decks["introduction"].draw(), writer, writer)

    def answer(self, writer: _Writer, answered: _Writer) -> str:
        """An answer to what ``answered`` wrote."""
        draw, odds = self._chance.random(), self._chance.random
        if draw < 0.17:
            return self._filled(self._decks["short"].draw(), writer, answered)
        parts = [self._decks["hooks"].draw()] if odds() < 0.75 else []
        parts.append(self._decks["facts"].draw())
        last = [
            self._decks[name].draw() for name, odd in (("lessons", 0.75), ("closers", 0.4)) if odds() < odd
        ]
        paragraphs = [" ".join(parts), " ".join(last)]
        return self._filled("\n\n".join(part for part in paragraphs if part), writer, answered)

    def _filled(self, text: str, writer: _Writer, answered: _Writer) -> str:
        chance, trade = self._chance, writer.trade
        filled = text.format(
            me=writer.person.name,
            name=answered.person.given_name,
            full=answered.person.name,
            trade=trade.trade,
            other=trade.other,
            thing=trade.thing,
            unit=trade.unit,
            number=chance.choice(("three", "four", "five", "six", "eight", "nine")),
            days=chance.choice(("14", "30", "45")),
            share=chance.choice(("four", "six", "nine", "twelve", "fifteen")),
        )
        return _BEGINNING.sub(lambda found: found[1] + found[2].upper(), filled)


@dataclass
class _Talk:
    """Who says what when."""

    words: _Words
    writers: Sequence[_Writer]
    begin: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED + 1))  # noqa: S311

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

    def _thanks(self, said: Sequence[tuple[str, "_Writer", datetime]]) -> Iterator[Move]:
        """Every third answer has helped somebody, few have helped many; experts say of some that they are right."""
        for reply, writer, moment in said:
            if self.chance.random() < 0.2:
                for number in range(1, 1 + int(self.chance.expovariate(0.6))):
                    helped = self._somebody(other_than=writer)
                    yield Appreciate(moment + timedelta(hours=number), helped.person.key, reply, "helpful")
            if self.chance.random() < 0.02:
                expert = self.chance.choice(EXPERTS)
                yield Appreciate(moment + timedelta(hours=9), expert, reply, "endorsed")

    def _somebody(self, other_than: _Writer | None = None) -> _Writer:
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
