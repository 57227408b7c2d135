"""What the pages say that can be checked: links, pictures, commands, settings."""

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]

PROMPT = re.compile(r"^\s*[$#] (.*)$")


def pages() -> list[Path]:
    """Every page people read: at the top, in docs/, and one for each plugin."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "plugins").glob("*/*.md")]
    return sorted(found)


def name(page: Path) -> str:
    """The page as the reports of tests name it."""
    return page.relative_to(ROOT).as_posix()


def targets(page: Path) -> Iterator[str]:
    """Where the page's links lead and where its pictures are."""
    for token in _inline(page):
        for attribute in ("href", "src"):
            if attribute in token.attrs:
                yield str(token.attrs[attribute])


def anchors(page: Path) -> set[str]:
    """What a link may name after ``#``, as code hosts derive it from headings."""
    tokens = _tokens(page)
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@dataclass(frozen=True)
class Command:
    """One command as a page shows it."""

    page: str
    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """What is run."""
        return Path(self.words[0]).name

    def __str__(self) -> str:
        """For the reports of tests."""
        return f"{self.page}: {shlex.join(self.words)}"


def commands(page: Path) -> list[Command]:
    """The commands of the page's console blocks, continued lines joined, each of several on a line by itself."""
    found = []
    for token in _tokens(page):
        if token.type == "fence" and token.info == "console":
            text = re.sub(r"\\\n\s*", "", token.content)
            for line in text.splitlines():
                if match := PROMPT.match(line):
                    found += [Command(name(page), words) for words in _each(match[1])]
    return found


def _each(line: str) -> Iterator[tuple[str, ...]]:
    """The commands of a line that joins them with ``&&``."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    for joined, words in itertools.groupby(lexer, key="&&".__eq__):
        if not joined:
            yield tuple(words)


def code(page: Path) -> Iterator[str]:
    """The words that stand between backticks in the page's sentences and tables."""
    return (token.content for token in _inline(page) if token.type == "code_inline")


def _inline(page: Path) -> Iterator[Token]:
    return (child for token in _tokens(page) for child in token.children or ())


def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))
