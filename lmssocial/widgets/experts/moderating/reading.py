"""Whose words somebody reads: questions, answers, messages, bios; and so the files that go with them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Answer, Introduction, Message, Question, Reach
from lmssocial.widgets.experts.people_models import Profile

KINDS = "experts."


def reads(session: Session, actor: Actor, contribution_id: int) -> bool:
    """Whether the actor reads some words. One query."""
    return bool(readable(session, actor, [contribution_id]))


def readable(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
    """Those of some contributions whose words the actor reads, also as a guest. One query."""
    found = select(Contribution.id).where(Contribution.id.in_(contribution_ids), words_seen_by(actor))
    return set(session.scalars(found))


def is_here(actor: Actor) -> ColumnElement[bool]:
    """Words of expert connect in the actor's own community, as a WHERE clause on Contribution."""
    return and_(
        Contribution.tenant_id == actor.tenant_id,
        Contribution.community_id == actor.community_id,
        Contribution.kind.startswith(KINDS),
    )


def words_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Whose words the actor reads, as a WHERE clause on Contribution.

    Authors read their own whatever became of it, as long as they read the question; moderators all of their community;
    others what is published, of the questions they read, of introductions that are about them, and of those who offer
    to be asked.
    """
    own = Contribution.author_id == actor.user_id
    published = Contribution.state == State.PUBLISHED
    question = _one(Question, Question.contribution_id, access.seen_by(actor))
    said = or_(*(_beside(table, actor) for table in (Answer, Message)))
    introduced = _one(
        Message,
        Message.contribution_id,
        Message.introduction_id.in_(
            select(Introduction.id).where(
                or_(Introduction.first_id == actor.user_id, Introduction.second_id == actor.user_id)
            )
        ),
    )
    bio = _one(
        Profile,
        Profile.bio_id,
        or_(
            Profile.user_id == actor.user_id,
            and_(Profile.community_id == actor.community_id, Profile.reach != Reach.NONE),
        ),
    )
    readable = or_(question, and_(or_(own, published), or_(said, introduced, bio)))
    expert = and_(Contribution.tenant_id == actor.tenant_id, Contribution.kind.startswith(KINDS))
    return or_(is_here(actor), and_(expert, readable)) if actor.moderates else and_(expert, readable)


def _one(table: Any, column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is a row of ``table`` for the contribution that fits."""
    return (
        select(table)
        .with_only_columns(column)
        .where(column == Contribution.id, *conditions)
        .correlate(Contribution)
        .exists()
    )


def _beside(table: type[Answer] | type[Message], actor: Actor) -> ColumnElement[bool]:
    seen = select(Question.id).where(access.seen_by(actor))
    return _one(table, table.contribution_id, table.question_id.in_(seen))
