"""What the demo course teaches, week by week: ``course/weeks/*.md`` as safe HTML."""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from .cast import COURSE_FOLDER

_NAME = re.compile(r"week-(\d+)\.md")


@dataclass(frozen=True)
class Week:
    """One week of the course."""

    number: int
    title: str
    summary: str
    """One sentence for the list of weeks."""
    reading: Markup
    minutes: int
    """How long the reading takes, at 200 words a minute, rounded up."""


def read_syllabus(folder: Path = COURSE_FOLDER) -> tuple[Week, ...]:
    """All weeks in order. Each file begins with ``# Title``, then one paragraph that is the summary.

    :raises ValueError: if a file is not named ``week-<number>.md`` or lacks its title or summary.
    """
    weeks = [_read_week(path) for path in (folder / "weeks").glob("*.md")]
    return tuple(sorted(weeks, key=lambda week: week.number))


def _read_week(path: Path) -> Week:
    number = _NAME.fullmatch(path.name)
    parts = path.read_text("utf-8").split("\n\n", 2)
    if not number or len(parts) < 3 or not parts[0].startswith("# "):
        raise ValueError(
            f"{path.name}: a week is named week-<number>.md and has a title, a summary and a text"
        )
    title, summary, text = parts
    reading = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Week(
        number=int(number.group(1)),
        title=title.removeprefix("# ").strip(),
        summary=" ".join(summary.split()),
        reading=Markup(reading),  # noqa: S704  # our own text, rendered with raw HTML switched off
        minutes=-(-len(text.split()) // 200),
    )
