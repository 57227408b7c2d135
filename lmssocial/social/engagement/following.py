"""How closely people follow things: what they said themselves counts, what follows from their deeds only fills gaps."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from lmssocial.core import activity
from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement.events import Followed, Unfollowed
from lmssocial.social.engagement.models import Because, Follow, Level

_WEAKER: dict[Because, tuple[Because, ...]] = {
    Because.STARTED: (Because.REPLIED, Because.MENTIONED),
    Because.REPLIED: (Because.MENTIONED,),
    Because.MENTIONED: (),
    Because.CHOSE: tuple(Because),
}
"""Which reasons give way to one. Whoever chose a level keeps it, until they choose another."""

_CHOSEN = ((Level.WATCH, Because.CHOSE), (Level.FOLLOW, Because.CHOSE))
"""How something stands that somebody follows because they said so."""


@dataclass(frozen=True, kw_only=True)
class Followable:
    """Something that can be followed."""

    kind: str
    """In the words of the widget that owns it: ``discussion.thread``."""
    id: int
    author_id: int
    """Who began it."""


def choose(session: Session, actor: Actor, subject: Followable, level: Level | None) -> None:
    """Let ``actor`` follow something as closely as they said, ``None``: as if they never had; and tell the log.

    Whoever calls this knows that they may read it.
    """
    followed = level_of(session, actor, subject.kind, subject.id) in _CHOSEN
    if level is None:
        stop(session, actor, subject.kind, subject.id)
    else:
        follow(session, actor, subject.kind, subject.id, level)
    follows = level in (Level.WATCH, Level.FOLLOW)
    if follows is not followed:
        happened = Followed if follows else Unfollowed
        activity.record(
            session,
            happened(
                **actor.envelope,
                subject_kind=subject.kind,
                subject_id=subject.id,
                author_id=subject.author_id,
            ),
        )


def follow(
    session: Session, actor: Actor, kind: str, subject_id: int, level: Level, because: Because = Because.CHOSE
) -> None:
    """Let ``actor`` follow something as closely as ``level`` says, because they chose so.

    Whoever calls this knows that they may read it.

    :param kind: what it is, in the words of the widget that owns it: ``discussion.thread``.
    :param because: any other reason gives way to what they chose, and to a stronger one: who started something goes on
        to follow it because of that when they reply.
    """
    _store(session, actor.user_id, actor.community_id, kind, subject_id, level, because)


def unless_chosen(
    session: Session, user_id: int, community_id: int, kind: str, subject_id: int, because: Because
) -> None:
    """Let somebody follow what they took part in, unless they chose a level themselves; not who acts, who took part.

    :param because: STARTED, REPLIED or MENTIONED.
    """
    _store(session, user_id, community_id, kind, subject_id, Level.FOLLOW, because)


def _store(
    session: Session,
    user_id: int,
    community_id: int,
    kind: str,
    subject_id: int,
    level: Level,
    because: Because,
) -> None:
    """One statement, so that two deeds at once leave one row."""
    values: dict[str, Any] = {"level": level, "because": because, "at": clock.now()}
    own = {"user_id": user_id, "subject_kind": kind, "subject_id": subject_id, "community_id": community_id}
    insert = dialect_insert(session, Follow).values(**own, **values)
    key = [Follow.user_id, Follow.subject_kind, Follow.subject_id]
    weaker = _WEAKER[because]
    session.execute(
        insert.on_conflict_do_update(index_elements=key, set_=values, where=Follow.because.in_(weaker))
        if weaker
        else insert.on_conflict_do_nothing(index_elements=key)
    )
    known = session.identity_map.get(identity_key(Follow, (user_id, kind, subject_id)))
    if known is not None:
        session.expire(known)


def stop(session: Session, actor: Actor, kind: str, subject_id: int) -> None:
    """Let it be as if ``actor`` had never said or done anything about it: answers to themselves, and mentions."""
    session.execute(
        delete(Follow)
        .where(Follow.user_id == actor.user_id, Follow.subject_kind == kind, Follow.subject_id == subject_id)
        .execution_options(synchronize_session="fetch")
    )


def level_of(session: Session, actor: Actor, kind: str, subject_id: int) -> tuple[Level, Because] | None:
    """How closely ``actor`` follows something, and why; ``None`` if they never said or did anything about it."""
    row = session.execute(
        select(Follow.level, Follow.because).where(
            Follow.user_id == actor.user_id, Follow.subject_kind == kind, Follow.subject_id == subject_id
        )
    ).first()
    return None if row is None else (row.level, row.because)


def followers(session: Session, kind: str, subject_id: int, levels: Collection[Level]) -> dict[int, Level]:
    """Who follows something at one of ``levels``: users' ids and their level. One query.

    Whether they still belong to the community, and may read it, is for whoever tells them something.
    """
    rows = session.execute(
        select(Follow.user_id, Follow.level).where(
            Follow.subject_kind == kind, Follow.subject_id == subject_id, Follow.level.in_(list(levels))
        )
    )
    return {row.user_id: row.level for row in rows}
