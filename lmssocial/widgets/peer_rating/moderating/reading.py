"""Whose words somebody reads: works, reviews, comparisons, examples, and answers to reviews."""

from collections.abc import Sequence
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import works_seen_by
from lmssocial.widgets.peer_rating.activities import WIDGET
from lmssocial.widgets.peer_rating.example_models import Example
from lmssocial.widgets.peer_rating.feedback import moderating as replies
from lmssocial.widgets.peer_rating.gates import READ_BY_AUTHORS
from lmssocial.widgets.peer_rating.models import Activity, Author, Phase, Review, ReviewState, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState

Columns = TypeVarTuple("Columns")


def reads(session: Session, actor: Actor, contribution_id: int) -> bool:
    """Whether the actor reads some words, and so the files that go with them. Two queries."""
    return bool(readable(session, actor, [contribution_id]))


def readable(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
    """Those of some contributions whose words the actor reads. Two queries."""
    found = with_subjects(select(Contribution.id)).where(
        Contribution.id.in_(contribution_ids), words_seen_by(actor)
    )
    return {*session.scalars(found), *replies.readable(session, actor, contribution_ids)}


def with_subjects(wanted: Select[*Columns]) -> Select[*Columns]:
    """A query of contributions, joined to what each of them is; answers to reviews are none of these."""
    return (
        wanted.outerjoin(Work, Work.contribution_id == Contribution.id)
        .outerjoin(Review, Review.contribution_id == Contribution.id)
        .outerjoin(Comparison, Comparison.contribution_id == Contribution.id)
        .outerjoin(Example, Example.contribution_id == Contribution.id)
        .outerjoin(Activity, Activity.placement_id == Contribution.placement_id)
        .where(
            or_(
                Work.id.is_not(None),
                Review.id.is_not(None),
                Comparison.id.is_not(None),
                Example.id.is_not(None),
            )
        )
    )


def words_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Whose words the actor reads, as a WHERE clause of :func:`with_subjects`.

    Authors read their own, whatever became of them; others what is published: a work if they review it, a review or
    comparison if it is about their work and reviews are read by now, an example once it is open.
    """
    here = and_(
        Contribution.tenant_id == actor.tenant_id,
        Contribution.community_id == actor.community_id,
        Contribution.kind.startswith(f"{WIDGET}."),
    )
    if actor.moderates:
        return here
    own = select(Author.work_id).where(Author.user_id == actor.user_id)
    read = Activity.phase.in_(READ_BY_AUTHORS)
    public = or_(
        and_(Work.id.is_not(None), works_seen_by(actor)),
        and_(read, Review.state == ReviewState.SUBMITTED, Review.work_id.in_(own)),
        and_(
            read,
            Comparison.state == ComparisonState.SUBMITTED,
            or_(Comparison.low_id.in_(own), Comparison.high_id.in_(own)),
        ),
        and_(Example.id.is_not(None), Activity.phase.not_in([Phase.DRAFT, Phase.PUBLISHED])),
    )
    mine = or_(Contribution.author_id == actor.user_id, Work.id.in_(own))
    return and_(here, or_(mine, and_(Contribution.state == State.PUBLISHED, public)))
