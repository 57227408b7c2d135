"""Posts as graders and their authors see them here: the words, where they stand, and what they answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.models import User
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import excerpt
from lmssocial.widgets.discussion.grading import access
from lmssocial.widgets.discussion.models import Choice, Post, Thread

_Parent, _ParentAuthor = aliased(Contribution), aliased(User)

LATEST = 5
"""Posts shown of a learner who chose none."""
OWN = 200
"""Posts among which a learner chooses: the newest."""


@dataclass(frozen=True, kw_only=True)
class ChosenPost:
    """A post, with as much around it as a reader needs who comes from elsewhere."""

    id: int
    thread_title: str
    number: int | None
    html: str
    """Empty if it was removed."""
    words: str
    """The beginning of it."""
    stands: bool
    """Whether it is published."""
    at: datetime
    answers: str
    """The name of whom it answers; empty for what opens a thread."""
    answered: str
    """The beginning of what it answers; empty if that was removed."""


@dataclass(frozen=True, kw_only=True)
class OwnPost(ChosenPost):
    """A post among which its author chooses."""

    is_chosen: bool
    can_be_chosen: bool


def chosen(session: Session, placement_id: int, user_id: int) -> tuple[ChosenPost, ...]:
    """What a learner chose, in the order in which they wrote it. One query."""
    rows = session.execute(
        _posts()
        .join(Choice, Choice.contribution_id == Contribution.id)
        .where(Choice.placement_id == placement_id, Choice.user_id == user_id)
        .order_by(Contribution.id)
    )
    return tuple(ChosenPost(**_view(row)) for row in rows)


def latest(session: Session, placement_id: int, user_id: int) -> tuple[ChosenPost, ...]:
    """The newest posts that a learner could have chosen. One query."""
    rows = session.execute(
        _posts()
        .where(access.can_be_chosen(user_id, placement_id))
        .order_by(Contribution.id.desc())
        .limit(LATEST)
    )
    return tuple(ChosenPost(**_view(row)) for row in rows)


def own(session: Session, placement_id: int, user_id: int) -> tuple[OwnPost, ...]:
    """Among which posts a learner chooses, and those they chose that were removed since. One query."""
    choosable = access.can_be_chosen(user_id, placement_id)
    rows = session.execute(
        _posts()
        .add_columns(Choice.user_id.is_not(None).label("is_chosen"), choosable.label("can_be_chosen"))
        .outerjoin(
            Choice,
            and_(
                Choice.contribution_id == Contribution.id,
                Choice.placement_id == placement_id,
                Choice.user_id == user_id,
            ),
        )
        .where(or_(choosable, Choice.user_id.is_not(None)))
        .order_by(Choice.user_id.is_(None), Contribution.id.desc())
        .limit(OWN)
    )
    return tuple(
        OwnPost(**_view(row), is_chosen=row.is_chosen, can_be_chosen=row.can_be_chosen) for row in rows
    )


def _posts() -> Any:
    return (
        select(
            Contribution.id,
            Contribution.state,
            Contribution.html,
            Contribution.source,
            Contribution.published_at,
            Contribution.created_at,
            Thread.title,
            Thread.state.label("thread_state"),
            Post.number,
            _Parent.state.label("parent_state"),
            _Parent.source.label("parent_source"),
            _ParentAuthor.name.label("parent_author"),
        )
        .select_from(Contribution)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(_Parent, _Parent.id == Post.parent_id)
        .outerjoin(_ParentAuthor, _ParentAuthor.id == _Parent.author_id)
    )


def _view(row: Any) -> dict[str, Any]:
    stands = row.state is State.PUBLISHED and row.thread_state is State.PUBLISHED
    return {
        "id": row.id,
        "thread_title": row.title,
        "number": row.number,
        "html": row.html if stands else "",
        "words": excerpt(plain_text(row.source)) if stands else "",
        "stands": stands,
        "at": row.published_at or row.created_at,
        "answers": row.parent_author or "",
        "answered": excerpt(plain_text(row.parent_source), 200)
        if row.parent_state is State.PUBLISHED
        else "",
    }
