"""When somebody counts as knowing a topic, and as somebody who can be asked: WHERE clauses."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Expertise, Person, Profile


def knows() -> ColumnElement[bool]:
    """Expertise that is shown: for a reason, and not one its person does not want to be asked about."""
    return and_(
        Expertise.suspended_at.is_(None),
        or_(
            Expertise.declared_at.is_not(None),
            Expertise.appointed_at.is_not(None),
            Expertise.endorsements > 0,
            Expertise.evidence > 0,
        ),
    )


def is_there() -> ColumnElement[bool]:
    """A Profile of somebody who is in the course still, and whom its LMS does not mark as a test user."""
    return (
        select(Membership.id)
        .join(Community, Community.course_id == Membership.course_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Community.id == Profile.community_id,
            Membership.user_id == Profile.user_id,
            Membership.active.is_(True),
            User.is_test.is_(False),
        )
        .correlate(Profile)
        .exists()
    )


def has_opted_in() -> ColumnElement[bool]:
    """A Profile of somebody who may be asked by anybody at all."""
    return and_(Profile.reach != Reach.NONE, is_there())


def is_paused(now: datetime) -> ColumnElement[bool]:
    """A Profile of somebody who is not asked at present."""
    return (
        select(Person.user_id)
        .where(Person.user_id == Profile.user_id, Person.paused_until > now)
        .correlate(Profile)
        .exists()
    )


def known_by_somebody(topic_id: Any, now: datetime | None = None) -> Any:
    """``SELECT`` of the profiles of those of the topic's community who know it and have opted in.

    :param topic_id: a column or a number.
    :param now: leaves out who is paused then.
    """
    found = (
        select(Profile.user_id)
        .join(
            Expertise,
            and_(Expertise.user_id == Profile.user_id, Expertise.community_id == Profile.community_id),
        )
        .where(Expertise.topic_id == topic_id, knows(), has_opted_in())
    )
    return found if now is None else found.where(~is_paused(now))
