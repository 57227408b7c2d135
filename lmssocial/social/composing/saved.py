"""What somebody was writing, given back to them."""

from dataclasses import dataclass
from datetime import datetime

from lmssocial.social.content.models import Draft


@dataclass(frozen=True, kw_only=True)
class SavedDraft:
    """What somebody was writing."""

    source: str
    title: str
    sequence: int
    at: datetime


def saved_draft(draft: Draft | None) -> SavedDraft | None:
    """A draft with something in it, as a value."""
    if draft is None or not (draft.source.strip() or draft.title.strip()):
        return None
    return SavedDraft(source=draft.source, title=draft.title, sequence=draft.sequence, at=draft.updated_at)
