"""Conflicts of interest: two people who must not review each other, as staff declare it."""

from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.activity import record
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.peer_rating.access import require_runs, taking_part
from lmssocial.widgets.peer_rating.activities import locked, look_again, running
from lmssocial.widgets.peer_rating.allocating.counting import NOT_PEERS, settle
from lmssocial.widgets.peer_rating.events import ReviewRevoked
from lmssocial.widgets.peer_rating.models import OPEN, Author, Conflict, Review, ReviewState, Work

_One, _Other = aliased(User), aliased(User)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Two people who must not review each other."""

    user_id: int
    name: str
    other_id: int
    other_name: str


def declared(session: Session, placement_id: int) -> tuple[Declared, ...]:
    """All conflicts of an activity, by name. One query."""
    rows = session.execute(
        select(_One.id, _One.name, _Other.id, _Other.name)
        .select_from(Conflict)
        .join(_One, _One.id == Conflict.user_id)
        .join(_Other, _Other.id == Conflict.other_id)
        .where(Conflict.placement_id == placement_id)
        .order_by(_One.name, _Other.name, _One.id, _Other.id)
    )
    return tuple(Declared(user_id=row[0], name=row[1], other_id=row[2], other_name=row[3]) for row in rows)


def declare(session: Session, actor: Actor, placement_id: int, one_id: int, other_id: int) -> bool:
    """Let two people not review each other any more; whether that was new.

    What one of them holds of the other's goes to somebody else. Reviews that are finished stay; staff may void them.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises Invalid: if it is not two people who take part in the course.
    """
    running(session, actor, placement_id)
    require_runs(actor)
    pair = {one_id, other_id}
    known = session.scalars(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(User.id.in_(pair), taking_part(actor.course_id))
    ).all()
    if len(pair) < 2 or set(known) != pair:
        raise Invalid(_("Choose two different people who take part in this course."))
    here = locked(session, placement_id)
    row = {
        "placement_id": placement_id,
        "user_id": min(pair),
        "other_id": max(pair),
        "declared_by_id": actor.user_id,
        "declared_at": clock.now(),
    }
    unique = [Conflict.placement_id, Conflict.user_id, Conflict.other_id]
    is_new = insert_if_absent(session, Conflict, row, unique)
    _take_back(session, actor, placement_id, pair)
    look_again(here.activity)
    return is_new


def remove(session: Session, actor: Actor, placement_id: int, one_id: int, other_id: int) -> bool:
    """Let two people review each other again; whether there was a conflict.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    """
    running(session, actor, placement_id)
    require_runs(actor)
    here = locked(session, placement_id)
    gone = session.scalars(
        delete(Conflict)
        .where(
            Conflict.placement_id == placement_id,
            Conflict.user_id == min(one_id, other_id),
            Conflict.other_id == max(one_id, other_id),
        )
        .returning(Conflict.user_id)
    ).all()
    look_again(here.activity)
    return bool(gone)


def _take_back(session: Session, actor: Actor, placement_id: int, pair: set[int]) -> None:
    """Take back what one of two people holds of the other's."""
    one, other = sorted(pair)
    found = session.execute(
        select(Review, Work)
        .join(Work, Work.id == Review.work_id)
        .join(Author, Author.work_id == Review.work_id)
        .where(
            Review.placement_id == placement_id,
            Review.state.in_(OPEN),
            Review.source.not_in(NOT_PEERS),
            or_(
                (Review.reviewer_id == one) & (Author.user_id == other),
                (Review.reviewer_id == other) & (Author.user_id == one),
            ),
        )
        .order_by(Review.id)
        .execution_options(populate_existing=True)
    ).all()
    for review, work in found:
        settle(session, work, review, ReviewState.REVOKED, ended_by_id=actor.user_id)
        told = ReviewRevoked(
            **actor.envelope,
            placement_id=placement_id,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=review.reviewer_id,
        )
        record(session, told)
