"""Whose a review is: found for the one who writes it, with all that decides whether they still may."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import Running, extension_of, locked, running
from lmssocial.widgets.peer_rating.models import Author, Extension, Review, Rubric, Work
from lmssocial.widgets.peer_rating.reviews.stages import Stage, stage_of


@dataclass(frozen=True, kw_only=True)
class Held:
    """A review, its work, and the dates of whoever writes it."""

    running: Running
    review: Review
    work: Work
    extension: Extension | None
    rubric: tuple[Criterion, ...]

    @property
    def stage(self) -> Stage:
        """Where it stands now."""
        return stage_of(self.running, self.review, self.work, self.extension, clock.now())


def held(session: Session, actor: Actor, placement_id: int, review_id: int, *, lock: bool = False) -> Held:
    """The actor's own review.

    :param lock: to change it: until this transaction ends nobody else changes this activity.
    :raises NotFound: if they have none there.
    """
    here = running(session, actor, placement_id)
    if lock:
        here = locked(session, placement_id)
    review, work, rubric = review_at(session, actor, placement_id, review_id, fresh=lock)
    if review.reviewer_id != actor.user_id:
        raise _nothing(f"review {review_id} is not that of user {actor.user_id}")
    extension = extension_of(session, placement_id, actor.user_id)
    return Held(running=here, review=review, work=work, extension=extension, rubric=rubric)


def review_at(
    session: Session, actor: Actor, placement_id: int, review_id: int, *, fresh: bool = False
) -> tuple[Review, Work, tuple[Criterion, ...]]:
    """A review of an activity in the actor's community, whoever wrote it, with its rubric. One query.

    :param fresh: whether to look again at what this session knows already.
    :raises NotFound: if there is none.
    """
    found = session.execute(
        select(Review, Work, Rubric)
        .join(Work, Work.id == Review.work_id)
        .outerjoin(Rubric, Rubric.id == Review.rubric_id)
        .where(
            Review.id == review_id,
            Review.placement_id == placement_id,
            Review.tenant_id == actor.tenant_id,
            Review.community_id == actor.community_id,
        )
        .execution_options(populate_existing=fresh)
    ).first()
    if found is None:
        raise _nothing(f"no review {review_id} at placement {placement_id}")
    review, work, rubric = found
    return (
        review,
        work,
        criteria.from_json(rubric.criteria["criteria"]) if review.rubric_id is not None else (),
    )


def authors_of(session: Session, work_id: int) -> Collection[int]:
    """The ids of those who handed a work in. One query."""
    found = select(Author.user_id).where(Author.work_id == work_id).order_by(Author.user_id)
    return tuple(session.scalars(found))


def _nothing(reason: str) -> NotFound:
    return NotFound(_("There is no review of yours at this address."), reason=reason)
