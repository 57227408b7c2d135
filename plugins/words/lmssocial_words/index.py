"""A list of unwanted words, arranged so that looking a word up takes the same time however long the list is."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import snowballstemmer

from lmssocial_words import reading
from lmssocial_words.entries import Entry, How, Wanted

ARABIC = "arabic"
_CLITICS = "وفبلك"
"""Conjunctions and prepositions that Arabic writes together with the next word."""
_LONGEST_STEMMED = 40
_CHANGING = 2
"""Letters at the end of a stem that inflection may change (y to i, and the like)."""
SHORTEST_SPREAD = 3
"""Letters a word must have to be looked for among letters that stand apart."""


@dataclass(slots=True)
class Node:
    """Where one is in the phrases after some words: what may follow, and what is complete here."""

    then: dict[int, "Node"] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


Table = dict[str, set[int]]


class Stems:
    """What words become without their endings, in several languages, by the Snowball stemmers."""

    def __init__(self, languages: Iterable[str]) -> None:
        """Take the stemmers of ``languages``; a name that Snowball does not know is passed over."""
        self._stemmers = {
            name: snowballstemmer.stemmer(name) for name in languages if name in snowballstemmer.algorithms()
        }
        self._ids: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._heads: dict[str, set[str]] = defaultdict(set)
        """How every form of a stem begins. Stemming is dear, so that most words of a text have to be spared it."""
        self._lengths: set[int] = set()

    def add(self, key: str, word_id: int) -> None:
        """Find ``word_id`` from now on for every inflected form of ``key``."""
        for language, stemmer in self._stemmers.items():
            stem = stemmer.stemWord(key)
            self._ids[language, stem].add(word_id)
            bare = _bare(stem)
            head = bare[:2] if language == ARABIC else bare[: max(2, len(bare) - _CHANGING)]
            self._heads[language].add(head)
            self._lengths.add(len(head))

    def candidates(self, key: str) -> list[tuple[str, str]]:
        """As what ``key`` may be an inflected form of one of ours, by its beginning: languages and forms."""
        if not self._ids or len(key) > _LONGEST_STEMMED or not key.isalpha():
            return []
        bare = _bare(key)
        beginnings = {bare[:length] for length in self._lengths}
        found = [
            (language, key) for language, heads in self._heads.items() if not beginnings.isdisjoint(heads)
        ]
        if self._heads.get(ARABIC):
            found = [one for one in found if one[0] != ARABIC]
            found += [(ARABIC, form) for form in self._arabic_forms(key)]
        return found

    def ids(self, candidates: list[tuple[str, str]]) -> set[int]:
        """Whose inflected forms they are. This is the dear part."""
        found: set[int] = set()
        for language, form in candidates:
            stem = self._stemmers[language].stemWord(form)
            if len(stem) == len(form) and stem != form:
                continue  # only the dots of its vowel were taken off, and with those it is another word
            found |= self._ids.get((language, stem), set())
        return found

    def _arabic_forms(self, key: str) -> list[str]:
        """``key`` with and without what is only written together with it, if it can be one of ours at all."""
        if not any(head in key for head in self._heads[ARABIC]):
            return []
        forms = [key]
        while len(forms) < 3 and len(forms[-1]) > 3 and forms[-1][0] in _CLITICS:
            forms.append(forms[-1][1:])
        return forms


class Index:
    """Every way in which the words of a list are found."""

    def __init__(self, entries: Iterable[Entry], languages: Iterable[str], *, leet: bool) -> None:
        """Arrange ``entries``.

        :param languages: whose inflection counts, by Snowball's names.
        :param leet: whether digits and signs may stand for letters.
        """
        self.leet = leet
        self.exact: Table = defaultdict(set)
        self.latin: Table = defaultdict(set)
        self.leet_forms: Table = defaultdict(set)
        self.drawled: Table = defaultdict(set)
        self.stems = Stems(languages)
        self.parts: list[tuple[str, bool, int]] = []
        """Part of a word, whether the word has to end in it, and whose it is."""
        self.joined: dict[str, list[Entry]] = defaultdict(list)
        self.phrases = Node()
        self._ids: dict[Wanted, int] = {}
        for entry in entries:
            self._add(entry)

    def alone(self, ids: Iterable[int]) -> list[Entry]:
        """The entries that are one word, and that one of ``ids``."""
        return [
            entry
            for number in ids
            if number in self.phrases.then
            for entry in self.phrases.then[number].entries
        ]

    def _add(self, entry: Entry) -> None:
        node = self.phrases
        for wanted in entry.words:
            node = node.then.setdefault(self._id(wanted), Node())
        node.entries.append(entry)
        joined = "".join(wanted.key for wanted in entry.words)
        if len(joined) >= SHORTEST_SPREAD:
            self.joined[joined].append(entry)

    def _id(self, wanted: Wanted) -> int:
        if wanted in self._ids:
            return self._ids[wanted]
        number = self._ids[wanted] = len(self._ids)
        key = wanted.key
        self.exact[key].add(number)
        self.latin[reading.latin(key)].add(number)
        self.drawled[reading.once(key)].add(number)
        if self.leet:
            self.leet_forms[reading.either(reading.leet(key)[0])].add(number)
        if wanted.how is How.INFLECTED:
            self.stems.add(key, number)
        elif wanted.how in {How.ENDING, How.PART}:
            self.parts.append((key, wanted.how is How.ENDING, number))
        return number


def _bare(word: str) -> str:
    """``word`` without accents and dots, which inflection may add."""
    return word if word.isascii() else reading.STROKES.sub("", unicodedata.normalize("NFD", word))
