"""How popular a thread is: how many different people it reached, and how lately.

Each person counts once, by the strongest thing they did: endorsing a post of it, answering, finding one helpful,
mentioning one specially, saving one. Its author does not count. Clicks and views do not count either. What is
shown beside a popular thread is always the reason, in people.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Happened
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Mark, SpecialMention
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.numbering import people_count

ENDORSED, REPLIED, HELPED, MENTIONED, SAVED = 3.0, 2.0, 2.0, 2.0, 1.5
"""What one person adds who did this."""

HEAD_START = 2.0
"""Hours added to every thread's age, so that the very first minutes do not decide."""

GRAVITY = 1.5
"""How fast a thread cools: at four times its age a thread needs about eight times as many people."""

COLD = 0.0005
"""Below this a thread is not cooled any further: ten people a month ago."""

AT_ONCE = 200
"""Threads that are cooled in one transaction."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


def heat(people: Iterable[float], age: timedelta) -> float:
    """How popular a thread is.

    :param people: for each person whom it reached, the weight of the strongest thing they did.
    :param age: since it was opened.
    """
    hours = max(age.total_seconds(), 0.0) / 3600
    return float(sum(people) / (hours + HEAD_START) ** GRAVITY)


def recompute(session: Session, thread_ids: Sequence[int]) -> None:
    """Set heat and counters of some threads to what their posts and the marks on them say.

    Nothing a thread's page shows is changed, so its version stays.
    """
    wanted = list(thread_ids)
    if not wanted:
        return
    # locked first, so that what is counted next holds all that was written before
    session.execute(select(Thread.id).where(Thread.id.in_(wanted)).order_by(Thread.id).with_for_update())
    now, threads = clock.now(), _reached(session, wanted)
    for thread_id, opened_at, weight in threads:
        session.execute(
            update(Thread)
            .where(Thread.id == thread_id)
            .values(
                heat=heat([weight], now - opened_at),
                people_count=people_count(),
                helped_count=helped_count(),
                endorsed_count=endorsed_count(),
            )
            .execution_options(synchronize_session=False)
        )


def cool(session: Session, after: int = 0) -> int:
    """Let the next few of the threads that are still warm cool by the time that passed.

    :param after: what the call before answered; 0 begins.
    :returns: the id of the last thread that was looked at; 0 if that were all.
    """
    warm = session.scalars(
        select(Thread.id).where(Thread.heat > COLD, Thread.id > after).order_by(Thread.id).limit(AT_ONCE)
    ).all()
    now = clock.now()
    for thread_id, opened_at, weight in _reached(session, warm):
        session.execute(
            update(Thread)
            .where(Thread.id == thread_id)
            .values(heat=heat([weight], now - opened_at))
            .execution_options(synchronize_session=False)
        )
    return warm[-1] if len(warm) == AT_ONCE else 0


def follow(event: Happened, session: Session) -> None:
    """Bring a thread's heat up to date with what happened in it; a subscriber of the activity log."""
    thread_id = event.payload.get("thread_id")
    if event.name.startswith("discussion.") and isinstance(thread_id, int):
        if event.name != "discussion.posts_read":
            recompute(session, [thread_id])
        return
    contribution_id = event.payload.get("contribution_id")
    if event.name.startswith("engagement.") and isinstance(contribution_id, int):
        recompute(session, thread_ids_of(session, [contribution_id]))


def thread_ids_of(session: Session, contribution_ids: Sequence[int]) -> list[int]:
    """The threads that some contributions stand in."""
    statement = select(Post.thread_id).where(Post.contribution_id.in_(contribution_ids)).distinct()
    return list(session.scalars(statement))


def helped_count() -> Statement:
    """How many people other than its author found something in a thread helpful, as a subquery over threads."""
    return (
        select(func.count(Mark.user_id.distinct()))
        .join(Post, Post.contribution_id == Mark.contribution_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.thread_id == Thread.id,
            Mark.helpful_at.is_not(None),
            Mark.user_id != Thread.author_id,
            Contribution.state == State.PUBLISHED,
        )
        .correlate(Thread)
        .scalar_subquery()
    )


def endorsed_count() -> Statement:
    """How many posts of a thread an SME or instructor has endorsed, as a subquery over threads."""
    return (
        select(func.count(Mark.contribution_id.distinct()))
        .join(Post, Post.contribution_id == Mark.contribution_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.thread_id == Thread.id,
            Mark.endorsed_at.is_not(None),
            Contribution.state == State.PUBLISHED,
        )
        .correlate(Thread)
        .scalar_subquery()
    )


def _reached(session: Session, thread_ids: Sequence[int]) -> list[tuple[int, datetime, float]]:
    """Each thread, when it was opened, and what the people whom it reached add up to. One query."""
    deeds = _deeds(thread_ids).subquery()
    strongest = (
        select(deeds.c.thread_id, deeds.c.user_id, func.max(deeds.c.weight).label("weight"))
        .group_by(deeds.c.thread_id, deeds.c.user_id)
        .subquery()
    )
    others = (strongest.c.thread_id == Thread.id) & (strongest.c.user_id != Thread.author_id)
    rows = session.execute(
        select(Thread.id, Thread.created_at, func.coalesce(func.sum(strongest.c.weight), 0.0))
        .outerjoin(strongest, others)
        .where(Thread.id.in_(thread_ids))
        .group_by(Thread.id, Thread.created_at)
        .order_by(Thread.id)
    )
    return [(thread_id, opened_at, float(weight)) for thread_id, opened_at, weight in rows]


def _deeds(thread_ids: Sequence[int]) -> Statement:
    """Who did what in some threads, with the weight of it: rows of thread, person, weight."""
    marked = case(
        (Mark.endorsed_at.is_not(None), ENDORSED),
        (Mark.helpful_at.is_not(None), HELPED),
        (Mark.saved_at.is_not(None), SAVED),
        else_=0.0,
    )
    posts = (
        select(Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Post.thread_id.in_(thread_ids), Contribution.state == State.PUBLISHED)
    )
    replied = posts.add_columns(
        Contribution.author_id.label("user_id"), literal(REPLIED).label("weight")
    ).where(Post.parent_id.is_not(None))
    marks = posts.add_columns(Mark.user_id, marked).join(Mark, Mark.contribution_id == Post.contribution_id)
    mentions = posts.add_columns(SpecialMention.user_id, literal(MENTIONED)).join(
        SpecialMention, SpecialMention.contribution_id == Post.contribution_id
    )
    return union_all(replied, marks, mentions)
