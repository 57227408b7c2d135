"""Taking an import back: exactly what it made goes, unless people have built on it."""

from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.connection_models import Mention, Reference, Tagging
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.models import Follow, Mark, SpecialMention, Tally
from lmssocial.social.moderation.models import Case
from lmssocial.social.search.models import SearchDocument
from lmssocial.widgets.discussion.events import ImportUndone
from lmssocial.widgets.discussion.handing_in import THREAD
from lmssocial.widgets.discussion.models import Choice, Import, Imported, Post, ReadMark, Thread
from lmssocial.widgets.discussion.publishing import POST


def built_on(session: Session, import_id: int) -> int:
    """How many of its posts and threads people have answered, changed, reported, pointed at or chosen since."""
    made = _made(import_id)
    threads = select(Post.thread_id).where(Post.contribution_id.in_(made))
    counts = (
        select(func.count())
        .select_from(Post)
        .where(Post.thread_id.in_(threads), Post.contribution_id.not_in(made)),
        select(func.count())
        .select_from(Contribution)
        .where(Contribution.id.in_(made), Contribution.edit_count > 0),
        select(func.count()).select_from(Case).where(Case.contribution_id.in_(made)),
        select(func.count()).select_from(Choice).where(Choice.contribution_id.in_(made)),
        select(func.count()).select_from(SpecialMention).where(SpecialMention.contribution_id.in_(made)),
        select(func.count())
        .select_from(Reference)
        .where(Reference.to_id.in_(made), Reference.from_id.not_in(made)),
    )
    return sum(session.scalar(statement) or 0 for statement in counts)


def undo(session: Session, actor: Actor, row: Import) -> None:
    """Take out what the import made.

    :raises Conflict: if it was taken back already, or people have built on it.
    """
    if row.made_at is None or row.undone_at is not None:
        raise Conflict(_("This import was taken back already, or never made."))
    if count := built_on(session, row.id):
        raise Conflict(refusal(count))
    try:
        with session.begin_nested():
            _delete(session, row.id)
    except IntegrityError as error:
        raise Conflict(refusal(1), reason=f"still referred to: {error.orig}") from error
    row.undone_at = clock.now()
    activity.record(session, ImportUndone(**actor.envelope, placement_id=row.placement_id, import_id=row.id))


def refusal(count: int) -> str:
    """Why it is not taken back any more."""
    return _(
        "People have answered, changed or marked what was brought in (%(count)d times), so it cannot be taken back "
        "as a whole any more. Remove single threads instead.",
        count=count,
    )


def _made(import_id: int) -> Any:
    return select(Imported.contribution_id).where(Imported.import_id == import_id)


def _delete(session: Session, import_id: int) -> None:
    made = _made(import_id)
    threads = select(Thread.id).where(
        or_(
            Thread.opening_id.in_(made),
            Thread.id.in_(select(Post.thread_id).where(Post.contribution_id.in_(made))),
        )
    )
    writers = session.scalars(
        select(Contribution.author_id).where(Contribution.id.in_(made)).distinct()
    ).all()
    ids = session.scalars(threads).all()
    still = {"synchronize_session": False}
    for model, column in (
        (Mark, Mark.contribution_id),
        (Tally, Tally.contribution_id),
        (Mention, Mention.contribution_id),
        (Tagging, Tagging.contribution_id),
        (Reference, Reference.from_id),
    ):
        session.execute(delete(model).where(column.in_(made)).execution_options(**still))
    found = (SearchDocument.kind == POST, SearchDocument.subject_id.in_(made))
    session.execute(delete(SearchDocument).where(*found).execution_options(**still))
    session.execute(delete(ReadMark).where(ReadMark.thread_id.in_(threads)).execution_options(**still))
    followed = (Follow.subject_kind == THREAD, Follow.subject_id.in_(threads))
    session.execute(delete(Follow).where(*followed).execution_options(**still))
    session.execute(delete(Post).where(Post.contribution_id.in_(made)).execution_options(**still))
    _delete_rows(session, import_id, ids)
    for start in range(0, len(writers), 2000):
        some = writers[start : start + 2000]
        wrote = exists().where(Contribution.author_id == User.id)
        gone = (User.id.in_(some), User.is_former.is_(True), ~wrote)
        session.execute(delete(User).where(*gone).execution_options(**still))


def _delete_rows(session: Session, import_id: int, thread_ids: Any) -> None:
    """The threads, and then the contributions, whose list goes with them."""
    still = {"synchronize_session": False}
    for start in range(0, len(thread_ids), 2000):
        some = thread_ids[start : start + 2000]
        session.execute(
            update(Thread)
            .where(Thread.merged_into_id.in_(some))
            .values(merged_into_id=None)
            .execution_options(**still)
        )
        session.execute(delete(Thread).where(Thread.id.in_(some)).execution_options(**still))
    ids = session.scalars(_made(import_id)).all()
    session.execute(delete(Imported).where(Imported.import_id == import_id).execution_options(**still))
    for start in range(0, len(ids), 2000):
        some = ids[start : start + 2000]
        session.execute(delete(Contribution).where(Contribution.id.in_(some)).execution_options(**still))
