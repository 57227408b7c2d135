"""Read marks in the database. They only ever move forward, whichever of two tabs is faster."""

from functools import cache

from sqlalchemy import bindparam, case, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.widgets.discussion.models import ReadMark, Thread
from lmssocial.widgets.discussion.reading import Progress, read_ranges, write_ranges


def progress_of(session: Session, user_id: int, thread_id: int) -> Progress:
    """How far somebody has read a thread."""
    row = session.connection().execute(_PROGRESS, {"user": user_id, "thread": thread_id}).first()
    return Progress(row.last_read_number, read_ranges(row.read_ahead)) if row else Progress()


def store(session: Session, user_id: int, thread_id: int, progress: Progress) -> None:
    """Remember ``progress``."""
    session.connection().execute(
        _store(session.get_bind().dialect.name),
        {
            "user_id": user_id,
            "thread_id": thread_id,
            "last_read_number": progress.last,
            "read_ahead": write_ranges(progress.ahead),
            "read_ahead_count": len(progress.ahead),
            "updated_at": clock.now(),
        },
    )


@cache
def _store(dialect: str) -> postgresql.Insert | sqlite.Insert:
    return _never_back((postgresql if dialect == "postgresql" else sqlite).insert(ReadMark))


_PROGRESS = select(ReadMark.last_read_number, ReadMark.read_ahead).where(
    ReadMark.user_id == bindparam("user"), ReadMark.thread_id == bindparam("thread")
)


def read_everything(
    session: Session, user_id: int, threads: ColumnElement[bool], whole: ColumnElement[bool]
) -> None:
    """Take every post of the ``threads``, as of now, as read: one statement, however many there are.

    :param whole: the threads that are open to them as a whole; of others they have read the opening.
    """
    everything = select(
        literal(user_id),
        Thread.id,
        case((whole, Thread.highest_number), else_=1),
        literal(""),
        literal(0),
        literal(clock.now(), ReadMark.updated_at.type),
    ).where(Thread.highest_number > 0, threads)
    columns = ["user_id", "thread_id", "last_read_number", "read_ahead", "read_ahead_count", "updated_at"]
    session.execute(_never_back(dialect_insert(session, ReadMark).from_select(columns, everything)))


def _never_back(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    """Where there is a mark, whichever of the two is further stays."""
    new = insert.excluded
    is_further = new.last_read_number >= ReadMark.last_read_number
    return insert.on_conflict_do_update(
        index_elements=["user_id", "thread_id"],
        set_={
            "last_read_number": case((is_further, new.last_read_number), else_=ReadMark.last_read_number),
            "read_ahead": case((is_further, new.read_ahead), else_=ReadMark.read_ahead),
            "read_ahead_count": case((is_further, new.read_ahead_count), else_=ReadMark.read_ahead_count),
            "updated_at": new.updated_at,
        },
    )
