"""Why something waits, or what a policy advises, as pages show it: each sentence once, with the words it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Ruling, Span
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screening

QUOTED = 3
"""Passages that one objection quotes; the marked text shows them all."""
QUOTE = 90
"""Characters of a passage that are quoted."""


@dataclass(frozen=True, kw_only=True)
class Objection:
    """One sentence against publishing, or about it, and the policies that said it."""

    message: str
    policies: tuple[str, ...]
    rules: tuple[str, ...] = ()
    """Ground rules it rests on, quoted."""
    suggestions: tuple[str, ...] = ()
    """What would pass."""
    confidence: float = 1.0
    """The surest policy's."""
    words: tuple[str, ...] = ()
    """The first passages it is about; empty if the wording it was said about is not at hand."""
    more_words: bool = False
    """Whether it is about further passages that are not quoted."""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of a text."""

    text: str
    marked: bool = False


def objections(kept: JsonObject, source: str | None) -> tuple[Objection, ...]:
    """What the policies said, strictest first; the same sentence from several of them is one objection.

    :param kept: :attr:`Case.verdicts`.
    :param source: the wording it was said about, if it is known.
    """
    said: dict[str, list[dict[str, Any]]] = {}
    for verdict in kept.get("verdicts", []):
        if verdict["message"]:
            said.setdefault(verdict["message"], []).append(verdict)
    return tuple(_objection(message, verdicts, source) for message, verdicts in said.items())


def advice(screening: Screening, source: str) -> tuple[Objection, ...]:
    """What the policies say about a text that is still being written."""
    return objections(cases.as_json([vote for vote in screening.votes if vote.ruling > Ruling.ALLOW]), source)


def _objection(message: str, verdicts: Sequence[dict[str, Any]], source: str | None) -> Objection:
    spans = () if source is None else within(source, _spans(verdicts))
    words = _each_once(_quoted((source or "")[span.start : span.end]) for span in spans)
    return Objection(
        message=message,
        policies=_each_once(verdict["policy"] for verdict in verdicts),
        rules=_each_once(verdict.get("rule", "") for verdict in verdicts),
        suggestions=_each_once(verdict.get("suggestion", "") for verdict in verdicts),
        confidence=max(float(verdict.get("confidence", 1.0)) for verdict in verdicts),
        words=words[:QUOTED],
        more_words=len(words) > QUOTED,
        spans=spans,
    )


def _spans(verdicts: Iterable[dict[str, Any]]) -> Iterable[Span]:
    return (Span(start, end) for verdict in verdicts for start, end in verdict.get("spans", []))


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _quoted(passage: str) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= QUOTE else f"{line[: QUOTE - 1]}…"


def within(source: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """``spans`` in order, without what lies outside of ``source`` or overlaps an earlier one."""
    found: list[Span] = []
    for span in sorted(set(spans), key=lambda one: (one.start, one.end)):
        start, end = max(span.start, found[-1].end if found else 0), min(span.end, len(source))
        if start < end:
            found.append(Span(start, end))
    return tuple(found)


def marked(source: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """``source`` in pieces, of which those at ``spans`` are marked."""
    pieces, at = [], 0
    for span in within(source, spans):
        pieces += [Piece(source[at : span.start]), Piece(source[span.start : span.end], marked=True)]
        at = span.end
    pieces.append(Piece(source[at:]))
    return tuple(piece for piece in pieces if piece.text)


def find(source: str, phrases: Iterable[str]) -> tuple[Span, ...]:
    """Every place at which one of ``phrases`` stands in ``source``, whatever its letters' case."""
    folded, spans = source.lower(), []
    if len(folded) != len(source):  # a letter whose small form has another length: places would not fit
        folded = source
    for phrase in phrases:
        wanted = phrase.lower() if folded is not source else phrase
        at = folded.find(wanted) if wanted else -1
        while at >= 0:
            spans.append(Span(at, at + len(wanted)))
            at = folded.find(wanted, at + len(wanted))
    return within(source, spans)
