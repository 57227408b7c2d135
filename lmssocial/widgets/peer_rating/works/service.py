"""What is done to works: handed in (:mod:`.entering`), withdrawn, taken out and put back. Nothing here commits."""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core import activity as log
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.text import tidy
from lmssocial.social.moderation import cases
from lmssocial.widgets.peer_rating import access, columns, gates
from lmssocial.widgets.peer_rating.activities import Running, locked, look_again, running
from lmssocial.widgets.peer_rating.events import (
    WorkTakenBack,
    WorkTakenOut,
    WorkWithdrawn,
)
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Source, Work, WorkState
from lmssocial.widgets.peer_rating.works.entering import consider, hand_in
from lmssocial.widgets.peer_rating.works.letting_go import release
from lmssocial.widgets.peer_rating.works.queries import author_ids, no_work, own_work
from lmssocial.widgets.peer_rating.works.stages import TAKING

__all__ = ["consider", "hand_in", "take_back_in", "take_out", "withdraw"]

_Own, _Other = aliased(Author), aliased(Author)

MAX_REASON = 2000
"""Characters of what authors read about a work that was taken out."""

OUT = (WorkState.CANCELLED, WorkState.EXCLUDED)
"""Where staff put a work that they take out."""


def withdraw(session: Session, actor: Actor, placement_id: int) -> Work:
    """Take the own work back. Whoever had it to review gets another; it can be handed in again while work is taken.

    :raises NotFound: if the actor has handed nothing in there.
    :raises NotAllowed: if they hand nothing in here.
    :raises Conflict: if somebody has reviewed it, or reviewing is over.
    """
    access.require_takes_part(actor)
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    own = own_work(session, actor, placement_id)
    if own is None or not own.is_in:
        raise no_work(actor, own.id if own else 0)
    if own.is_reviewed:
        raise Conflict(
            _("Somebody has reviewed this work already, so it cannot be withdrawn. Nothing has changed.")
        )
    if here.phase not in TAKING:
        raise Conflict(_("Reviewing is over, so this work cannot be withdrawn. Nothing has changed."))
    work = session.get_one(Work, own.id, populate_existing=True)
    work.state, work.note = WorkState.WITHDRAWN, ""
    work.version += 1
    release(session, actor, work, note=_("This work was withdrawn."))
    cases.withdraw(session, actor, work.contribution_id, cases.SUPERSEDED)
    log.record(session, WorkWithdrawn(**actor.envelope, **_about(session, work)))
    columns.taken_back(session, here, author_ids(session, work.id))
    look_again(here.activity)
    return work


def take_out(session: Session, actor: Actor, work_id: int, state: WorkState, reason: str) -> Work:
    """Take a work out: cancel it, or keep it from peers so that staff review it. Finished reviews of it stay.

    :param state: ``CANCELLED`` or ``EXCLUDED``.
    :param reason: its authors read it.
    :raises NotFound: if there is no such work in the actor's community.
    :raises NotAllowed: if they are not staff.
    :raises Invalid: if there is no reason.
    :raises Conflict: if it is out already, or everything is over.
    """
    access.require_runs(actor)
    here, work = _to_change(session, actor, work_id)
    said = tidy(reason).strip()
    if not said or len(said) > MAX_REASON:
        raise Invalid(_("Write to its author why, in at most %(max)d characters.", max=MAX_REASON))
    if state not in OUT:
        raise Invalid(_("Choose what shall become of the work."), reason=f"{state} takes nothing out")
    if work.state is state or work.state not in HANDED_IN:
        raise Conflict(_("This work is not among the others any more. Nothing has changed."))
    work.state, work.note = state, said
    work.version += 1
    kept = (Source.STAFF, Source.SELF) if state is WorkState.EXCLUDED else ()
    note = _("An instructor took this work out.")
    release(session, actor, work, note=note, kept=kept)
    log.record(session, WorkTakenOut(**actor.envelope, **_about(session, work), state=state.value))
    if state is WorkState.CANCELLED:
        columns.taken_back(session, here, author_ids(session, work.id))
    _matters(here)
    return work


def take_back_in(session: Session, actor: Actor, work_id: int) -> Work:
    """Put a work among the others again that staff had taken out.

    :raises NotFound: if there is no such work in the actor's community.
    :raises NotAllowed: if they are not staff.
    :raises Conflict: if it is not out, or its author has handed in something else since.
    """
    access.require_runs(actor)
    here, work = _to_change(session, actor, work_id)
    if work.state not in OUT:
        raise Conflict(_("This work is among the others already. Nothing has changed."))
    if _has_newer(session, work):
        raise Conflict(
            _("Its author has handed in something else since, so this work stays out. Nothing has changed.")
        )
    work.state, work.note = WorkState.SUBMITTED, ""
    work.version += 1
    log.record(session, WorkTakenBack(**actor.envelope, **_about(session, work)))
    columns.handed_in(session, here, author_ids(session, work.id), work.submitted_at)
    _matters(here)
    return work


def _to_change(session: Session, actor: Actor, work_id: int) -> tuple[Running, Work]:
    found = select(Work.placement_id).where(Work.id == work_id, access.works_seen_by(actor))
    placement_id = session.scalar(found)
    if placement_id is None:
        raise no_work(actor, work_id)
    here = locked(session, placement_id)
    if here.phase in gates.OVER:
        raise Conflict(_("This activity is closed, so its works stay as they are. Nothing has changed."))
    return here, session.get_one(Work, work_id, populate_existing=True)


def _has_newer(session: Session, work: Work) -> bool:
    """Whether one of its authors has handed in another one since, whatever became of that."""
    newer = (
        select(_Other.work_id)
        .join(_Own, and_(_Own.user_id == _Other.user_id, _Own.placement_id == _Other.placement_id))
        .where(_Own.work_id == work.id, _Other.round > _Own.round)
    )
    return session.scalar(newer.limit(1)) is not None


def _about(session: Session, work: Work) -> dict[str, Any]:
    return {
        "placement_id": work.placement_id,
        "work_id": work.id,
        "author_ids": author_ids(session, work.id),
    }


def _matters(here: Running) -> None:
    here.activity.scores_stale = True
    look_again(here.activity)
