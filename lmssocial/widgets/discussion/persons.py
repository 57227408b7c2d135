"""What a discussion keeps about a person, for them and for when they are erased."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.held import Held, erased, gone, handed_out, stays
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.models import Contribution
from lmssocial.social.search import index
from lmssocial.widgets.discussion.models import (
    Choice,
    Grade,
    Import,
    Poll,
    PollOption,
    PollVote,
    Post,
    ReadMark,
    Thread,
)
from lmssocial.widgets.discussion.publishing import POST

HELD: tuple[Held, ...] = (
    *gone(Choice.user_id, ReadMark.user_id, Grade.user_id),
    *stays(Grade.grader_id, words=(Grade.comment,)),
    *stays(Import.made_by_id, PollVote.user_id, Thread.learner_id, Thread.last_author_id, Thread.author_id),
)


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Everything that discussions keep about somebody, beside what they wrote."""
    return handed_out(session, user_id, HELD)


def erase(session: Session, user_id: int, *, with_words: bool) -> None:
    """Forget somebody; their threads and posts stay, without their words if these are to go."""
    if with_words:
        _empty(session, user_id)
    erased(session, user_id, HELD, with_words=with_words)


def _empty(session: Session, user_id: int) -> None:
    """Take the titles and polls of their threads away, and let nobody find their posts."""
    removed = _("Removed")
    threads = select(Thread.id).where(Thread.author_id == user_id)
    polls = select(Poll.id).where(Poll.thread_id.in_(threads))
    for statement in (
        update(PollOption).where(PollOption.poll_id.in_(polls)).values(text=removed),
        update(Poll).where(Poll.thread_id.in_(threads)).values(question=removed),
        update(Thread).where(Thread.author_id == user_id).values(title=removed),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    theirs = (
        select(Post.contribution_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Contribution.author_id == user_id)
    )
    for contribution_id in session.scalars(theirs).all():
        index.take_out(session, POST, contribution_id)
