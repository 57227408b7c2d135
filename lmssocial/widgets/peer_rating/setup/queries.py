"""What the page of settings shows: how far the activity is, and the rubrics that can be taken from elsewhere."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course, Membership
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import Work
from lmssocial.widgets.peer_rating.pair_models import Comparison
from lmssocial.widgets.peer_rating.setup.rules import Standing

MOST = 100
"""Activities whose rubrics are offered: the latest."""


@dataclass(frozen=True, kw_only=True)
class RubricFound:
    """The rubric of another activity."""

    placement_id: int
    title: str
    """Of the activity."""
    course_title: str
    """Empty if it is of the same course."""
    rubric: tuple[Criterion, ...]


def standing_of(session: Session, running: Running) -> Standing:
    """How far an activity is. One query."""
    placement_id = running.placement.id
    in_use = and_(Example.placement_id == placement_id, Example.retired_at.is_(None))
    row = session.execute(
        select(
            exists().where(Work.placement_id == placement_id).label("handed_in"),
            or_(
                exists().where(Comparison.placement_id == placement_id),
                exists().where(Try.example_id == Example.id, Example.placement_id == placement_id),
            ).label("begun"),
            select(func.count(Example.id)).where(in_use).scalar_subquery().label("examples"),
        )
    ).one()
    return Standing(
        phase=running.phase,
        handed_in=row.handed_in,
        reviewed=row.begun or running.activity.rubric_id is not None,
        examples=row.examples,
    )


def rubrics_at_hand(session: Session, actor: Actor, but: int) -> tuple[RubricFound, ...]:
    """The rubrics of other activities, of whatever kind, in the courses in which the actor is staff. One query.

    Those of this course come first, then the latest.

    :param but: the id of the placement they are for.
    """
    rows = session.execute(
        select(
            Placement.id,
            Placement.title,
            Placement.settings,
            Course.title.label("course_title"),
            Course.id.label("course_id"),
        )
        .join(Community, Community.id == Placement.community_id)
        .join(Course, Course.id == Community.course_id)
        .join(Membership, Membership.course_id == Course.id)
        .where(
            Placement.tenant_id == actor.tenant_id,
            Placement.id != but,
            Membership.user_id == actor.user_id,
            Membership.active.is_(True),
            Membership.lead_role.in_(STAFF),
        )
        .order_by((Course.id == actor.course_id).desc(), Placement.id.desc())
        .limit(MOST)
    )
    found = (
        RubricFound(
            placement_id=row.id,
            title=row.title,
            course_title="" if row.course_id == actor.course_id else row.course_title,
            rubric=_rubric_in(row.settings),
        )
        for row in rows
    )
    return tuple(one for one in found if one.rubric)


def _rubric_in(settings: JsonObject) -> tuple[Criterion, ...]:
    """Every kind of activity that has a rubric keeps it in the same form, under the same name."""
    try:
        return criteria.from_json(settings.get("rubric") or [])
    except (TypeError, ValueError, KeyError):
        return ()
