"""What somebody types into a search box, understood. Whatever it is, it asks for something or for nothing; no error.

Words must all be there, in any order, and beginnings of words are enough. ``"in quotes"`` they must stand like this;
``-word`` must not be there; ``author:ana`` or ``author:"Ana Ruiz"`` wrote it; ``#tag`` stands on it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lmssocial.social.search.words import MOST_TERMS, Term, fold, terms, words

LONGEST_QUERY = 400
"""Characters of a query that count."""

_PART = re.compile(
    r'(?P<minus>(?<!\S)-)?(?P<field>author:|#)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))', re.IGNORECASE
)


@dataclass(frozen=True)
class Asked:
    """A query."""

    terms: tuple[Term, ...] = ()
    """Words that must be there."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """Words that must stand one after the other, folded."""
    without: tuple[Term, ...] = ()
    """Words that must not be there."""
    authors: tuple[str, ...] = ()
    """Words, folded, that the author's name must have, as beginnings of its words."""
    tags: tuple[str, ...] = ()
    """Tags, folded, that must stand on it."""

    @property
    def has_words(self) -> bool:
        """Whether some words must be there."""
        return bool(self.terms or self.phrases)

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return self.has_words or bool(self.authors or self.tags)

    @property
    def marked(self) -> tuple[Term, ...]:
        """The words to mark where they are found."""
        inside = (Term(word, is_prefix=False) for phrase in self.phrases for word in phrase)
        return (*self.terms, *inside)


def understood(query: str) -> Asked:
    """``query`` as a value."""
    found: dict[str, Term] = {}
    phrases: dict[tuple[str, ...], None] = {}
    without: dict[str, Term] = {}
    authors: dict[str, None] = {}
    tags: dict[str, None] = {}
    for part in _PART.finditer(query[:LONGEST_QUERY]):
        text = part["quoted"] if part["quoted"] is not None else part["bare"]
        field = (part["field"] or "").lower()
        folded = tuple(word.folded for word in words(text))
        if not folded:
            continue
        if part["minus"]:
            without |= {term.word: term for term in _whole(folded)}
        elif field == "author:":
            authors |= dict.fromkeys(folded)
        elif field == "#" and part["quoted"] is None:
            tags[fold(text)] = None
        elif part["quoted"] is not None and len(folded) > 1:
            phrases[folded[:MOST_TERMS]] = None
        elif part["quoted"] is not None:
            found |= {term.word: term for term in _whole(folded)}
        else:
            for term in terms(text):
                found.setdefault(term.word, term)
    return Asked(
        tuple(list(found.values())[:MOST_TERMS]),
        tuple(list(phrases)[:MOST_TERMS]),
        tuple(list(without.values())[:MOST_TERMS]),
        tuple(list(authors)[:MOST_TERMS]),
        tuple(list(tags)[:MOST_TERMS]),
    )


def _whole(folded: tuple[str, ...]) -> Iterator[Term]:
    return (Term(word, is_prefix=False) for word in folded)


def replaced(query: str, corrections: dict[str, str]) -> str:
    """``query`` with some of its words, folded, replaced; everything else in it stays."""
    parts, position = [], 0
    for word in words(query):
        better = corrections.get(word.folded)
        if better is not None and word.start >= position:
            parts += [query[position : word.start], better]
            position = word.end
    return "".join([*parts, query[position:]])
