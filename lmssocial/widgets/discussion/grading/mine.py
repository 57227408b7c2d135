"""What a learner sees of their own grade: what is expected, what they chose, and the grade once it was returned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Reached
from lmssocial.widgets.discussion.grading import posts
from lmssocial.widgets.discussion.grading.posts import OwnPost
from lmssocial.widgets.discussion.models import Grade
from lmssocial.widgets.discussion.settings import DiscussionSettings


@dataclass(frozen=True, kw_only=True)
class OwnGrade:
    """A grade that was returned."""

    reached: tuple[Reached, ...]
    points: float
    most: float
    comment: str
    grader_name: str
    returned_at: datetime


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Everything on a learner's page."""

    settings: DiscussionSettings
    posts: tuple[OwnPost, ...]
    is_locked: bool
    """Whether the discussion is closed."""
    is_graded: bool
    """Whether staff saved a grade; what it says is in ``grade`` once it was returned, and nowhere before."""
    grade: OwnGrade | None

    @property
    def may_choose(self) -> bool:
        """Whether the choice can still be changed."""
        return not self.is_locked and not self.is_graded

    @property
    def chosen(self) -> tuple[OwnPost, ...]:
        """What they chose."""
        return tuple(post for post in self.posts if post.is_chosen)


def mine(session: Session, actor: Actor, placement: Placement) -> Mine:
    """The learner's own page. Two queries, and the place was asked for already."""
    settings = DiscussionSettings.read(placement.settings)
    found = session.execute(
        select(Grade, User.name)
        .join(User, User.id == Grade.grader_id)
        .where(Grade.placement_id == placement.id, Grade.user_id == actor.user_id)
    ).first()
    return Mine(
        settings=settings,
        posts=posts.own(session, placement.id, actor.user_id),
        is_locked=settings.locks_at is not None and settings.locks_at <= clock.now(),
        is_graded=found is not None,
        grade=None if found is None else _returned(found.Grade, found.name),
    )


def _returned(row: Grade, grader_name: str) -> OwnGrade | None:
    if row.returned_at is None:
        return None
    return OwnGrade(
        reached=criteria.reached(row.levels),
        points=row.points,
        most=criteria.most_of(row.levels),
        comment=row.comment,
        grader_name=grader_name,
        returned_at=row.returned_at,
    )
