"""What a policy may answer: a verdict that means something, and how it travels between processes."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask_babel.speaklater import LazyString

from lmssocial.core.hooks.types import Concern, Ruling, Span, Verdict

LONGEST_REASON = 80
"""Characters of a reason code."""
LONGEST_TEXT = 2_000
"""Characters of each sentence for the author."""
MOST_SPANS = 1_000
MOST_APPROVALS = 9

_Kind = TypeVar("_Kind", Ruling, Concern)


class Nonsense(ValueError):
    """A policy answered something that is no verdict; the message is one sentence for the administrator."""


def check_verdict(value: object, length: int) -> Verdict:
    """``value`` as a verdict of plain values; lazy sentences are said in the language spoken at this moment.

    :param length: characters of the source that spans may point into.
    :raises Nonsense: if it is no verdict, or one that cannot be meant.
    """
    if not isinstance(value, Verdict):
        raise Nonsense(f"It returned {_a(value)} instead of a Verdict.")
    return Verdict(
        ruling=_one_of(Ruling, "ruling", value.ruling),
        reason=_text("reason", value.reason, LONGEST_REASON),
        message=_text("message", value.message),
        rule=_text("rule", value.rule),
        spans=_spans(value.spans, length),
        suggestion=_text("suggestion", value.suggestion),
        confidence=_confidence(value.confidence),
        concern=_one_of(Concern, "concern", value.concern),
        approvals=_approvals(value.approvals),
    )


def to_wire(verdict: Verdict) -> dict[str, Any]:
    """A checked verdict as JSON values."""
    return {
        **vars(verdict),
        "ruling": int(verdict.ruling),
        "concern": verdict.concern.value,
        "spans": [[span.start, span.end] for span in verdict.spans],
    }


def from_wire(told: Mapping[str, Any], length: int) -> Verdict:
    """The verdict that another process told; nothing of it is believed before it is checked.

    :param length: as for :func:`check_verdict`.
    :raises Nonsense: if it is none.
    """
    try:
        verdict = Verdict(
            **{
                **told,
                "ruling": Ruling(told["ruling"]),
                "concern": Concern(told["concern"]),
                "spans": tuple(Span(start, end) for start, end in told["spans"]),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Nonsense("Its process sent something that is no verdict.") from error
    return check_verdict(verdict, length)


def _a(value: object) -> str:
    """The kind of a value with its article: ``a str``, ``an int``."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _one_of(kind: type[_Kind], field: str, value: object) -> _Kind:
    if not isinstance(value, kind):
        raise Nonsense(f"The {field} of its verdict is {_a(value)} instead of a {kind.__name__}.")
    return value


def _text(field: str, value: object, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str | LazyString):
        raise Nonsense(f"The {field} of its verdict is {_a(value)} instead of text.")
    text = str(value)
    if len(text) > longest:
        raise Nonsense(f"The {field} of its verdict has {len(text):,} characters; {longest:,} are the most.")
    return text.replace("\0", "?").encode("utf-8", "replace").decode()  # what no database would store


def _spans(value: object, length: int) -> tuple[Span, ...]:
    if not isinstance(value, tuple | list):
        raise Nonsense(f"The spans of its verdict are {_a(value)} instead of a tuple.")
    if len(value) > MOST_SPANS:
        raise Nonsense(f"Its verdict has {len(value):,} spans; {MOST_SPANS:,} are the most.")
    for span in value:
        if not isinstance(span, Span) or type(span.start) is not int or type(span.end) is not int:
            raise Nonsense("The spans of its verdict are not all of the kind Span, with whole numbers.")
        if not 0 <= span.start < span.end <= length:
            raise Nonsense(
                f"A span of its verdict, {span.start} to {span.end}, is no part of the source, "
                f"which has {length:,} characters."
            )
    return tuple(value)


def _confidence(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Nonsense(f"The confidence of its verdict is {_a(value)} instead of a number.")
    if not 0 <= value <= 1:
        raise Nonsense("The confidence of its verdict does not lie between 0 and 1.")
    return float(value)


def _approvals(value: object) -> int:
    if type(value) is not int or not 1 <= value <= MOST_APPROVALS:
        raise Nonsense(f"The approvals of its verdict are no whole number from 1 to {MOST_APPROVALS}.")
    return value
