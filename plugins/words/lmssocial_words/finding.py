"""Finding the words of a list in a text, in time proportional to the text."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from lmssocial_words import reading
from lmssocial_words.entries import Action
from lmssocial_words.index import SHORTEST_SPREAD, Index, Node, Table
from lmssocial_words.lookalikes import DRAWN_ALIKE, LOOKALIKES, alphabet
from lmssocial_words.reading import Word

MOST_STEMMED = 2000
"""Different words of one text that begin like an inflected entry and are stemmed. No text of people comes near it; a
text of words made up to be slow is searched for the entries themselves from there on."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text where an entry of the list stands."""

    start: int
    end: int
    action: Action | None
    disguised: bool
    """Whether it is written so that it does not look like itself."""


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a word of the text may be: numbers of words of the list, and those it is only under a disguise."""

    ids: frozenset[int]
    disguised: frozenset[int]


_NOTHING = _Sense(frozenset(), frozenset())


def find(source: str, index: Index) -> list[Hit]:
    """Every place in ``source`` with an entry of ``index``, in order, each place once."""
    words = reading.words(source)
    senses = _Senses(index, words)
    hits = list(_phrases(source, words, [senses.of(word.raw) for word in words], index.phrases))
    if index.leet:
        signed = list(reading.signed(source))
        hits += _phrases(
            "", signed, [senses.as_signs(word.raw) for word in signed], index.phrases, single=True
        )
    hits += _spread(source, index)
    return _once_each(hits)


def _phrases(
    source: str, words: list[Word], senses: list[_Sense], root: Node, *, single: bool = False
) -> Iterator[Hit]:
    """The entries that begin at each word; with ``single``, only those of one word."""
    for first, sense in enumerate(senses):
        if not sense.ids:
            continue
        open_ends = [(root, first, False)]
        while open_ends:
            node, position, disguised = open_ends.pop()
            here = senses[position]
            for number in here.ids & node.then.keys():
                after = node.then[number]
                hidden = disguised or number in here.disguised
                for entry in after.entries:
                    yield Hit(words[first].start, words[position].end, entry.action, hidden)
                following = position + 1
                if single or not after.then or following == len(words):
                    continue
                if reading.is_gap(source[words[position].end : words[following].start]):
                    open_ends.append((after, following, hidden))


def _spread(source: str, index: Index) -> Iterator[Hit]:
    """Words written with their letters apart, and such words after words of one letter: ``I a b a d``."""
    for word in reading.spread(source):
        keys = {reading.plain(word.raw), reading.latin(word.raw)}
        keys |= {key[cut:] for key in keys for cut in (1, 2)}
        for key in keys:
            if len(key) >= SHORTEST_SPREAD:
                for entry in (
                    *index.joined.get(key, ()),
                    *index.alone(index.stems.ids(index.stems.candidates(key))),
                ):
                    yield Hit(word.start, word.end, entry.action, disguised=True)


def _once_each(hits: Iterable[Hit]) -> list[Hit]:
    """One hit for each place and action: the one in the open, if it was found both ways."""
    best: dict[tuple[int, int, Action | None], Hit] = {}
    for hit in hits:
        place = (hit.start, hit.end, hit.action)
        if place not in best or not hit.disguised:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.end))


class _Senses:
    """What each word of one text may be, worked out once for each different word."""

    def __init__(self, index: Index, words: list[Word]) -> None:
        """Look the words up; which alphabets the text is really written in is known only from all of them."""
        self._index = index
        self._known: dict[str, _Sense] = {}
        self._patience = MOST_STEMMED
        different = {word.raw for word in words}
        self._genuine = _alphabets_of(different)
        self._parts = self._find_parts(different) if index.parts else {}

    def of(self, raw: str) -> _Sense:
        """The sense of a word as it stands in the text."""
        if raw not in self._known:
            self._known[raw] = self._look_up(raw)
        return self._known[raw]

    def as_signs(self, raw: str) -> _Sense:
        """The sense of a word with signs in place of letters."""
        ids = frozenset().union(*(self._leet_ids(key) for key in _keys(raw)))
        return _Sense(ids, ids) if ids else _NOTHING

    def _look_up(self, raw: str) -> _Sense:
        key = reading.plain(raw)
        index = self._index
        openly = index.exact.get(key, set()) | self._inflected(key) | self._parts.get(key, set())
        hidden: set[int] = set()
        if not raw.isascii() and self._pretends(raw):
            latin = reading.latin(raw)
            hidden |= index.latin.get(latin, set()) | self._inflected(latin) | self._parts.get(latin, set())
        elif raw.isascii() and not self._genuine.get("LATIN", True):
            hidden |= index.latin.get(key, set())
        if index.leet and not key.isalpha():
            hidden |= self._leet_ids(key)
        if drawl := reading.drawled(key):
            hidden |= index.drawled.get(drawl, set())
        if not openly and not hidden:
            return _NOTHING
        dressed = key != raw.casefold() and not raw.isalpha() and any(map(alphabet, key))
        return _Sense(frozenset(openly | hidden), frozenset(openly | hidden if dressed else hidden - openly))

    def _inflected(self, key: str) -> set[int]:
        """Whose inflected form ``key`` is."""
        candidates = self._index.stems.candidates(key)
        self._patience -= len(candidates)
        return self._index.stems.ids(candidates) if candidates and self._patience >= 0 else set()

    def _leet_ids(self, key: str) -> set[int]:
        if not any(map(str.isalpha, key)):
            return set()
        forms = reading.leet(key)
        found = set().union(*(self._index.leet_forms.get(reading.either(form), set()) for form in forms))
        return found.union(*(self._inflected(form) for form in forms))

    def _pretends(self, raw: str) -> bool:
        """Whether ``raw`` mixes alphabets, or is in one that nothing else in the text is written in."""
        shown = reading.plain_case(raw)
        alphabets = {alphabet(letter) for letter in shown if letter.isalpha()}
        if len(alphabets) != 1:
            return True
        (only,) = alphabets
        return not self._genuine.get(only, False) and any(ord(letter) in LOOKALIKES for letter in shown)

    def _find_parts(self, different: set[str]) -> Table:
        """Which of the parts looked for are in which word: all words in one string, searched once for each part."""
        keys = sorted({key for raw in different for key in _keys(raw)})
        everything = "\n".join(keys) + "\n"
        starts = list(accumulate((len(key) + 1 for key in keys[:-1]), initial=0))
        found: Table = defaultdict(set)
        for part, must_end, number in self._index.parts:
            wanted = part + "\n" if must_end else part
            place = everything.find(wanted)
            while place >= 0:
                line = bisect_right(starts, place) - 1
                found[keys[line]].add(number)
                place = everything.find(wanted, starts[line] + len(keys[line]))
        return found


def _keys(raw: str) -> set[str]:
    return {reading.plain(raw)} if raw.isascii() else {reading.plain(raw), reading.latin(raw)}


def _alphabets_of(different: Iterable[str]) -> dict[str, bool]:
    """Alphabet → whether it is really written here: some word has letters that no other alphabet could stand in for."""
    genuine: dict[str, bool] = {}
    for raw in different:
        letters = [letter for letter in raw.lower() if letter.isalpha()]
        if raw.isascii():
            if not genuine.get("LATIN"):
                genuine["LATIN"] = not DRAWN_ALIKE.issuperset(letters)
            continue
        alphabets = {alphabet(letter) for letter in letters}
        if len(alphabets) == 1:
            (only,) = alphabets
            if not genuine.get(only):
                genuine[only] = any(ord(letter) not in LOOKALIKES for letter in letters)
    return genuine
