"""What became of the words of a post."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.social.content.diff import Passage, changes
from lmssocial.social.content.models import Contribution, Revision


@dataclass(frozen=True)
class Change:
    """One edit: when, and what became of the words."""

    number: int
    at: datetime
    title: tuple[Passage, ...]
    """Empty if the title did not change."""
    words: tuple[Passage, ...]


def changes_of(session: Session, post_id: int) -> tuple[Change, ...]:
    """The edits of a post, the newest first. Whoever calls this knows that the actor may see them. One query."""
    wordings = session.execute(
        select(Revision.number, Revision.title, Revision.source, Revision.created_at)
        .where(Revision.contribution_id == post_id)
        .union_all(
            select(
                Contribution.edit_count + 1,
                Contribution.title,
                Contribution.source,
                func.coalesce(Contribution.edited_at, Contribution.created_at),
            ).where(Contribution.id == post_id)
        )
        .order_by("number")
    ).all()
    edits = [
        Change(
            number,
            after.created_at,
            changes(before.title, after.title) if before.title != after.title else (),
            changes(before.source, after.source) if before.source != after.source else (),
        )
        for number, (before, after) in enumerate(pairwise(wordings), start=1)
    ]
    return tuple(reversed(edits))
