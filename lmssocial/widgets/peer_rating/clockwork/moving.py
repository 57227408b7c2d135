"""Moving an activity by hand: on, back, or calling it off. Whoever goes back says why. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import Running, enter, locked, look_again, once, running
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.clockwork.keeping import end_open
from lmssocial.widgets.peer_rating.clockwork.moves import ENDS, Move, move_to, moves, with_date
from lmssocial.widgets.peer_rating.events import ActivityConfigured
from lmssocial.widgets.peer_rating.models import Edge, Phase

MAX_REASON = 500
"""Characters."""


def possible(session: Session, running: Running) -> tuple[Move, ...]:
    """Where staff may move an activity now."""
    cancelled_in = None
    if running.phase is Phase.CANCELLED:
        cancelled_in = _cancelled_in(session, running.placement.id)
    return moves(running.settings, facts_of(session, running), clock.now(), cancelled_in=cancelled_in)


def move(
    session: Session,
    actor: Actor,
    placement_id: int,
    phase: Phase,
    reason: str = "",
    *,
    due_at: datetime | None = None,
) -> Phase:
    """Let an activity be in another phase from now on, and say in which it was.

    :param reason: needed where it goes back.
    :param due_at: when the phase shall end; needed where its date is over.
    :raises NotAllowed: for anybody but staff.
    :raises Conflict: if it cannot be moved there from where it is.
    :raises Invalid: without a reason or a date that are needed.
    """
    require_runs(actor)
    running(session, actor, placement_id)  # there is one, and it is theirs
    here = locked(session, placement_id)
    before = here.phase
    if before is phase:
        return before
    wanted = move_to(possible(session, here), phase)
    if wanted is None:
        raise Conflict(_impossible(here, phase))
    reason = reason.strip()[:MAX_REASON]
    if (wanted.is_back or phase is Phase.CANCELLED) and not reason:
        raise Invalid(_("Say why. It is kept with the history of this activity."))
    if wanted.is_back and phase in ENDS:
        here = _with_date(session, actor, here, wanted, due_at)
    if phase is Phase.CANCELLED:
        end_open(session, here, by=actor)
    enter(session, here, phase, actor=actor, reason=reason)
    return before


def _with_date(
    session: Session, actor: Actor, here: Running, wanted: Move, due_at: datetime | None
) -> Running:
    """Have the phase that it goes back to end later than now."""
    if due_at is None:
        if wanted.needs_date:
            raise Invalid(_("Its date is over, so it would go on at once. Say until when it shall last."))
        return here
    return set_date(session, actor, here, ENDS[wanted.to], due_at)


def set_date(
    session: Session, actor: Actor, here: Running, name: str, to: datetime, reason: str = ""
) -> Running:
    """Change a date of a locked activity for everybody, and later ones with it where they would come too early.

    :param name: of the setting.
    :raises Invalid: if it is not in the future.
    """
    if to <= clock.now():
        raise Invalid(_("This moment is over. Choose one in the future."))
    settings = with_date(here.settings, name, to)
    stored, plain = settings.as_json(), here.settings.as_json()
    changed = [one for one, value in stored.items() if value != plain[one]]
    here.placement.settings = here.placement.settings | {one: stored[one] for one in changed}
    look_again(here.activity)
    if changed:
        note(session, here, f"date:{name}", actor, reason, {"before": plain[name], "after": stored[name]})
        record(
            session,
            ActivityConfigured(**actor.envelope, placement_id=here.placement.id, changed=changed),
        )
    return Running(placement=here.placement, activity=here.activity, settings=settings)


def note(
    session: Session, here: Running, edge: str, actor: Actor, reason: str, facts: dict[str, object]
) -> None:
    """Note something that staff may do any number of times, for the history of a locked activity."""
    before = session.scalars(
        select(Edge.epoch)
        .where(Edge.placement_id == here.placement.id, Edge.edge == edge)
        .order_by(Edge.epoch.desc())
        .limit(1)
    ).first()
    number = 0 if before is None else before + 1
    once(session, here.placement.id, edge, number, by_id=actor.user_id, reason=reason, facts=facts)


def _cancelled_in(session: Session, placement_id: int) -> Phase | None:
    """The phase in which an activity was called off."""
    edge = session.scalars(
        select(Edge.edge)
        .where(Edge.placement_id == placement_id, Edge.edge.like(f"%-{Phase.CANCELLED}"))
        .order_by(Edge.id.desc())
        .limit(1)
    ).first()
    return Phase(edge.partition("-")[0]) if edge else None


def _impossible(here: Running, phase: Phase) -> str:
    """Why it cannot be moved there."""
    general = _(
        "It cannot be moved there from where it is now. Somebody may have moved it meanwhile; look again."
    )
    if here.phase is Phase.DRAFT:
        return _("It is not set up yet. You open it on the page of its settings.")
    whatever_it_is = {
        Phase.RELEASED: _("Scores are released on the page of scores, where you see them before others do."),
        Phase.CANCELLED: _(
            "Scores are released, so it cannot be called off any more. Take the release back first."
        ),
    }
    from_there = {
        (Phase.SUBMIT, Phase.REVIEW): _(
            "Nothing is handed in, so there is nothing to review. Give people more time, or call it off."
        ),
        (Phase.SUBMIT, Phase.DRAFT): _(
            "Somebody has handed in, so it cannot be a draft again. You can call it off."
        ),
        (Phase.RELEASED, Phase.CLOSED): _(
            "An appeal waits for an answer. Decide about it, then the activity can be closed."
        ),
    }
    return from_there.get((here.phase, phase)) or whatever_it_is.get(phase) or general
