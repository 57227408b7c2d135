"""How files stand in Markdown, and what readers get in their place.

The HTML of a post is cooked once and is the same for everybody, so the address in it has to stay right for ever and
for everybody: ``/w/<placement>/files/<id>``. It is no secret and carries no signature. A signed address that
expires would have to be put in anew for each reader and hour, which is the end of cooked HTML and of every cache; and
whoever gets hold of one reads the file until it expires, whatever was decided since. Here each request comes with the
reader's own sign-in, and the view asks the rights of the post in that moment, before it leads on to where the bytes
are (:mod:`.signed`): a post that was removed a second ago leads nobody to its files.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from markdown_it.token import Token

from lmssocial.social.content.media import TYPES

SCHEME = "attachment:"
"""What links to files begin with: ``attachment:7``."""

_LINK = re.compile(rf"{SCHEME}(\d{{1,10}})", re.ASCII)
_MARKUP = re.compile(r"([\\\[\]`*_<>$~])")
_LABELS = {kind.media_type: kind.label for kind in TYPES if not kind.media_type.startswith("text/")}
_PICTURES = frozenset(kind.media_type for kind in TYPES if kind.is_picture)


@dataclass(frozen=True, kw_only=True)
class FileView:
    """A file as readers get to see it."""

    id: int
    href: str
    name: str
    media_type: str
    size: int
    alt: str = ""
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is shown, and not only linked."""
        return self.media_type in _PICTURES

    @property
    def facts(self) -> str:
        """What a reader wants to know before following a link: ``PDF, 120 kB``."""
        label = _LABELS.get(self.media_type) or self.name.rpartition(".")[2].upper()
        if self.size < 1_000_000:
            return f"{label}, {max(1, round(self.size / 1000))} kB"
        return f"{label}, {self.size / 1_000_000:.1f} MB"

    @property
    def markdown(self) -> str:
        """What stands in the text for it."""
        words = _MARKUP.sub(r"\\\1", self.alt if self.is_picture else self.name)
        return f"{'!' if self.is_picture else ''}[{words}]({SCHEME}{self.id})"


Files = Mapping[int, FileView]
"""The files that a text may show, by id."""

NO_FILES: Files = MappingProxyType({})


def id_in(href: str) -> int | None:
    """The file that an address in Markdown names; ``None`` if it leads elsewhere."""
    found = _LINK.fullmatch(href)
    return int(found.group(1)) if found else None


def picture_html(file: FileView | None, words: str) -> str:
    """A picture, with room kept for it; ``words`` stand for it where it is not seen, or else its own description.

    Of a file that is not known here, only the words are left; of one that is no picture, a link.
    """
    if file is None:
        return escape(words)
    if not file.is_picture:
        facts = f' <span class="file-facts">({escape(file.facts)})</span>'
        return f"{link_start(file)}{escape(words or file.name)}</a>{facts}"
    alt = escape(words or file.alt)
    return (
        f'<img src="{escape(file.href)}" alt="{alt}" width="{file.width or 0}" height="{file.height or 0}" '
        'loading="lazy">'
    )


def link_start(file: FileView) -> str:
    """The beginning of a link to a file. It stays in the frame: the sign-in may not hold in a new tab."""
    return f'<a href="{escape(file.href)}" class="file">'


def facts_after(tokens: Sequence[Token], index: int, files: Files) -> str:
    """What stands behind the link that ends at ``index``, if it leads to a file."""
    for token in reversed(tokens[:index]):
        if token.type == "link_open":
            file = files.get(id_in(str(token.attrGet("href") or "")) or 0)
            return "" if file is None else f' <span class="file-facts">({escape(file.facts)})</span>'
    return ""
