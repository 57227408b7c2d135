"""What of a community and its placements is a setting, and so comes along into a copied course.

Settings: the quality tier, the ground rules, the answering time, which plugin is on and how it is set.
Not settings: groups and who is in them, offices, moments; and whatever people wrote.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Level
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.plugin_settings import service as plugin_settings

MOMENT = "_at"
"""How the names of settings end that are moments. They were those of the old course and stay behind in a copy."""


def without_moments(settings: JsonObject) -> JsonObject:
    """``settings`` without the moments in it, however deep."""
    kept: JsonObject = _kept(settings)
    return kept


def bring_community(session: Session, from_id: int, to_id: int) -> None:
    """Set a community like the one it is copied from, unless something is placed in it: people have begun there."""
    if session.scalar(select(Placement.id).where(Placement.community_id == to_id).limit(1)) is not None:
        return
    original, copy = session.get_one(Community, from_id), session.get_one(Community, to_id)
    copy.tier, copy.ground_rules, copy.answer_hours = (
        original.tier,
        original.ground_rules,
        original.answer_hours,
    )
    if original.course_id is not None and copy.course_id is not None:
        plugin_settings.bring(
            session,
            level=Level.COURSE,
            from_id=original.course_id,
            to_id=copy.course_id,
            kept=without_moments,
        )


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(one) for name, one in value.items() if not str(name).endswith(MOMENT)}
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return value
