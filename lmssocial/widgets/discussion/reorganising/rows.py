"""Reading and writing the places of many posts at once: as many statements for five thousand posts as for five."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Follow, Level
from lmssocial.widgets.discussion.handing_in import THREAD
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread
from lmssocial.widgets.discussion.reading import Progress, read_ranges, write_ranges
from lmssocial.widgets.discussion.reorganising.places import Standing, branch

_There = aliased(Follow)

ROUNDS = 20
"""How often we look for posts that came while we waited for those before them; each round ends a running reply."""


def hold_still(session: Session, thread_ids: Sequence[int]) -> dict[int, list[Standing]]:
    """The posts of some threads, none of which changes its place before the transaction ends; by thread.

    Whoever replies locks the post they answer before anything else, and the thread last. So all posts are locked
    first, those of replies that were under way included, and then the threads.
    """
    known = -1
    locked: set[int] = set()
    for _round in range(ROUNDS):
        if len(locked) == known:
            break
        known = len(locked)
        locked = set(
            session.scalars(
                select(Post.contribution_id)
                .join(Contribution, Contribution.id == Post.contribution_id)
                .where(Post.thread_id.in_(thread_ids))
                .order_by(Post.contribution_id)
                .with_for_update(of=(Contribution, Post))
            )
        )
    session.execute(
        select(Thread.id).where(Thread.id.in_(thread_ids)).order_by(Thread.id).with_for_update(of=Thread)
    )
    session.expire_all()
    found: dict[int, list[Standing]] = {thread_id: [] for thread_id in thread_ids}
    for row in session.execute(_STANDINGS.where(Post.thread_id.in_(thread_ids))):
        found[row.thread_id].append(Standing._make(row))
    return found


_STANDINGS = select(Post.contribution_id, Post.thread_id, Post.parent_id, Post.number, Post.path, Post.depth)


def count_below(session: Session, thread_id: int, post_id: int) -> int:
    """How many posts of a thread stand below one of them, waiting ones among them. One query."""
    standing = [Standing._make(row) for row in session.execute(_STANDINGS.where(Post.thread_id == thread_id))]
    return len(branch(standing, post_id)) - 1


def put(session: Session, before: Iterable[Standing], after: Iterable[Standing]) -> None:
    """Give posts the places ``after``. All old places are given up first, so that no two posts claim one."""
    known = {post.post_id: post for post in before}
    changed = [post for post in after if known.get(post.post_id) != post]
    if not changed:
        return
    connection = session.connection()
    connection.execute(_LEAVE, [{"this": post.post_id} for post in changed])
    connection.execute(_TAKE, [{"this": post.post_id, **_values(post)} for post in changed])


def _values(post: Standing) -> dict[str, Any]:
    return {
        "to": post.thread_id,
        "below": post.parent_id,
        "new_number": post.number,
        "new_path": post.path,
        "new_depth": post.depth,
    }


_LEAVE = update(Post).where(Post.contribution_id == bindparam("this")).values(number=None, path=None)
_TAKE = (
    update(Post)
    .where(Post.contribution_id == bindparam("this"))
    .values(
        thread_id=bindparam("to"),
        parent_id=bindparam("below"),
        number=bindparam("new_number"),
        path=bindparam("new_path"),
        depth=bindparam("new_depth"),
    )
)


def progress_in(session: Session, thread_id: int) -> dict[int, Progress]:
    """How far everybody has read a thread, by person."""
    rows = session.execute(
        select(ReadMark.user_id, ReadMark.last_read_number, ReadMark.read_ahead).where(
            ReadMark.thread_id == thread_id
        )
    )
    return {row.user_id: Progress(row.last_read_number, read_ranges(row.read_ahead)) for row in rows}


def store_progress(session: Session, thread_id: int, progress: dict[int, Progress]) -> None:
    """Let this be how far people have read, also where it is less than before: the numbers are others."""
    if not progress:
        return
    insert = dialect_insert(session, ReadMark)
    names = ("last_read_number", "read_ahead", "read_ahead_count", "updated_at")
    statement = insert.on_conflict_do_update(
        index_elements=["user_id", "thread_id"], set_={name: insert.excluded[name] for name in names}
    )
    now = clock.now()
    session.connection().execute(
        statement,
        [
            {
                "user_id": user_id,
                "thread_id": thread_id,
                "last_read_number": one.last,
                "read_ahead": write_ranges(one.ahead),
                "read_ahead_count": len(one.ahead),
                "updated_at": now,
            }
            for user_id, one in progress.items()
        ],
    )


def forget_progress(session: Session, thread_id: int) -> None:
    """Nobody has read anything in a thread without posts."""
    session.execute(
        delete(ReadMark).where(ReadMark.thread_id == thread_id).execution_options(synchronize_session=False)
    )


def follow_on(session: Session, old_id: int, new_id: int) -> None:
    """Who wrote in the new thread, or watches or mutes the old one, follows the new one as they follow the old."""
    wrote = exists().where(
        Post.thread_id == new_id,
        Contribution.id == Post.contribution_id,
        Contribution.author_id == Follow.user_id,
    )
    columns = ("user_id", "subject_kind", "subject_id", "community_id", "level", "because", "at")
    followers = select(
        Follow.user_id,
        Follow.subject_kind,
        select(Thread.id).where(Thread.id == new_id).scalar_subquery(),
        Follow.community_id,
        Follow.level,
        Follow.because,
        Follow.at,
    ).where(
        Follow.subject_kind == THREAD,
        Follow.subject_id == old_id,
        or_(wrote, Follow.level.in_([Level.WATCH, Level.MUTE])),
    )
    session.execute(
        dialect_insert(session, Follow).from_select(list(columns), followers).on_conflict_do_nothing()
    )


def follow_instead(session: Session, old_id: int, new_id: int) -> None:
    """Who followed the old thread follows the new one, unless they said already how they follow that."""
    said = exists().where(
        _There.user_id == Follow.user_id, _There.subject_kind == THREAD, _There.subject_id == new_id
    )
    mine = and_(Follow.subject_kind == THREAD, Follow.subject_id == old_id)
    still = {"synchronize_session": False}
    session.execute(update(Follow).where(mine, ~said).values(subject_id=new_id).execution_options(**still))
    session.execute(delete(Follow).where(mine).execution_options(**still))


def recount(session: Session, thread_ids: Sequence[int]) -> None:
    """Count anew what a thread knows about its posts, but whom they reached; its page has changed."""
    of_thread = Post.thread_id == Thread.id
    words = and_(of_thread, Contribution.id == Post.contribution_id)
    readable = and_(words, Contribution.state == State.PUBLISHED)
    reply = and_(readable, Post.parent_id.is_not(None))
    newest = select(Contribution).where(words, Post.number.is_not(None)).order_by(Post.number.desc()).limit(1)
    when = func.coalesce(Contribution.published_at, Contribution.created_at)
    session.execute(
        update(Thread)
        .where(Thread.id.in_(thread_ids))
        .values(
            highest_number=_one(select(func.coalesce(func.max(Post.number), 0)).where(of_thread)),
            reply_count=_one(select(func.count()).select_from(Post, Contribution).where(reply)),
            last_activity_at=func.coalesce(_one(newest.with_only_columns(when)), Thread.last_activity_at),
            last_author_id=func.coalesce(
                _one(newest.with_only_columns(Contribution.author_id)), Thread.last_author_id
            ),
            version=Thread.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _one(statement: Any) -> Any:
    return statement.correlate(Thread).scalar_subquery()
