"""The measured course, grown: tens of thousands of posts around the few that are measured, in ours and in the floor.

Written in bulk, because a hundred thousand posts through the services would take an hour; what a page shows of them
is the same. Texts are those that were already written, so the renderer is not what is measured here.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks import floor
from benchmarks.course import Course
from benchmarks.stand import Stand
from benchmarks.texts import TITLES
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search import index
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.numbering import path_below
from lmssocial.widgets.discussion.publishing import POST

LONGEST = 0.05
"""What share of all posts is in the one long thread: 5,000 of 100,000."""
THREADS = 0.02
"""Threads for each post: 2,000 for 100,000."""
PAGE = 50
_BATCH = 2_000
_LONG_AGO = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Masses:
    """Where to look at what was grown."""

    posts: int
    """How many posts there are altogether."""
    longest: int
    """The long thread."""
    end: int
    """The number of the post before its last page."""


@dataclass(frozen=True)
class _Wording:
    source: str
    html: str


def grow(stand: Stand, course: Course, posts: int) -> Masses:
    """Bring the course to ``posts`` posts, and the floor to as many. What is there stays."""
    engine = make_engine(stand.tool.settings.database)
    with Session(engine) as session, unit_of_work(session):
        grown = _Growth(session, course)
        longest = grown.to(posts)
        end = _last_page(session, longest)
    _settle(engine)
    floor_engine = make_engine(stand.floor_url)
    _grow_floor(floor_engine, posts)
    _settle(floor_engine)
    engine.dispose()
    floor_engine.dispose()
    return Masses(posts=posts, longest=longest, end=end)


class _Growth:
    """Adds threads to a discussion."""

    def __init__(self, session: Session, course: Course) -> None:
        self._session, self._chance = session, random.Random(2026)  # noqa: S311 – texts, not secrets
        sample = session.execute(
            select(Contribution).where(Contribution.placement_id == course.placement_id).limit(200)
        ).scalars()
        written = list(sample)
        self._like = written[0]
        self._wordings = [_Wording(one.source, one.html) for one in written]
        self._authors = sorted({one.author_id for one in written})
        self._ids = count((session.scalar(select(func.max(Contribution.id))) or 0) + 1)
        self._thread_ids = count((session.scalar(select(func.max(Thread.id))) or 0) + 1)

    def to(self, posts: int) -> int:
        """Add threads until there are ``posts`` posts; gives the longest thread."""
        there = self._session.scalar(select(func.count()).select_from(Post)) or 0
        missing = max(0, posts - there)
        threads = max(1, round(missing * THREADS))
        longest = min(missing, max(3 * PAGE, round(posts * LONGEST)))
        rest = missing - longest
        sizes = [longest, *(rest // (threads - 1 or 1) for _ in range(threads - 1))]
        ids = [self._thread(size) for size in sizes if size]
        return ids[0] if ids else self._longest()

    def _longest(self) -> int:
        return self._session.scalars(select(Thread.id).order_by(Thread.highest_number.desc()).limit(1)).one()

    def _thread(self, size: int) -> int:
        thread_id, opening_id = next(self._thread_ids), next(self._ids)
        begin = _LONG_AGO + timedelta(minutes=self._chance.randint(0, 300_000))
        title = self._chance.choice(TITLES)
        contributions, posts = [], []
        above: list[Post] = []
        for number in range(1, size + 1):
            parent = None if number == 1 else self._chance.choice(above[-12:]) if above[1:] else above[0]
            if number > 1 and self._chance.random() < 0.5:
                parent = above[0]
            post = Post(
                contribution_id=opening_id if number == 1 else next(self._ids),
                thread_id=thread_id,
                parent_id=parent.contribution_id if parent else None,
                number=number,
                path=path_below(parent, number),
                depth=parent.depth + 1 if parent else 0,
            )
            above.append(post)
            at = begin + timedelta(minutes=number)
            contributions.append(self._contribution(post, title if number == 1 else "", at))
            posts.append({column.name: getattr(post, column.name) for column in Post.__table__.columns})
        self._write(thread_id, title, contributions, posts)
        return thread_id

    def _contribution(self, post: Post, title: str, at: datetime) -> dict[str, Any]:
        wording = self._chance.choice(self._wordings)
        like = self._like
        return {
            "id": post.contribution_id,
            "tenant_id": like.tenant_id,
            "community_id": like.community_id,
            "placement_id": like.placement_id,
            "kind": "discussion.thread" if title else "discussion.reply",
            "author_id": self._chance.choice(self._authors),
            "author_role": like.author_role,
            "title": title,
            "state": State.PUBLISHED,
            "source": wording.source,
            "html": wording.html,
            "cooked_version": like.cooked_version,
            "created_at": at,
            "published_at": at,
        }

    def _write(
        self,
        thread_id: int,
        title: str,
        contributions: Sequence[dict[str, Any]],
        posts: Sequence[dict[str, Any]],
    ) -> None:
        opening, last = contributions[0], contributions[-1]
        session = self._session
        for batch in _batches(contributions):
            session.execute(insert(Contribution), batch)
        session.execute(
            insert(Thread),
            [
                {
                    "id": thread_id,
                    **{
                        name: opening[name]
                        for name in ("tenant_id", "community_id", "placement_id", "author_id")
                    },
                    "opening_id": opening["id"],
                    "title": title,
                    "state": State.PUBLISHED,
                    "highest_number": len(posts),
                    "reply_count": len(posts) - 1,
                    "created_at": opening["created_at"],
                    "last_activity_at": last["created_at"],
                    "last_author_id": last["author_id"],
                }
            ],
        )
        for batch in _batches(posts):
            session.execute(insert(Post), batch)
        for row in contributions:
            index.put(session, _document(row))


def _document(row: dict[str, Any]) -> index.Document:
    return index.Document(
        kind=POST,
        subject_id=row["id"],
        tenant_id=row["tenant_id"],
        community_id=row["community_id"],
        title=row["title"],
        body=row["source"],
        at=row["created_at"],
    )


def _last_page(session: Session, thread_id: int) -> int:
    """The number of the post that stands before the last page of a thread."""
    before = select(Post.number).where(Post.thread_id == thread_id).order_by(Post.path.desc()).offset(PAGE)
    return int(session.scalars(before.limit(1)).one() or 0)


def _grow_floor(engine: Engine, posts: int) -> None:
    with engine.begin() as connection:
        like = connection.execute(select(floor.post)).mappings().all()
        authors = connection.execute(select(floor.author.c.id)).scalars().all()
        missing = posts - len(like)
        size = round(1 / THREADS)
        first = (connection.execute(select(func.max(floor.thread.c.id))).scalar() or 0) + 1
        chance = random.Random(2026)  # noqa: S311 – as above
        for number, start in enumerate(range(0, max(0, missing), size), start=first):
            when = (_LONG_AGO + timedelta(minutes=chance.randint(0, 300_000))).replace(tzinfo=None)
            row = {"id": number, "title": chance.choice(TITLES), "author_id": chance.choice(authors)}
            row |= {"created_at": when, "last_post_at": when, "replies": size - 1}
            connection.execute(insert(floor.thread), [row])
            written = [chance.choice(like) for _ in range(min(size, missing - start))]
            connection.execute(
                insert(floor.post),
                [
                    {
                        "thread_id": number,
                        "author_id": chance.choice(authors),
                        "body": one["body"],
                        "html": one["html"],
                        "created_at": when,
                    }
                    for one in written
                ],
            )


def _settle(engine: Engine) -> None:
    """What a database does by itself in a quiet minute: count, and give out ids after the largest."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            tables = connection.execute(
                text("SELECT table_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'")
            ).scalars()
            for table in tables.all():
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608 – names of our tables
                        f"(SELECT GREATEST(MAX(id), 1) FROM {table}))"
                    )
                )
        connection.execute(text("ANALYZE"))


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for begin in range(0, len(rows), _BATCH):
        yield list(rows[begin : begin + _BATCH])
