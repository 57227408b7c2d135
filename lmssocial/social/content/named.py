"""Names in running text: ``@Ana Ruiz``, ``#experience``, ``:smile:``.

They are looked for after everything else was understood, in words alone: never in code, in formulas, in links and in
addresses, and not behind a backslash.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import emoji
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LONGEST_TAG = 60
"""Characters of a tag without its ``#``."""

LONGEST_NAME = 200
"""Characters of a person's name."""

_LONGEST = LONGEST_NAME + 20
"""Characters that are looked at from a sign on."""
_WORDS_OF_A_NAME = 8
_ENDS_OF_A_WORD = 4
_SIGN = re.compile(r"[@#]|:(?=[a-z0-9+_-]{1,60}:)", re.IGNORECASE)
_BEFORE = frozenset("([{<«„“‘\"'¿¡*_~|–—")
_WORD = re.compile(r"\S+")
_EMOJI = re.compile(r":[a-z0-9+_-]{1,60}:", re.IGNORECASE)
_NUMBERED = re.compile(r"#(\d{1,10})(?!\w)", re.ASCII)

People = Mapping[str, int]
"""Who is meant: user ids by folded name, and by folded ``name#id`` where the name alone says too little."""

NOBODY: People = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What names in a text mean where it is published."""

    people: People = field(default_factory=lambda: NOBODY)
    placement_id: int = 0
    """Where its tags lead to; 0 for a text that nobody will see."""


NOTHING_KNOWN = Known()


@dataclass
class Names:
    """The names that were found in a text."""

    mentions: dict[int, str] = field(default_factory=dict)
    """User ids, and how the text names them; the shortest way, if there are several."""
    tags: dict[str, str] = field(default_factory=dict)
    """Folded tags, and how they were first written."""


def fold_name(text: str) -> str:
    """``text`` without case, as names of people and tags are compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def tag_href(placement_id: int, name: str) -> str:
    """The address of a tag. Like that of a file it is the same for everybody and for ever; it leads on to the list."""
    return f"/w/{placement_id}/tags/{quote(name, safe='')}"


def possible_names(text: str) -> Iterator[str]:
    """What the name that ``text`` begins with may be, the longest first; at most 40."""
    ends: list[int] = []
    for number, word in enumerate(_WORD.finditer(text[: LONGEST_NAME + 12])):
        if number == _WORDS_OF_A_NAME or (number and text[word.start() - 1] in "\n\r"):
            break
        found = [word.end()]
        for at in range(word.end() - 1, word.start(), -1):
            if not _goes_on(text[at]) and len(found) < _ENDS_OF_A_WORD:
                found.append(at)
        ends = found + ends
    return (text[:end] for end in ends)


def find_names(state: StateCore) -> None:
    """A rule for the parser: makes tokens of their own of the names in running text."""
    known, names = state.env["known"], state.env["names"]
    for block in state.tokens:
        if block.type == "inline" and block.children and _SIGN.search(block.content):
            block.children = list(_divided(block.children, known, names))


def _divided(children: list[Token], known: Known, names: Names) -> Iterator[Token]:
    links, before = 0, ""
    for token in children:
        links += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not links:
            yield from _parts(token, before, known, names)
        else:
            yield token
        before = token.content[-1:] if token.type in {"text", "text_special", "code_inline"} else ""


def _parts(token: Token, before: str, known: Known, names: Names) -> Iterator[Token]:
    text, done = token.content, 0
    for sign in _SIGN.finditer(text):
        at = sign.start()
        if at < done or _goes_on(text[at - 1] if at else before, also=_BEFORE):
            continue
        found = _READERS[text[at]](text[at : at + _LONGEST], known, names)
        if found is None:
            continue
        named, length = found
        if at > done:
            yield _token(token, "text", text[done:at])
        yield named
        done = at + length
    if not done:
        yield token
    elif done < len(text):
        yield _token(token, "text", text[done:])


def _goes_on(sign: str, also: frozenset[str] = frozenset()) -> bool:
    """Whether ``sign`` belongs to a word, or, given what else may stand before a name, keeps one from beginning."""
    if not sign:
        return False
    if also:
        return not (sign.isspace() or sign in also)
    return unicodedata.category(sign)[0] in "LMN" or sign == "_"


def _mention(text: str, known: Known, names: Names) -> tuple[Token, int] | None:
    if not known.people:
        return None
    for name in possible_names(text[1:]):
        numbered = _NUMBERED.match(text, 1 + len(name))
        written = name + (numbered.group() if numbered else "")
        for one in (written, name):
            if (user_id := known.people.get(fold_name(one))) is not None:
                earlier = names.mentions.get(user_id)
                names.mentions[user_id] = one if earlier is None else min(earlier, one, key=len)
                shown = one.rpartition("#")[0] or one if _NUMBERED.search(one) else one
                return _token(None, "mention", f"@{shown}"), 1 + len(one)
    return None


def tag_at(text: str) -> str | None:
    """The tag that ``text``, which begins with ``#``, begins with, as it is written; a letter comes first."""
    end = 1
    while end < len(text) and (_goes_on(text[end]) or (text[end] == "-" and end > 1)):
        end += 1
    word = text[1:end].rstrip("-")
    fits = word and unicodedata.category(word[0])[0] == "L" and len(word) <= LONGEST_TAG
    return word if fits and len(fold_name(word)) <= LONGEST_TAG else None


def _tag(text: str, known: Known, names: Names) -> tuple[Token, int] | None:
    word = tag_at(text)
    if word is None:
        return None
    name = fold_name(word)
    names.tags.setdefault(name, word)
    named = _token(None, "hashtag", f"#{word}")
    named.meta = {"href": tag_href(known.placement_id, name) if known.placement_id else ""}
    return named, 1 + len(word)


def _emoji(text: str, _known: Known, _names: Names) -> tuple[Token, int] | None:
    found = _EMOJI.match(text)
    if found is None or _goes_on(text[found.end() : found.end() + 1]):
        return None
    code = found.group()
    shown = emoji.emojize(code.lower(), language="alias")
    return None if shown == code.lower() else (_token(None, "text", shown), len(code))


_READERS = {"@": _mention, "#": _tag, ":": _emoji}


def _token(like: Token | None, kind: str, content: str) -> Token:
    return Token(kind, "", 0, content=content, level=like.level if like else 0)


def mention_html(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    """A person."""
    return f'<span class="mention">{escape(tokens[index].content)}</span>'


def tag_html(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    """A tag, leading to what else carries it."""
    words, href = escape(tokens[index].content), tokens[index].meta.get("href")
    return f'<a href="{escape(href)}" class="hashtag">{words}</a>' if href else words
