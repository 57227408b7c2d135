"""What notices about posts need to know of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.content.connection_models import Mention
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Follow, Level, Mark, SpecialMention
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.threads import THREAD

NOBODY = 0
"""No user has this id: who has nothing but what every member has."""


class Written(NamedTuple):
    """A post somebody may have to be told of, and its thread as it is now."""

    id: int
    author_id: int
    author_name: str
    source: str
    thread_id: int
    thread_title: str
    thread_author_id: int
    placement_id: int
    kind: ThreadKind
    audience: Audience
    learner_id: int | None
    is_solution: bool
    """Whether whoever asked says that it solved their question."""


_COLUMNS = (
    Contribution.id,
    Contribution.author_id,
    User.name,
    Contribution.source,
    Thread.id,
    Thread.title,
    Thread.author_id,
    Thread.placement_id,
    Thread.kind,
    Thread.audience,
    Thread.learner_id,
    func.coalesce(Thread.solved_id == Contribution.id, false()),
)


def written(session: Session, post_id: int) -> Written | None:
    """A post and its thread, whoever may read it; ``None`` if it is not there. One query."""
    row = session.execute(_posts().where(Contribution.id == post_id)).first()
    return None if row is None else Written._make(row)


def readable_posts(session: Session, actor: Actor, post_ids: Collection[int]) -> dict[int, Written]:
    """Those of some posts that are there and that ``actor`` may read. One query."""
    statement = _posts().where(
        Contribution.id.in_(post_ids),
        Contribution.state != State.REMOVED,
        access.posts_seen_by(actor),
        access.words_read_by(actor),
    )
    return {row[0]: Written._make(row) for row in session.execute(statement)}


def own_posts(session: Session, actor: Actor, post_ids: Collection[int]) -> dict[int, Written]:
    """Those of some posts that ``actor`` wrote, whatever became of them. One query."""
    statement = _posts().where(
        Contribution.id.in_(post_ids),
        Contribution.author_id == actor.user_id,
        Contribution.tenant_id == actor.tenant_id,
    )
    return {row[0]: Written._make(row) for row in session.execute(statement)}


def _posts() -> Any:
    return (
        select(*_COLUMNS)
        .select_from(Contribution)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Contribution.author_id)
    )


def readers_of(session: Session, actors: Sequence[Actor], post_id: int) -> set[int]:
    """The ids of those ``actors``, all of one community, who may read a post.

    One query if everybody may: then also a member who is nobody in particular. Else a short one for each, as rules
    differ from person to person.
    """
    if not actors:
        return set()
    nobody = replace(actors[0], user_id=NOBODY, roles=frozenset(), offices=frozenset(), groups=frozenset())
    if _may_read(session, nobody, post_id):
        return {actor.user_id for actor in actors}
    return {actor.user_id for actor in actors if _may_read(session, actor, post_id)}


def _may_read(session: Session, actor: Actor, post_id: int) -> bool:
    values = {**ids_of(actor), "post": post_id}
    return session.connection().execute(_reads(moderates=actor.moderates), values).first() is not None


@cache
def _reads(*, moderates: bool) -> Any:
    """Built once, from the rules of reading."""
    actor = AnyActor(moderates)
    return (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.contribution_id == bindparam("post"),
            Contribution.state != State.REMOVED,
            access.posts_seen_by(actor),
            access.words_read_by(actor),
        )
    )


def mentioned_in(session: Session, post_id: int) -> set[int]:
    """The ids of those whom a post names with an ``@``."""
    return set(session.scalars(select(Mention.user_id).where(Mention.contribution_id == post_id)))


def watchers_of(session: Session, thread_id: int) -> set[int]:
    """The ids of those who want to be told of everything new in a thread."""
    return set(
        session.scalars(
            select(Follow.user_id).where(
                Follow.subject_kind == THREAD,
                Follow.subject_id == thread_id,
                Follow.level == Level.WATCH,
            )
        )
    )


class Said(NamedTuple):
    """What was said of a post in special mentions."""

    names: list[str]
    """By whom, the newest first."""
    sentence: str
    """What the newest says."""


def special_mentions(session: Session, post_ids: Collection[int]) -> dict[int, Said]:
    """What is said of some posts in special mentions now. One query."""
    rows = session.execute(
        select(SpecialMention.contribution_id, SpecialMention.sentence, User.name)
        .join(User, User.id == SpecialMention.user_id)
        .where(SpecialMention.contribution_id.in_(post_ids))
        .order_by(SpecialMention.id.desc())
    )
    found: dict[int, Said] = {}
    for row in rows:
        found.setdefault(row.contribution_id, Said([], row.sentence)).names.append(row.name)
    return found


def marks_on(session: Session, post_ids: Collection[int]) -> dict[tuple[int, str], list[str]]:
    """Who stands by some posts: ``(post, "helpful" or "endorsed")`` → names, the newest first. One query."""
    rows = session.execute(
        select(Mark.contribution_id, Mark.helpful_at, Mark.endorsed_at, User.name)
        .join(User, User.id == Mark.user_id)
        .where(
            Mark.contribution_id.in_(post_ids),
            or_(Mark.helpful_at.is_not(None), Mark.endorsed_at.is_not(None)),
        )
    )
    dated: dict[tuple[int, str], list[tuple[datetime, str]]] = {}
    for row in rows:
        for what, at in (("helpful", row.helpful_at), ("endorsed", row.endorsed_at)):
            if at is not None:
                dated.setdefault((row.contribution_id, what), []).append((at, row.name))
    return {key: [name for _at, name in sorted(some, reverse=True)] for key, some in dated.items()}
