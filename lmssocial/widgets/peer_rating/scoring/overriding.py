"""Points that an instructor gives instead of what the reviews say. No review is touched by it. Nothing here commits."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.rubrics.criteria import DECIMALS
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import Running, locked
from lmssocial.widgets.peer_rating.gates import OVER
from lmssocial.widgets.peer_rating.models import HANDED_IN, Work
from lmssocial.widgets.peer_rating.score_events import ScoreOverridden
from lmssocial.widgets.peer_rating.scoring.inputs import bounds
from lmssocial.widgets.peer_rating.scoring_models import Appeal, Override

MOST_REASON = 2000
"""Characters."""


def override(
    session: Session, actor: Actor, work_id: int, points: float, reason: str, *, appeal_id: int | None = None
) -> Override:
    """Give a work other points. Its author sees them with the next release.

    What was given before is kept, and withdrawn.

    :param points: of the most that the rubric gives.
    :param reason: its author reads it.
    :param appeal_id: what it decides; who was asked to look at that need not be staff.
    :raises NotAllowed: if the actor is not staff, or the activity is over.
    :raises NotFound: if there is no such work.
    :raises Invalid: if the rubric does not give so many points, or there is no reason.
    """
    if not _is_asked(session, actor, work_id, appeal_id):
        require_runs(actor)
    running, work = _begin(session, actor, work_id)
    _low, most = bounds(session, running)
    if not math.isfinite(points) or not 0 <= points <= most:
        raise Invalid(_("Give between 0 and %(most)s points.", most=f"{most:g}"))
    words = _reason(reason)
    for row in _standing(session, work):
        row.withdrawn_at = clock.now()
    given = Override(
        tenant_id=work.tenant_id,
        placement_id=work.placement_id,
        work_id=work.id,
        points=round(points, DECIMALS),
        reason=words,
        appeal_id=appeal_id,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    session.add(given)
    _record(session, actor, work, withdrawn=False)
    session.flush()
    return given


def withdraw_override(session: Session, actor: Actor, work_id: int) -> None:
    """Let a work have the points again that the reviews give it. Its author sees them with the next release.

    :raises NotAllowed: if the actor is not staff, or the activity is over.
    :raises NotFound: if there is no such work.
    :raises Conflict: if nobody gave it points.
    """
    require_runs(actor)
    _running, work = _begin(session, actor, work_id)
    rows = _standing(session, work)
    if not rows:
        raise Conflict(_("This work has the points that the reviews give it. Nothing was changed."))
    for row in rows:
        row.withdrawn_at = clock.now()
    _record(session, actor, work, withdrawn=True)
    session.flush()


def _is_asked(session: Session, actor: Actor, work_id: int, appeal_id: int | None) -> bool:
    """Whether somebody who moderates was asked by staff to decide about an appeal against this work's score."""
    if appeal_id is None or not actor.moderates:
        return False
    asked = select(Appeal.id).where(
        Appeal.id == appeal_id, Appeal.work_id == work_id, Appeal.assigned_to_id == actor.user_id
    )
    return session.scalar(asked) is not None


def _begin(session: Session, actor: Actor, work_id: int) -> tuple[Running, Work]:
    work = session.scalar(
        select(Work).where(
            Work.id == work_id, Work.tenant_id == actor.tenant_id, Work.community_id == actor.community_id
        )
    )
    if work is None:
        raise NotFound(reason=f"no work {work_id} in community {actor.community_id}")
    running = locked(session, work.placement_id)
    session.refresh(work)
    if running.phase in OVER:
        raise NotAllowed(_("This activity is over, so its scores stay as they are."))
    if work.state not in HANDED_IN:
        raise Conflict(_("This work was taken back or out, so it gets no score."))
    return running, work


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Invalid(_("Say why. The author of the work reads it."))
    if len(words) > MOST_REASON:
        raise Invalid(_("The reason has more than %(most)s characters. Shorten it.", most=MOST_REASON))
    return words


def _standing(session: Session, work: Work) -> list[Override]:
    return list(
        session.scalars(
            select(Override)
            .where(Override.work_id == work.id, Override.withdrawn_at.is_(None))
            .order_by(Override.id)
        )
    )


def _record(session: Session, actor: Actor, work: Work, *, withdrawn: bool) -> None:
    told = ScoreOverridden(
        **actor.envelope, placement_id=work.placement_id, work_id=work.id, withdrawn=withdrawn
    )
    record(session, told)
