"""A report as PDF/UA-1: tagged, with bookmarks, a language, and words for every picture.

Words of people travel as data beside the layout (``report.typ``) and are never part of it, so that none of them becomes
markup. PDF/UA-1 (ISO 14289-1 §7.21.4.1) asks that every character is there in a font; those that no font of the machine
has are written as their number, which says that something stands there, and the report says so.
"""

import json
import logging
import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import typst
from flask_babel import force_locale

from lmssocial.plugin import gettext as _
from lmssocial_reporting.report.document import Document
from lmssocial_reporting.report.layout import Block, Shape, blocks
from lmssocial_reporting.report.tables import TableOf

log = logging.getLogger(__name__)

FONTS = (
    "Noto Sans",
    "Libertinus Serif",
    "DejaVu Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Emoji",
    "DejaVu Sans Mono",
)
"""In which fonts a character is looked for, in this order. Libertinus and the Mono come with the wheel of typst."""

_STANDARD: list[Any] = ["ua-1"]
_PROBE = b'#let it = json("it.json")\n#set document(title: "-")\n#set text(font: it.fonts)\n#it.words'
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MAY_BREAK = "\u200b"
"""Where a line may end (zero width space)."""
_ADDRESS = re.compile(r"https?://\S+")
_PIECE = re.compile(r"[^\W_]{0,11}[/?&=#%+._~:;,@-]+|[^\W_]{12}")
"""A piece of an address: a line may end after it."""
_ONE_AT_A_TIME = threading.Lock()
"""A report takes some hundredths of a second of one processor: several at once would only slow each other."""


def pdf_of(document: Document, *, published_by: str = "") -> bytes:
    """The report as a PDF, all of it in the language of the report; the same report gives the same file.

    :param published_by: a name; empty for a draft.
    """
    with force_locale(document.language):
        content = _clean(
            {
                "title": document.title,
                "language": document.language.split("_")[0],
                "footer": _footer(document),
                "fonts": fonts(),
                "blocks": [_part(block) for block in blocks(document, published_by=published_by)],
            }
        )
        with _ONE_AT_A_TIME:
            for shows in (None, _has_a_font):
                try:
                    return _set(_shown(content, shows) if shows else content, document)
                except typst.TypstError as error:
                    log.info("A character of a report has no font here: %s", error.message)
            return _set(_shown(content, _is_latin), document)


def _set(content: Any, document: Document) -> bytes:
    made = typst.compile(
        {"main": _layout(), "report.json": json.dumps(content).encode()},  # type: ignore[call-overload]  # a project in memory
        format="pdf",
        pdf_standards=_STANDARD,
        font_paths=_machine(),
        timestamp=int(document.made_at.timestamp()),
    )
    return bytes(made)


def _part(block: Block) -> dict[str, Any]:
    part: dict[str, Any] = {
        "shape": block.shape.value,
        "words": _addresses(block.words),
        "level": block.level,
    }
    if block.table is not None:
        table = block.table
        part |= {
            "title": table.title,
            "header": table.header,
            "rows": [[_cell(cell, at, table) for at, cell in enumerate(row)] for row in table.rows],
            "links": table.links,
            "widths": _widths(table.header, table.rows),
        }
    if block.shape is Shape.CHART and block.chart is not None:
        chart = block.chart
        part |= {
            "svg": chart.printed,
            "alt": f"{chart.title}. {chart.finding} {chart.description}",
            "words": f"{chart.title}. {chart.finding}",
            "note": chart.note,
        }
    return part


def _cell(words: str, at: int, table: TableOf) -> str:
    if at in table.links:
        return _parted(words)
    return _breakable(words) if at in table.codes else _addresses(words)


def _addresses(words: str) -> str:
    """Words whose addresses have places where a line may end: they would run out of the page."""
    return _ADDRESS.sub(lambda found: _parted(found[0]), words)


def _parted(address: str) -> str:
    """An address with such places: after its signs, and in what is long without any."""
    return _PIECE.sub(rf"\g<0>{_MAY_BREAK}", address)


def _breakable(code: str) -> str:
    """The name of an event or field, with places where a line may end."""
    return re.sub(r"([._])", rf"\1{_MAY_BREAK}", code)


def _widths(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """How wide columns are, by what stands in them: within limits, and for longer texts more slowly than they grow."""
    longest = [max((len(row[at]) for row in (header, *rows)), default=1) for at in range(len(header))]
    return [max(2.5, min(12.0, length**0.6)) for length in longest]


def _footer(document: Document) -> str:
    return _(
        "%(title)s · definition %(version)s · Social learning is an intermediate indicator.",
        title=document.title,
        version=document.facts.definition.version,
    )


def _clean(value: Any) -> Any:
    """Without what no text has: control characters, half pairs, and characters that are none (Unicode 16 §23.7)."""
    if isinstance(value, str):
        return _CONTROL.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: one if key == "svg" else _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def _shown(content: dict[str, Any], shows: Callable[[str], bool]) -> dict[str, Any]:
    """The same where no font has some of the characters: these by their numbers, and with a sentence that says so.

    :param shows: whether there is a font for a character.
    """
    said = _(
        "This machine has no font for some characters of this report. They are written as their numbers, such as "
        "U+4F60. The page and the other files have them as they were written."
    )
    shown: dict[str, Any] = _replaced(content, shows)
    return shown | {"blocks": [{"shape": "note", "words": said, "level": 2}, *shown["blocks"]]}


def _replaced(value: Any, shows: Callable[[str], bool]) -> Any:
    if isinstance(value, str):
        return "".join(_character(one, shows) for one in value)
    if isinstance(value, dict):
        kept = ("svg", "fonts")
        return {key: one if key in kept else _replaced(one, shows) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, shows) for one in value]
    return value


def _character(one: str, shows: Callable[[str], bool]) -> str:
    if _is_latin(one) or one == _MAY_BREAK:
        return one
    if unicodedata.category(one) == "Cf":  # joins or directs others, and is nothing by itself
        return ""
    return one if shows(one) else f"[U+{ord(one):04X}]"


def _is_latin(one: str) -> bool:
    return one < "\u0250" or one in "–—‘’“”…·"


@lru_cache(maxsize=16_384)
def _has_a_font(one: str) -> bool:
    probe = {"main": _PROBE, "it.json": json.dumps({"words": one, "fonts": fonts()}).encode()}
    try:
        typst.compile(probe, format="pdf", pdf_standards=_STANDARD, font_paths=_machine())  # type: ignore[call-overload]
    except typst.TypstError:
        return False
    return True


@cache
def _machine() -> typst.Fonts:
    """The fonts of this machine and of the wheel, looked for once."""
    return typst.Fonts()


@cache
def fonts() -> tuple[str, ...]:
    """Those of :data:`FONTS` that are there."""
    there = set(_machine().families())
    return tuple(font for font in FONTS if font in there)


@cache
def _layout() -> bytes:
    return files("lmssocial_reporting.report").joinpath("report.typ").read_bytes()
