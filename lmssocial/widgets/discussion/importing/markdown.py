"""HTML of other systems as Markdown. What is left is cooked and sanitised like anything a member writes."""

import re
from collections import Counter
from typing import Any
from warnings import catch_warnings, simplefilter

from bs4 import BeautifulSoup, Comment
from markdownify import MarkdownConverter

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.text import is_blank, tidy
from lmssocial.widgets.discussion.importing.past import Loss

MOST_HTML = 500_000
"""Characters of HTML that are looked at; no honest post has them."""

_SILENT = ("script", "style", "template", "noscript", "head", "title")
"""Elements whose content nobody was meant to read."""
_EMBEDDED = ("iframe", "object", "embed", "video", "audio", "canvas", "form", "svg", "math")
_HREF = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_APART = re.compile(r"(https?://[^\s<>\"]+|[$#@])")
"""Addresses, which stay as they are, and signs that mean something in our Markdown and in nobody else's."""


class _Converter(MarkdownConverter):
    """HTML to our Markdown."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-", escape_misc=True)

    def escape(self, text: str, tags: Any) -> str:
        """Words that look like markup stay words."""
        escaped = super().escape  # type: ignore[misc]  # its types do not say so
        return "".join(
            part if part.startswith("http") and odd else f"\\{part}" if odd else escaped(part, tags)
            for odd, part in ((number % 2, part) for number, part in enumerate(_APART.split(text or "")))
        )

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
        """A power, in the way that is typed."""
        del el, parent_tags
        return f"^{text}" if text.strip() else ""

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        """What it shows, where that was said; the picture itself stays behind."""
        del text
        said = " ".join(str(el.get("alt") or "").split())
        return f"*{self.escape(said, parent_tags)}*" if said else ""

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        """A link, unless it leads into the system that was left."""
        if not _HREF.match(str(el.get("href") or "").strip()):
            return text
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]


def to_markdown(text: str, *, is_html: bool, losses: Counter[Loss]) -> str:
    """``text`` as tidied Markdown that fits into a contribution; what did not come along is counted in ``losses``."""
    if is_html:
        if len(text) > MOST_HTML:
            losses[Loss.CUT] += 1
            text = text[:MOST_HTML]
        text = _converted(text, losses)
    text = tidy(text)
    if len(text) > MAX_SOURCE:
        losses[Loss.CUT] += 1
        text = text[: MAX_SOURCE - 2].rstrip() + " …"
    if is_blank(text):
        losses[Loss.EMPTY] += 1
        return _("(This post had no text.)")
    return text


def _converted(html: str, losses: Counter[Loss]) -> str:
    if "<" not in html and "&" not in html:
        return str(_Converter().escape(html, set()))
    with catch_warnings():
        simplefilter("ignore")  # that a post is only an address, or looks like XML, is all the same to us
        soup = BeautifulSoup(html, "html.parser")
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()
    for element in soup.find_all([*_SILENT, *_EMBEDDED]):
        if not element.decomposed:
            losses[Loss.EMBEDDED] += element.name in _EMBEDDED
            element.decompose()
    losses[Loss.PICTURES] += len(soup.find_all("img"))
    try:
        return str(_Converter().convert_soup(soup))
    except RecursionError:
        losses[Loss.EMBEDDED] += 1
        return soup.get_text("\n")
