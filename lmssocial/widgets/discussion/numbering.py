"""Numbers, paths and counters of a thread, kept true in the transaction that changes them.

A number is given at publication by one ``UPDATE … RETURNING``, which also is the lock that lets two replies at the same
moment have different ones. A path is the numbers from the top of the tree down to the post, each six digits wide, so
that sorting by path is reading order and every answer stands below what it answers.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from lmssocial.core.kernel import clock
from lmssocial.social.content.models import Contribution, State
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
    values = {
        "this": thread.id,
        "post": post.contribution_id,
        "more": 0 if parent is None else 1,
        "now": clock.now(),
        "by": author_id,
    }
    number = int(session.connection().execute(_ENTER, values).scalar_one())
    post.number, post.path = number, path_below(parent, number)
    session.expire(thread, ["reply_count", "people_count", "last_activity_at", "last_author_id", "version"])
    set_committed_value(thread, "highest_number", number)
    return number


def people_count() -> Any:
    """How many people other than its author have replied to a thread, as a subquery over threads."""
    return (
        select(func.count(Contribution.author_id.distinct()))
        .where(_published_reply(), Contribution.author_id != Thread.author_id)
        .correlate(Thread)
        .scalar_subquery()
    )


def _published_reply() -> ColumnElement[bool]:
    """Joins threads, contributions and posts for the answers that everybody can read."""
    return and_(
        Post.thread_id == Thread.id,
        Post.parent_id.is_not(None),
        Post.contribution_id == Contribution.id,
        Contribution.state == State.PUBLISHED,
    )


_WROTE_BEFORE = (
    exists()
    .where(
        _published_reply(),
        Contribution.author_id == bindparam("by", type_=Integer),
        Contribution.id != bindparam("post", type_=Integer),
    )
    .correlate(Thread)
)

_ENTER = (
    update(Thread)
    .where(Thread.id == bindparam("this"))
    .values(
        highest_number=Thread.highest_number + 1,
        reply_count=Thread.reply_count + bindparam("more", type_=Integer),
        people_count=Thread.people_count
        + case(
            (or_(Thread.author_id == bindparam("by", type_=Integer), _WROTE_BEFORE), 0),
            else_=bindparam("more", type_=Integer),
        ),
        last_activity_at=bindparam("now", type_=Thread.last_activity_at.type),
        last_author_id=bindparam("by", type_=Integer),
        version=Thread.version + 1,
    )
    .returning(Thread.highest_number)
)
"""Built once; it runs for every post."""


def change(session: Session, thread: Thread, *, replies: int = 0, **columns: Any) -> None:
    """Change ``columns`` of the thread, count ``replies`` more (or fewer) readable ones; its page has changed.

    Threads are only ever changed like this, by one statement, so that no counter is read here and written later.
    """
    if replies:
        columns |= {"reply_count": Thread.reply_count + replies, "people_count": people_count()}
    session.execute(
        update(Thread)
        .where(Thread.id == thread.id)
        .values(version=Thread.version + 1, **columns)
        .execution_options(synchronize_session=False)
    )
    session.expire(thread)
