"""What somebody hands in, as a value, and what became of it."""

from dataclasses import dataclass

from lmssocial.social.content.models import State


@dataclass(frozen=True, kw_only=True)
class WorkDraft:
    """A work as it was written."""

    source: str
    title: str = ""
    submission_key: str | None = None
    """The name of the form it was written in: the same form sent twice hands in once."""
    group_id: int | None = None
    """The team it is for, if its author had to choose."""
    seen_version: int = 0
    """Of the words that the author had before their eyes; 0: nothing was handed in yet."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a work that somebody sent."""

    work_id: int
    state: State
    """Of its words."""
    is_late: bool
    is_new: bool
    """Whether it was handed in now, and not only changed."""
    messages: tuple[str, ...] = ()
    """What the policies tell its author."""


def target_of(placement_id: int) -> str:
    """What the draft of a work is called."""
    return f"work:{placement_id}"
