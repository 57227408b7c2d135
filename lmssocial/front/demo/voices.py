"""The many in the demo course: 160 more people, and how each of them speaks.

They, their trades and their sentences stand in ``course/crowd.toml``; what they say is put together from these, always
the same way.
"""

import random
import re
import tomllib
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER, Cast, Part, Person, read_cast
from lmssocial.front.demo.script import DAYS

SIZE = 160
"""How many people."""
SEED = 201
_ASCII = str.maketrans({"ø": "o", "ı": "i", "ł": "l", "æ": "ae"})
_BEGINNING = re.compile(r"((?:^|[.?…]\s+|\n\n)[*“]*)([a-z])")


@dataclass(frozen=True)
class Trade:
    """What somebody works in, and the words for it."""

    trade: str
    other: str
    """Whom they sit across from."""
    thing: str
    """What it is about."""
    unit: str


def read_crowd() -> dict[str, Any]:
    """All that is written of them."""
    return tomllib.loads((COURSE_FOLDER / "crowd.toml").read_text("utf-8"))


def read_trades() -> list[dict[str, str]]:
    """The words of each trade, by the names that texts have for them."""
    names = ("trade", "other", "thing", "unit")
    return [dict(zip(names, entry, strict=True)) for entry in read_crowd()["trades"]]


def read_people() -> tuple[Person, ...]:
    """The many, in the order of the roster. Nine in ten have read along until some day of the course."""
    written, chance = read_crowd(), random.Random(SEED)  # noqa: S311 – names, not secrets
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


@dataclass(frozen=True)
class Voice:
    """Somebody of the many, as whoever puts texts together knows them."""

    key: str
    name: str


@dataclass(frozen=True)
class Writer:
    """One of the many, with the words of their trade."""

    person: Person
    trade: Trade

    @property
    def voice(self) -> Voice:
        """The same for others."""
        return Voice(self.person.key, self.person.name)


def writers(written: dict[str, Any]) -> list[Writer]:
    """Everybody of the many who has read along."""
    trades = [Trade(*entry) for entry in written["trades"]]
    return [
        Writer(person, trades[number % len(trades)])
        for number, person in enumerate(read_people())
        if person.seen is not None
    ]


class _Deck:
    """Draws from some sentences so that each comes as seldom as it can."""

    def __init__(self, cards: Sequence[str], chance: random.Random) -> None:
        self._cards, self._left, self._chance = tuple(cards), list[str](), chance

    def draw(self) -> str:
        if not self._left:
            self._left = self._chance.sample(self._cards, len(self._cards))
        return self._left.pop()


class Words:
    """Puts texts together."""

    def __init__(self, written: dict[str, Any], seed: int = SEED) -> None:
        """:param written: what stands in ``crowd.toml``."""
        self._chance = random.Random(seed)  # noqa: S311 – texts, not secrets
        names = ("hooks", "facts", "lessons", "closers", "short", "introduction")
        self._decks = {name: _Deck(written[name]["any"], self._chance) for name in names}

    def opening(self, body: str, writer: Writer) -> str:
        """The first post of a thread."""
        return self.filled(body, writer, writer)

    def introduction(self, writer: Writer) -> str:
        """Somebody says who they are."""
        return self.filled(self._decks["introduction"].draw(), writer, writer)

    def answer(self, writer: Writer, answered: Writer) -> str:
        """An answer to what ``answered`` wrote."""
        draw, odds = self._chance.random(), self._chance.random
        if draw < 0.17:
            return self.filled(self._decks["short"].draw(), writer, answered)
        parts = [self._decks["hooks"].draw()] if odds() < 0.75 else []
        parts.append(self._decks["facts"].draw())
        last = [
            self._decks[name].draw() for name, odd in (("lessons", 0.75), ("closers", 0.4)) if odds() < odd
        ]
        paragraphs = [" ".join(parts), " ".join(last)]
        return self.filled("\n\n".join(part for part in paragraphs if part), writer, answered)

    def filled(self, text: str, writer: Writer, answered: Writer, **more: str) -> str:
        """``text`` with the words of the writer's trade; ``{link1}`` and the like stay."""
        chance, trade = self._chance, writer.trade
        filled = text.format(
            **{f"link{number}": f"{{link{number}}}" for number in (1, 2, 3)},
            **more,
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


class Voices:
    """Some of the many, for other stories: who they are, and what they say."""

    def __init__(self, keys: Collection[str], seed: int) -> None:
        """:param keys: of those who take part."""
        written = read_crowd()
        self._words = Words(written, seed)
        self._writers = {writer.voice: writer for writer in writers(written) if writer.person.key in keys}
        self.all = list(self._writers)

    def say(self, text: str, voice: Voice, to: Voice | None = None, **more: str) -> str:
        """A written text in somebody's words."""
        writer = self._writers[voice]
        return self._words.filled(text, writer, self._writers[to or voice], **more)

    def answer(self, voice: Voice, to: Voice) -> str:
        """An answer to what ``to`` wrote."""
        return self._words.answer(self._writers[voice], self._writers[to])
