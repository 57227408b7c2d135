"""Everything of one person in an activity, for staff. The same number of statements for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.peer_rating.activities import Running, extension_of
from lmssocial.widgets.peer_rating.board import lines, people
from lmssocial.widgets.peer_rating.board.lines import ReviewLine
from lmssocial.widgets.peer_rating.board.people import PersonRow
from lmssocial.widgets.peer_rating.board.tallies import tallies_of
from lmssocial.widgets.peer_rating.models import Author, Extension, Review, Source, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import Appeal, Result, ReviewerResult


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person here."""

    user_id: int
    name: str
    row: PersonRow | None
    """How they stand; ``None`` for somebody who does not take part any more."""
    asked: int
    extension: Extension | None
    works: Sequence[Work]
    """All they ever handed in here, the last one first."""
    received: Sequence[ReviewLine]
    given: Sequence[ReviewLine]
    compared: int
    result: Result | None
    reviewing: ReviewerResult | None
    appeals: Sequence[Appeal]


def person(session: Session, actor: Actor, running: Running, user_id: int) -> Person:
    """Everything of one person. The caller has asked who may know.

    :raises NotFound: if they were never in the course.
    """
    placement_id = running.placement.id
    name = session.scalar(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(User.id == user_id, Membership.course_id == actor.course_id)
    )
    if name is None:
        reason = f"user {user_id} is not in course {actor.course_id}"
        raise NotFound(_("There is nobody at this address."), reason=reason)
    works = session.scalars(
        select(Work)
        .join(Author, Author.work_id == Work.id)
        .where(Author.placement_id == placement_id, Author.user_id == user_id)
        .order_by(Work.id.desc())
    ).all()
    here = Review.placement_id == placement_id
    own = select(Author.work_id).where(Author.placement_id == placement_id, Author.user_id == user_id)
    about = lines.lines(session, here, Review.work_id.in_(own))
    by = lines.lines(session, here, Review.reviewer_id == user_id, Review.source != Source.SELF)
    return Person(
        user_id=user_id,
        name=name,
        row=people.one(session, actor, running, user_id),
        asked=tallies_of(session, actor, running).asked,
        extension=extension_of(session, placement_id, user_id),
        works=works,
        received=about,
        given=by,
        compared=_compared(session, placement_id, user_id),
        result=session.get(Result, works[0].id) if works else None,
        reviewing=session.get(ReviewerResult, (placement_id, user_id)),
        appeals=session.scalars(
            select(Appeal)
            .where(Appeal.placement_id == placement_id, Appeal.author_id == user_id)
            .order_by(Appeal.id)
        ).all(),
    )


def _compared(session: Session, placement_id: int, user_id: int) -> int:
    """How many pairs they have compared."""
    sent = (
        Comparison.placement_id == placement_id,
        Comparison.judge_id == user_id,
        Comparison.state == ComparisonState.SUBMITTED,
    )
    return session.scalar(select(func.count()).select_from(Comparison).where(*sent)) or 0
