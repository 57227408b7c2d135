"""Whom somebody may see as an expert: people of their own community, and of others where both sides want that."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.topics.clauses import has_opted_in

_FAR = (Reach.COMMUNITY, Reach.ORGANISATION)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """How far somebody sees from where they are."""

    reach: Reach
    """As their activity is set."""
    together: dict[int, str]
    """Communities that are in one across courses with theirs: their ids → what that one is called."""

    def whence(self, actor: Actor, community_id: int) -> str:
        """Where somebody of another community comes from, in words that give away no course; empty for one's own."""
        if community_id == actor.community_id:
            return ""
        return self.together.get(community_id) or _("your organisation")


def seen_by(actor: Actor, circle: Circle) -> ColumnElement[bool]:
    """Profiles of people whom the actor may see as experts, as a WHERE clause on Profile."""
    ways: list[Any] = [Profile.community_id == actor.community_id]
    if circle.reach in _FAR and circle.together:
        ways.append(
            and_(
                Profile.community_id.in_(_ids(circle.together)),
                Profile.reach.in_(_FAR),
                goes(_FAR),
            )
        )
    if circle.reach is Reach.ORGANISATION:
        ways.append(and_(Profile.reach == Reach.ORGANISATION, goes((Reach.ORGANISATION,))))
    return and_(Profile.tenant_id == actor.tenant_id, or_(*ways), has_opted_in())


def goes(reaches: Collection[Reach]) -> ColumnElement[bool]:
    """Whether the activity under which somebody offers themselves goes as far, as a WHERE clause on Profile.

    Staff may have set it nearer since; then people of other courses neither see nor ask them.
    """
    return (
        select(Placement.id)
        .where(
            Placement.id == Profile.placement_id,
            Placement.settings["reach"].as_string().in_([reach.value for reach in reaches]),
        )
        .correlate(Profile)
        .exists()
    )


def _ids(together: dict[int, str]) -> list[int]:
    return sorted(together)
