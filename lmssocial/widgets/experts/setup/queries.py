"""What is there already, and what an instructor can do next."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.social.communities.models import Affiliation
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Expertise, Profile
from lmssocial.widgets.experts.topic_models import Topic


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far expert connect is set up in a community."""

    experts: int
    """People who may be asked."""
    topics: int
    covered: int
    """Topics that at least one of them knows about."""
    spans: int
    """Communities across courses that this one is in."""


def standing(session: Session, community_id: int) -> Standing:
    """How far it is. One query."""
    experts = select(func.count()).where(Profile.community_id == community_id, Profile.reach != Reach.NONE)
    current = (Topic.community_id == community_id, Topic.merged_into_id.is_(None), Topic.retired_at.is_(None))
    topics = select(func.count(Topic.id)).where(*current)
    known = (
        select(func.count(Expertise.topic_id.distinct()))
        .join(Topic, Topic.id == Expertise.topic_id)
        .join(
            Profile,
            (Profile.user_id == Expertise.user_id) & (Profile.community_id == Expertise.community_id),
        )
        .where(*current, Profile.reach != Reach.NONE, Expertise.suspended_at.is_(None))
    )
    spans = select(func.count()).where(Affiliation.community_id == community_id)
    row = session.execute(
        select(
            experts.scalar_subquery(),
            topics.scalar_subquery(),
            known.scalar_subquery(),
            spans.scalar_subquery(),
        )
    ).one()
    return Standing(experts=row[0], topics=row[1], covered=row[2], spans=row[3])
