"""What makes a text a procedure: people will do what it says, so a mistake in it is repeated."""

import re
from dataclasses import dataclass
from itertools import islice

from lmssocial.plugin import Span, Submission
from lmssocial_approval.settings import Approval

_STEP = re.compile(
    r"^[\s>\u200b-\u200f\u2060\ufeff]{0,40}(?:[-*+][^\S\n]{1,9})?\d{1,3}\\?[.)][^\S\n]{1,9}(?=\S)",
    re.MULTILINE,
)
"""The beginning of a numbered item as Markdown has it, also in a quotation, and escaped so that it is no list."""
_STEPS_SHOWN = 30
_MARKS_SHOWN = 10


@dataclass(frozen=True)
class Procedure:
    """What was found; false if it is no procedure."""

    mark: str = ""
    """The word that says so, as it was written."""
    steps: int = 0
    """Numbered steps, if there are enough of them."""
    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        """Whether it is one."""
        return bool(self.mark or self.steps)


def procedure(submission: Submission, settings: Approval) -> Procedure:
    """Find out whether ``submission`` is a procedure.

    A numbered list of enough steps makes one wherever it stands. A mark makes one only of what opens a thread: a reply
    that speaks of the procedure is none.
    """
    steps = list(_STEP.finditer(submission.source))
    if settings.steps and len(steps) >= settings.steps:
        shown = (_line(submission.source, step) for step in steps[:_STEPS_SHOWN])
        return Procedure(steps=len(steps), spans=tuple(shown))
    if not submission.kind.endswith(".thread") or not settings.marks:
        return Procedure()
    marks = _pattern(settings.marks)
    in_title = marks.search(submission.title)
    in_text = list(islice(marks.finditer(submission.source), _MARKS_SHOWN))
    first = in_title or (in_text[0] if in_text else None)
    if first is None:
        return Procedure()
    return Procedure(mark=first.group(), spans=tuple(Span(*found.span()) for found in in_text))


def _line(source: str, step: re.Match[str]) -> Span:
    """The whole line that ``step`` begins."""
    end = source.find("\n", step.end())
    number = next(place for place in range(step.start(), step.end()) if source[place].isdecimal())
    return Span(number, end if end >= 0 else len(source))


def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    """Any of ``marks`` as words of their own, capital letters or not, with any white space between their words."""
    words = (r"\s{1,5}".join(map(re.escape, mark.split())) for mark in sorted(marks, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
