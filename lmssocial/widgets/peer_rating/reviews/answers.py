"""What a reviewer has written: how it is stored, what is still missing, and the text it becomes. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from lmssocial.core.db import JsonObject
from lmssocial.social.content.text import tidy
from lmssocial.social.rubrics.criteria import Criterion, total

MOST_CHARACTERS = 5000
"""Of one comment."""
LONGEST_PAUSE = timedelta(minutes=10)
"""Between two saves; whoever wrote nothing for longer was somewhere else."""

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Levels and comments by the index of their criterion, and what is said of the whole."""

    levels: dict[int, int] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    overall: str = ""

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a review, a change that is not sent yet, or a try."""
        return cls(
            levels={int(index): int(level) for index, level in stored.get("levels", {}).items()},
            comments={int(index): str(text) for index, text in stored.get("comments", {}).items()},
            overall=str(stored.get("overall", "")),
        )

    def as_json(self) -> JsonObject:
        """How :meth:`read` finds it again; empty comments are left out."""
        comments = {str(index): text for index, text in sorted(self.comments.items()) if text.strip()}
        levels = {str(index): level for index, level in sorted(self.levels.items())}
        return {"levels": levels, "comments": comments, "overall": self.overall}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen or written."""
        return not self.levels and not self.characters

    @property
    def characters(self) -> int:
        """How much is said, besides the levels."""
        return sum(len(tidy(text).strip()) for text in (*self.comments.values(), self.overall))


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What a review still needs before it can be sent."""

    levels: tuple[int, ...]
    """The indexes of criteria without a level."""
    characters: int
    """How many more have to be written."""

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.levels or self.characters)


def missing(rubric: Sequence[Criterion], answers: Answers, least: int) -> Missing:
    """What ``answers`` lack.

    :param least: how many characters a review says at least.
    """
    chosen = {index for index, line in enumerate(rubric) if _is_level(line, answers.levels.get(index))}
    return Missing(
        levels=tuple(index for index in range(len(rubric)) if index not in chosen),
        characters=max(0, least - answers.characters),
    )


def _is_level(line: Criterion, level: int | None) -> bool:
    return level is not None and 0 <= level < len(line.levels)


def points(rubric: Sequence[Criterion], answers: Answers) -> float:
    """What the levels give together.

    :raises KeyError: if a criterion has none.
    """
    return total(line.levels[answers.levels[index]][1] for index, line in enumerate(rubric))


def composed(rubric: Sequence[Criterion], answers: Answers) -> str:
    """The text that others read: what is said of the whole, then each comment under its criterion.

    Whoever may say nothing and says nothing has said the levels: a review is never without words.
    """
    parts = [_closed(answers.overall)] if answers.overall.strip() else []
    for index, line in enumerate(rubric):
        if comment := answers.comments.get(index, "").strip():
            parts.append(f"# {line.title}\n\n{_closed(comment)}")
    if not parts:
        return "\n".join(
            f"- {line.title}: {line.levels[answers.levels[index]][0]}" for index, line in enumerate(rubric)
        )
    return "\n\n".join(parts)


def _closed(text: str) -> str:
    """``text`` with its last code block closed: what follows it is no code."""
    fence = ""
    for found in _FENCE.finditer(text):
        mark = found[1]
        if not fence:
            fence = mark
        elif mark[0] == fence[0] and len(mark) >= len(fence):
            fence = ""
    stripped = text.strip()
    return f"{stripped}\n{fence}" if fence else stripped


@dataclass(frozen=True, kw_only=True)
class ReviewDraft:
    """A review on its way from a page, to be kept or to be sent."""

    answers: Answers
    tab: str
    """Names the page it was written in; another tab has another name."""
    seen: int
    """The sequence of what that page began with."""
    sequence: int = 0
    """Of this save; it rises within one page. 0: it is sent."""
    opened_at: datetime | None = None
    """When that page was made."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is stored with a review beside its answers: who wrote last, and when."""

    tab: str = ""
    at: datetime | None = None
    change: JsonObject | None = None
    """A change to a review that was submitted, while it is not sent: nobody else sees it."""

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a review."""
        at = stored.get("saved_at")
        return cls(
            tab=str(stored.get("tab", "")),
            at=datetime.fromisoformat(at) if at else None,
            change=stored.get("change"),
        )


def is_overtaken(stored: JsonObject, sequence: int, draft: ReviewDraft) -> bool:
    """Whether another page wrote after ``draft``'s began: then nothing is saved over it.

    :param stored: the answers of the review; :param sequence: of what is stored.
    """
    if draft.tab == Kept.read(stored).tab:
        return draft.sequence != 0 and draft.sequence <= sequence
    return sequence > draft.seen


def seconds_between(stored: JsonObject, opened_at: datetime | None, now: datetime) -> int:
    """How long somebody has worked since what is stored was saved, or their page was made; ten minutes at most."""
    known = [moment for moment in (Kept.read(stored).at, opened_at) if moment is not None and moment <= now]
    if not known:
        return 0
    return int(min(now - max(known), LONGEST_PAUSE).total_seconds())


def stamped(answers: JsonObject, draft: ReviewDraft, now: datetime) -> dict[str, Any]:
    """``answers`` with the page they come from, and when."""
    return {**answers, "tab": draft.tab, "saved_at": now.isoformat()}
