"""Where an activity meets the LMS: its column, the page the gradebook leads to, and who hears of trouble there."""

from dataclasses import replace

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import LineItemDraft
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.notifications.recipients import moderators
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import WIDGET
from lmssocial.widgets.peer_rating.scoring_models import Release
from lmssocial.widgets.peer_rating.settings import PeerSettings


def line_item(settings: JsonObject) -> LineItemDraft | None:
    """The column for the work in an activity with these settings.

    ``None`` if it goes into no gradebook, or if nobody has said yet what the work is worth.
    """
    points = PeerSettings.read(settings).points
    return LineItemDraft(maximum=points) if "points" in settings and points > 0 else None


def graded(settings: JsonObject, points: float) -> JsonObject:
    """These settings, with the work being worth ``points``: all that was asked for, and what the column shows."""
    read = PeerSettings.read(settings)
    return {**settings, **replace(read, points=points, reviewing_points=0.0).as_json()}


def review_path(actor: Actor, placement_id: int, user_id: int) -> str:
    """Where the actor looks at somebody's part in it: staff at everybody's, learners at what they got; else empty."""
    if access.runs(actor):
        return url_for("peer_rating.person_detail", placement_id=placement_id, user_id=user_id)
    if access.takes_part(actor) and actor.user_id == user_id:
        return url_for("peer_rating.feedback", placement_id=placement_id)
    return ""


def graders(session: Session, placement_id: int, user_id: int) -> set[int]:  # noqa: ARG001 – whose grade it is
    """Whoever released the scores last, or all who look after the course if nobody did; empty for other widgets."""
    placement = session.get(Placement, placement_id)
    if placement is None or placement.widget != WIDGET:
        return set()
    made_by = session.scalar(
        select(Release.made_by_id)
        .where(Release.placement_id == placement_id)
        .order_by(Release.number.desc())
        .limit(1)
    )
    return {made_by} if made_by is not None else moderators(session, placement.community_id)
