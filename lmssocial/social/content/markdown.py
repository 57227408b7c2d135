"""Markdown to safe HTML, to plain words and to the list of its links, in one pass.

CommonMark with tables, ~~strikes~~, bare links, formulas between dollars, footnotes and task lists. A line break stays
a line break. Left out, because people make them by accident: underlined headings, code by indentation. Pictures from
elsewhere become links: they would tell that place who reads here. Files that the author attached are shown. People,
tags and codes for emoji are found in the running text (:mod:`.named`).
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from lmssocial.social.content import files as attached
from lmssocial.social.content import named
from lmssocial.social.content.files import NO_FILES, Files
from lmssocial.social.content.highlight import highlight
from lmssocial.social.content.mathml import formula
from lmssocial.social.content.named import NOTHING_KNOWN, Known, Names
from lmssocial.social.content.references import path_here
from lmssocial.social.content.sanitise import sanitise

COOKED_VERSION = 5
"""Raised whenever the same source would become other HTML; older HTML is then cooked again."""

MAX_SOURCE = 20_000
"""The most characters of Markdown in one contribution."""

MAX_HTML = 200_000
"""Characters of HTML above which a contribution is shown as it was typed: no honest one comes near."""

MAX_NESTING = 20
"""Levels of quotes and lists (each list has two) above which a contribution is shown as it was typed."""

NARROW = 34
"""Characters that fit into the narrowest frame; wider code and formulas scroll, and so need a tab stop."""

_WWW = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#][^\s<>\"]*[^\s<>\"'.,;:!?)\]*_~])?/?")
_HARMLESS_LINK = re.compile(r"(?:https?://|mailto:|attachment:\d+$|#fn|/(?![/\\]))", re.IGNORECASE)
_DIRECTED = {"paragraph_open", "heading_open", "list_item_open", "th_open", "td_open"}
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5"}
_SAID = {"text", "code_inline", "math_inline", "math_inline_double", "mention", "hashtag"}
_CONTAINERS = {"blockquote_open", "list_item_open", "footnote_reference_open", "footnote_open"}
_BLOCK_ENDS = {"paragraph_close", "heading_close", "list_item_close", "tr_close", "blockquote_close"}


@dataclass(frozen=True)
class Cooked:
    """A source, understood."""

    html: str
    """Safe to put into a page as it is."""
    text: str
    """The words alone, a line for each block: for searching, excerpts and policies."""
    links: tuple[str, ...]
    """The addresses in it, in order, each as often as it occurs."""
    names: Names = field(default_factory=Names)
    """The people and tags in it."""


def render(source: str, files: Files = NO_FILES, known: Known = NOTHING_KNOWN) -> Cooked:
    """Understand ``source``, which has been tidied.

    :param files: those that it may show.
    :param known: the people it may name, and where its tags lead to.
    :raises ValueError: if it is longer than :data:`MAX_SOURCE`; forms see to it that people never meet this.
    """
    if len(source) > MAX_SOURCE:
        raise ValueError(f"{len(source)} characters of Markdown; at most {MAX_SOURCE} are rendered")
    parser = _parser()
    # Footnotes need ids that no other contribution on the page has; the same words twice may share them.
    env: dict[str, Any] = {
        "docId": hashlib.sha256(source.encode()).hexdigest()[:10],
        "files": files,
        "known": known,
        "names": (names := Names()),
    }
    tokens = parser.parse(source, env)
    html = sanitise(parser.renderer.render(tokens, parser.options, env)).strip()
    if (too_deep := _is_too_deep(tokens)) or len(html) > MAX_HTML:
        html = f'<pre dir="ltr" tabindex="0"><code>{escape(source)}</code></pre>'
    links = tuple(link for link in _links(tokens) if link and attached.id_in(link) is None)
    return Cooked(html, source.strip() if too_deep else _words(tokens), links, names)


def cook(source: str, files: Files = NO_FILES, known: Known = NOTHING_KNOWN) -> str:
    """The safe HTML of ``source``; see :func:`render`."""
    return render(source, files, known).html


def plain_text(source: str) -> str:
    """The words of ``source`` without markup; see :func:`render`."""
    return render(source).text


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    settings = {"html": False, "breaks": True, "linkify": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", settings)
    parser.enable(["table", "strikethrough", "linkify"])
    parser.disable(["code", "lheading", "html_block", "html_inline"])
    # Only what is written as an address becomes one: "notes.py" and "e.g." do not.
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})  # type: ignore[union-attr]
    parser.linkify.add("www.", {"validate": _www, "normalize": _with_scheme})  # type: ignore[union-attr]
    parser.validateLink = lambda url: bool(_HARMLESS_LINK.match(url.strip()))  # type: ignore[method-assign]
    dollarmath_plugin(
        parser,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    footnote_plugin(parser, inline=False)
    tasklists_plugin(parser, label=True)
    parser.core.ruler.after("linkify", "names", named.find_names)
    parser.core.ruler.push("lmssocial", _shape)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _www(_linkify: Any, text: str, position: int) -> int:
    """How many characters after ``www.`` belong to the address."""
    found = _WWW.match(text, position)
    return len(found.group()) if found else 0


def _with_scheme(_linkify: Any, match: Any) -> None:
    match.url = f"https://{match.url}"


def _shape(state: Any) -> None:
    """Fit the tokens into a page: below its headings, in the direction of their own words."""
    for number, token in enumerate(state.tokens):
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")
        if token.type in {"heading_open", "heading_close"}:
            token.tag = _HEADINGS.get(token.tag, "h6")
        elif token.type == "th_open":
            _head_cell(token, state.tokens[number + 1 : number + 3])
        if token.type in {"th_open", "td_open"}:
            alignment = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if alignment:
                token.attrSet("align", alignment)


def _head_cell(cell: Token, content_and_end: Sequence[Token]) -> None:
    """A cell that heads its column; an empty one heads nothing and is an ordinary cell."""
    content, end = content_and_end
    if content.content.strip():
        cell.attrSet("scope", "col")
    else:
        cell.tag = end.tag = "td"


def _link_open(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    href = str(tokens[index].attrGet("href") or "")
    if (file_id := attached.id_in(href)) is not None:
        file = env["files"].get(file_id)
        return "<a>" if file is None else attached.link_start(file)
    if (path := path_here(href)) is not None:  # stays in the frame: the sign-in may not hold in a new tab
        return f'<a href="{escape(path)}">'
    return f'<a href="{escape(href)}" target="_blank">' if href else "<a>"


def _link_close(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    return "</a>" + (attached.facts_after(tokens, index, env["files"]) if env["files"] else "")


def _image(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    href, words = str(token.attrGet("src") or ""), "".join(_inline_words(token.children or ())).strip()
    if (file_id := attached.id_in(href)) is not None:
        return attached.picture_html(env["files"].get(file_id), words)
    return f'<a href="{escape(href)}" target="_blank">{escape(words or href)}</a>' if href else escape(words)


def _fence(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    wide = any(len(line) > NARROW for line in token.content.splitlines())
    code = highlight(token.content, (token.info.split() or [""])[0])
    return f'<pre class="highlight" dir="ltr"{_tab_stop(wide=wide)}><code>{code}</code></pre>\n'


def _table_open(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    head = takewhile(lambda token: token.type != "thead_close", tokens[index:])
    columns = sum(token.type == "th_open" for token in head)
    return f'<div class="table-frame"{_tab_stop(wide=columns > 2)}><table>\n'


def _table_close(_self: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"


def _math_inline(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f'<span class="math">{formula(tokens[index].content.strip(), block=False)}</span>'


def _math_block(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    tex = tokens[index].content.strip()
    return f'<div class="math"{_tab_stop(wide=len(tex) > NARROW)}>{formula(tex, block=True)}</div>\n'


def _footnote_ref(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    name = self.rules["footnote_anchor_name"](tokens, index, options, env)
    again = tokens[index].meta.get("subId", 0)
    own = f"{name}:{again}" if again else name
    link = f'<a href="#fn{name}" id="fnref{own}" role="doc-noteref">{tokens[index].meta["id"] + 1}</a>'
    return f'<sup class="footnote-ref">{link}</sup>'


def _footnote_block_open(_self: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return '<section class="footnotes" role="doc-endnotes"><ol>\n'


def _footnote_block_close(_self: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return "</ol></section>\n"


def _footnote_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<li id="fn{self.rules["footnote_anchor_name"](tokens, index, options, env)}" dir="auto">'


def _footnote_anchor(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    name = self.rules["footnote_anchor_name"](tokens, index, options, env)
    target = f"#fnref{name}:{again}" if (again := tokens[index].meta["subId"]) else f"#fnref{name}"
    return f' <a href="{target}" class="footnote-backref" role="doc-backlink">↩\ufe0e</a>'


_RULES = {
    "link_open": _link_open,
    "link_close": _link_close,
    "image": _image,
    "fence": _fence,
    "table_open": _table_open,
    "table_close": _table_close,
    "math_inline": _math_inline,
    "math_inline_double": _math_inline,
    "math_block": _math_block,
    "footnote_ref": _footnote_ref,
    "footnote_block_open": _footnote_block_open,
    "footnote_block_close": _footnote_block_close,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_anchor,
    "mention": named.mention_html,
    "hashtag": named.tag_html,
}


def _tab_stop(*, wide: bool) -> str:
    return ' tabindex="0"' if wide else ""


def _is_too_deep(tokens: Iterable[Token]) -> bool:
    """Whether the parser dropped words: it does in the deepest block that it opens."""
    return any(token.type in _CONTAINERS and token.level >= MAX_NESTING - 1 for token in tokens)


def _words(tokens: Iterable[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts.extend(_inline_words(token.children or ()))
        elif token.type in {"fence", "math_block"}:
            parts.append(token.content.strip() + "\n")
        elif token.type in {"th_close", "td_close"}:
            parts.append(" ")
        elif token.type in _BLOCK_ENDS:
            parts.append("\n")
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(parts)).strip()


def _inline_words(children: Iterable[Token]) -> Iterable[str]:
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "image":
            yield from _inline_words(child.children or ())
        elif child.type in _SAID:
            yield child.content


def _links(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrGet("href") or "")
        elif token.type == "image":
            yield str(token.attrGet("src") or "")
        yield from _links(token.children or ())
