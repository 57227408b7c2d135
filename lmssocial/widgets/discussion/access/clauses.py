"""The rules that choose rows, as WHERE clauses: each is the twin of a question in :mod:`.rules`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.prepared import AnyActor
from lmssocial.social.communities.models import GroupMember
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.access.rules import HANDED_IN, WAITING
from lmssocial.widgets.discussion.models import Audience, Post, Thread

# Made once, here and elsewhere: an alias of a wide table takes longer to make than many a statement to run.
_Own, _Words = aliased(Post), aliased(Contribution)


def threads_seen_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """:func:`.rules.sees_thread`."""
    here = and_(Thread.tenant_id == actor.tenant_id, Thread.community_id == actor.community_id)
    not_withdrawn = or_(Thread.state != State.REMOVED, Thread.highest_number > 0)
    if actor.moderates:
        return and_(here, or_(Thread.state == State.PUBLISHED, not_withdrawn))
    mine = and_(Thread.author_id == actor.user_id, not_withdrawn)
    return and_(here, _meant_for(actor), or_(Thread.state == State.PUBLISHED, mine))


def _meant_for(member: Actor | AnyActor) -> ColumnElement[bool]:
    return or_(
        Thread.audience.in_((Audience.EVERYBODY, Audience.VISIBLE)),
        and_(Thread.audience == Audience.GROUP, _of_a_group_of(member)),
        and_(Thread.audience == Audience.PRIVATE, Thread.learner_id == member.user_id),
    )


def _of_a_group_of(member: Actor | AnyActor) -> ColumnElement[bool]:
    """Asks the table and not the actor, so that a prepared statement is the same for everybody."""
    return Thread.group_id.in_(select(GroupMember.group_id).where(GroupMember.user_id == member.user_id))


def answers_open(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """:func:`.rules.answers_open_to`, over threads.

    What somebody answered is looked up once for the whole statement, and only where a thread asks.
    """
    if actor.moderates:
        return true()
    answered: Any = (
        select(_Own.thread_id)
        .join(_Words, _Words.id == _Own.contribution_id)
        .where(_Words.author_id == actor.user_id, _Words.state.in_(HANDED_IN), _Own.parent_id.is_not(None))
    )
    return or_(Thread.post_first.is_(False), Thread.author_id == actor.user_id, Thread.id.in_(answered))


def posts_open(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """What :func:`answers_open` leaves of a thread, over threads and contributions: the opening and one's own."""
    if actor.moderates:
        return true()
    return or_(
        answers_open(actor),
        Contribution.id == Thread.opening_id,
        Contribution.author_id == actor.user_id,
    )


def posts_seen_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """:func:`.rules.sees_post`, over threads and contributions."""
    waiting = Contribution.state.in_(WAITING)
    mine = true() if actor.moderates else Contribution.author_id == actor.user_id
    there = or_(Contribution.published_at.is_not(None), and_(waiting, mine))
    return and_(threads_seen_by(actor), there, posts_open(actor))


def words_read_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """What :func:`.rules.reads_post` adds to :func:`.rules.sees_post`, over contributions."""
    if actor.moderates:
        return true()
    return or_(Contribution.state == State.PUBLISHED, Contribution.author_id == actor.user_id)


def locked_at(now: Any) -> ColumnElement[bool]:
    """:func:`.rules.is_locked` at a moment; never NULL.

    :param now: an aware datetime, or the place in a statement where one belongs.
    """
    return or_(Thread.locked, and_(Thread.locks_at.is_not(None), Thread.locks_at <= now))


def threads_written_in_by(actor: Actor | AnyActor, now: Any) -> ColumnElement[bool]:
    """:func:`.rules.writes_in` at a moment."""
    seen = and_(threads_seen_by(actor), Thread.state == State.PUBLISHED)
    if actor.moderates:
        return seen
    theirs = or_(Thread.audience != Audience.VISIBLE, _of_a_group_of(actor))
    return and_(seen, ~locked_at(now), theirs)
