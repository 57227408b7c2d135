"""What staff hand in as an example, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ExampleDraft:
    """Work to try the rubric on, and what staff give it."""

    source: str
    """The work, as Markdown."""
    levels: tuple[int, ...]
    """For each criterion of the rubric the index of its level."""
    explanation: str
    """Why these; shown after the try, as it is written."""
    submission_key: str | None = None
    """As :attr:`~lmssocial.social.content.drafts.Writing.submission_key`."""
