"""Numbers, paths and counters of a thread, kept true in the transaction that changes them.

A number is given at publication by one ``UPDATE … RETURNING``, which also is the lock that lets two replies at the same
moment have different ones. A path is the numbers from the top of the tree down to the post, each six digits wide, so
that sorting by path is reading order and every answer stands below what it answers.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.widgets.discussion.models import Post, Thread

WIDTH = 6
"""Digits of one number in a path: a thread may have a million posts."""

SEGMENTS = 100
"""The most numbers in a path. Deeper answers stand beside each other below the hundredth."""


def path_below(parent: Post | None, number: int) -> str:
    """The path of post ``number`` as an answer to ``parent``; answers to the opening (number 1) begin a branch."""
    above = "" if parent is None or parent.number == 1 else (parent.path or "")
    return above[: (SEGMENTS - 1) * WIDTH] + f"{number:0{WIDTH}d}"


def enter(session: Session, thread: Thread, post: Post, parent: Post | None, author_id: int) -> int:
    """Give ``post``, which becomes readable for the first time, its number and place; returns the number."""
    number = session.execute(
        update(Thread)
        .where(Thread.id == thread.id)
        .values(
            highest_number=Thread.highest_number + 1,
            reply_count=Thread.reply_count + (0 if parent is None else 1),
            last_activity_at=clock.now(),
            last_author_id=author_id,
            version=Thread.version + 1,
        )
        .returning(Thread.highest_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    post.number, post.path = number, path_below(parent, number)
    session.expire(thread)
    return number


def change(session: Session, thread: Thread, *, replies: int = 0, **columns: Any) -> None:
    """Change ``columns`` of the thread, count ``replies`` more (or fewer) readable ones; its page has changed.

    Threads are only ever changed like this, by one statement, so that no counter is read here and written later.
    """
    session.execute(
        update(Thread)
        .where(Thread.id == thread.id)
        .values(reply_count=Thread.reply_count + replies, version=Thread.version + 1, **columns)
        .execution_options(synchronize_session=False)
    )
    session.expire(thread)
