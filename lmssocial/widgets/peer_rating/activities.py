"""The activity of a placement: found, begun, and remembered what was done once. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import record
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community, Placement
from lmssocial.widgets.peer_rating.events import PhaseChanged
from lmssocial.widgets.peer_rating.models import Activity, Edge, Extension, Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings

WIDGET = "peer_rating"
"""The kind of placement an activity lives in."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """An activity, and how it is set."""

    placement: Placement
    activity: Activity
    settings: PeerSettings

    @property
    def phase(self) -> Phase:
        """Where it is."""
        return self.activity.phase


def running(session: Session, actor: Actor, placement_id: int) -> Running:
    """The actor's activity at a placement, to be read. One that nobody has touched yet is a draft.

    :raises NotFound: if their community has none there.
    """
    found = session.execute(
        select(Placement, Activity)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .where(
            Placement.id == placement_id,
            Placement.tenant_id == actor.tenant_id,
            Placement.community_id == actor.community_id,
            Placement.widget == WIDGET,
        )
    ).first()
    if found is None:
        reason = f"no activity at placement {placement_id} of community {actor.community_id}"
        raise NotFound(reason=reason)
    placement: Placement = found[0]
    activity: Activity | None = found[1]
    return _running(placement, activity or Activity(**_new(placement)))


def locked(session: Session, placement_id: int) -> Running:
    """The activity at a placement, to be changed: until this transaction ends nobody else changes it.

    Whoever gives out, takes back or counts reviews begins here, so that two of them follow each other.
    The caller has asked who may.
    """
    placement = session.get_one(Placement, placement_id)
    insert_if_absent(session, Activity, _new(placement), [Activity.placement_id])
    activity = session.scalars(
        select(Activity)
        .where(Activity.placement_id == placement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    # Read after the lock: who waited for somebody that changed the settings goes by those.
    session.refresh(placement)
    return _running(placement, activity)


def _running(placement: Placement, activity: Activity) -> Running:
    return Running(placement=placement, activity=activity, settings=PeerSettings.read(placement.settings))


def _new(placement: Placement) -> dict[str, Any]:
    return {
        "placement_id": placement.id,
        "tenant_id": placement.tenant_id,
        "community_id": placement.community_id,
        "phase": Phase.DRAFT,
        "phase_since": placement.created_at,
        "epoch": 0,
        "seed": new_token()[:32],
        "scores_stale": False,
        "version": 1,
    }


def once(
    session: Session,
    placement_id: int,
    edge: str,
    epoch: int,
    *,
    by_id: int | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Note that something is done; ``False`` if it was done before, and must not be done again.

    :param edge: its name, at most 60 characters.
    :param by_id: who did it; ``None``: the clock.
    """
    row = {
        "placement_id": placement_id,
        "edge": edge,
        "epoch": epoch,
        "made_at": clock.now(),
        "made_by_id": by_id,
        "reason": reason,
        "facts": dict(facts or {}),
    }
    return insert_if_absent(session, Edge, row, [Edge.placement_id, Edge.edge, Edge.epoch])


def enter(session: Session, running: Running, phase: Phase, *, actor: Actor | None, reason: str = "") -> None:
    """Let a locked activity be in another phase from now on. Going back begins a new epoch.

    Each step is noted, and told of, once in an epoch. Whether it may be taken has been asked by the caller.

    :param actor: who takes it; ``None``: the clock.
    """
    activity, before = running.activity, running.phase
    if before is phase:
        return
    if _ORDER[phase] < _ORDER[before]:
        activity.epoch += 1
    activity.phase = phase
    activity.phase_since = activity.next_at = clock.now()
    session.flush()
    edge = f"{before}-{phase}"
    by_id = actor.user_id if actor else None
    if once(session, activity.placement_id, edge, activity.epoch, by_id=by_id, reason=reason):
        told = PhaseChanged(
            **envelope(session, running, actor),
            placement_id=activity.placement_id,
            before=before,
            phase=phase,
            epoch=activity.epoch,
        )
        record(session, told)


def envelope(session: Session, running: Running, actor: Actor | None) -> dict[str, Any]:
    """The fields that every event has; those of nobody for what happens by the clock."""
    if actor is not None:
        return actor.envelope
    community = session.get_one(Community, running.activity.community_id)
    return {
        "tenant_id": community.tenant_id,
        "course_id": community.course_id,
        "community_id": community.id,
        "actor_id": None,
        "actor_role": "",
    }


_ORDER = {phase: place for place, phase in enumerate(Phase)}
"""Which phase comes after which."""


def extension_of(session: Session, placement_id: int, user_id: int) -> Extension | None:
    """The dates of one person, if they have others than everybody."""
    return session.get(Extension, (placement_id, user_id))


def look_again(activity: Activity) -> None:
    """Have the clockwork look at an activity with its next turn: dates or facts have changed."""
    activity.next_at = clock.now()
