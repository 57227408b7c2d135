"""A thread, and how somebody stands to it."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Group
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.social.engagement.models import Because, Follow, Level
from lmssocial.social.knowledge.models import Item, Standing
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Poll, Post, ReadMark, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.posts import is_waiting_for
from lmssocial.widgets.discussion.reading import Progress, read_ranges

_Opening, _Learner = aliased(Contribution), aliased(User)
_Solved, _Solution, _Solver = aliased(Contribution), aliased(Post), aliased(User)

THREAD = "discussion.thread"
"""What threads are called where people follow them."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


class ThreadHead(NamedTuple):
    """A thread, how far the person has read it, and what they were writing as an answer to it."""

    id: int
    placement_id: int
    title: str
    state: State
    pinned: bool
    locked: bool
    author_id: int
    author_name: str
    opening_id: int
    opening_state: State
    reply_count: int
    highest_number: int
    version: int
    kind: ThreadKind
    audience: Audience
    group_id: int | None
    group_name: str | None
    learner_id: int | None
    about_id: int | None
    post_first: bool
    due_at: datetime | None
    locks_at: datetime | None
    solved_id: int | None
    level: Level | None
    """How closely the person follows it; ``None`` if they said and did nothing."""
    because: Because | None
    """Why they follow it."""
    last_read: int
    read_ahead: str
    has_waiting: bool
    """Whether something of this person, or for this moderator, waits."""
    draft_source: str | None
    draft_sequence: int | None
    draft_at: datetime | None
    answers_open: bool
    """Whether the person reads the answers of others, or has to hand in their own first."""
    has_private: bool
    """Whether there are private threads about its posts."""
    learner_name: str | None
    """Of a private thread: who reads it beside the moderators."""
    solved_number: int | None
    """A solved question: the number of the post that solved it, while everybody can read that."""
    solved_by: str | None
    """Who wrote that post."""
    has_poll: bool
    known: Standing | None
    """Whether what opened it was published as knowledge, and may be relied on; ``None`` if it was not."""
    known_since: datetime | None
    """When somebody last said so."""

    @property
    def progress(self) -> Progress:
        """What the person has read."""
        return Progress(self.last_read, read_ranges(self.read_ahead))

    @property
    def is_closed(self) -> bool:
        """Whether it takes no new posts now: locked by hand, or because its time is over."""
        return self.locked or (self.locks_at is not None and self.locks_at <= clock.now())

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor, who sees it, may write in it (:func:`.access.writes_in` without its state)."""
        return actor.moderates or (
            not self.is_closed and (self.audience is not Audience.VISIBLE or self.group_id in actor.groups)
        )


def thread_head(session: Session, actor: Actor, placement_id: int, thread_id: int) -> ThreadHead:
    """A thread the actor sees. One query.

    :raises NotFound: if they do not see it, or it is not in that placement.
    """
    values = {**ids_of(actor), "placement": placement_id, "thread": thread_id}
    row = session.connection().execute(_head(moderates=actor.moderates), values).first()
    if row is None:
        raise NotFound(
            _("This thread does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no thread {thread_id} in placement {placement_id}",
        )
    return ThreadHead._make(row)


_FIRST = (
    Thread.id,
    Thread.placement_id,
    Thread.title,
    Thread.state,
    Thread.pinned,
    Thread.locked,
    Thread.author_id,
    User.name,
    Thread.opening_id,
)
_THEN = (
    Thread.reply_count,
    Thread.highest_number,
    Thread.version,
    Thread.kind,
    Thread.audience,
    Thread.group_id,
    Group.name,
    Thread.learner_id,
    Thread.about_id,
    Thread.post_first,
    Thread.due_at,
    Thread.locks_at,
    Thread.solved_id,
    Follow.level,
    Follow.because,
    func.coalesce(ReadMark.last_read_number, 0),
    func.coalesce(ReadMark.read_ahead, ""),
)
_LAST = (exists().where(Poll.thread_id == Thread.id), Item.standing, Item.reviewed_at)


@cache
def _head(*, moderates: bool) -> Statement:
    actor = AnyActor(moderates)
    waits = exists().where(
        Post.thread_id == Thread.id, Contribution.id == Post.contribution_id, is_waiting_for(actor)
    )
    target = literal("reply:") + cast(Thread.opening_id, String)
    return (
        select(
            *_FIRST,
            _Opening.state,
            *_THEN,
            waits,
            Draft.source,
            Draft.sequence,
            Draft.updated_at,
            access.answers_open(actor),
            Thread.has_private,
            _Learner.name,
            _Solution.number,
            _Solver.name,
            *_LAST,
        )
        .join(User, User.id == Thread.author_id)
        .outerjoin(_Learner, _Learner.id == Thread.learner_id)
        .join(_Opening, _Opening.id == Thread.opening_id)
        .outerjoin(_Solved, and_(_Solved.id == Thread.solved_id, _Solved.state == State.PUBLISHED))
        .outerjoin(_Solution, _Solution.contribution_id == _Solved.id)
        .outerjoin(_Solver, _Solver.id == _Solved.author_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(Item, Item.contribution_id == Thread.opening_id)
        .outerjoin(Follow, followed_by(actor))
        .outerjoin(Draft, and_(Draft.user_id == actor.user_id, Draft.target == target))
        .where(
            Thread.id == bindparam("thread"),
            Thread.placement_id == bindparam("placement"),
            access.threads_seen_by(actor),
        )
    )


def followed_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """Joins a thread with how closely ``actor`` follows it."""
    return and_(
        Follow.user_id == actor.user_id, Follow.subject_kind == THREAD, Follow.subject_id == Thread.id
    )
