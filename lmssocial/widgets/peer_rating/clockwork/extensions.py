"""Other dates: for one person, and for everybody. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.peer_rating.access import require_runs, taking_part
from lmssocial.widgets.peer_rating.activities import Running, extension_of, locked, look_again, running
from lmssocial.widgets.peer_rating.clockwork.moves import ENDS
from lmssocial.widgets.peer_rating.clockwork.moving import MAX_REASON, move, note, set_date
from lmssocial.widgets.peer_rating.events import ExtensionGiven
from lmssocial.widgets.peer_rating.gates import OVER, SCORED
from lmssocial.widgets.peer_rating.models import Extension, Phase

_ORDER = {phase: place for place, phase in enumerate(Phase)}


def person(session: Session, actor: Actor, user_id: int) -> User:
    """Somebody who takes part in the actor's course.

    :raises NotFound: if they do not.
    """
    found = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(User.id == user_id, taking_part(actor.course_id))
    ).first()
    if found is None:
        reason = f"user {user_id} does not take part in course {actor.course_id}"
        raise NotFound(_("Nobody with this address takes part in this course."), reason=reason)
    return found


def extend(
    session: Session,
    actor: Actor,
    placement_id: int,
    user_id: int,
    submit_due_at: datetime | None,
    review_due_at: datetime | None,
    reason: str = "",
) -> Extension | None:
    """Give one person other dates; both ``None`` takes them back. They are told.

    A date that they had already may stay, also when it is over; a new one is in the future.

    :raises NotAllowed: for anybody but staff.
    :raises NotFound: if they do not take part.
    :raises Conflict: if the activity is over.
    :raises Invalid: if a date is over, or reviewing would end before handing in does.
    """
    require_runs(actor)
    running(session, actor, placement_id)
    person(session, actor, user_id)
    here = locked(session, placement_id)
    _still_matters(here)
    before = extension_of(session, placement_id, user_id)
    had = (before.submit_due_at, before.review_due_at) if before else (None, None)
    wants = (submit_due_at, review_due_at)
    if wants == had:
        return before
    _check(here, had, wants)
    reason = reason.strip()[:MAX_REASON]
    given = _store(session, actor, here, user_id, wants, reason)
    note(
        session,
        here,
        f"extended:{user_id}",
        actor,
        reason,
        {"submit_due_at": _plain(submit_due_at), "review_due_at": _plain(review_due_at)},
    )
    look_again(here.activity)
    record(session, ExtensionGiven(**actor.envelope, placement_id=placement_id, user_id=user_id))
    return given


def extend_all(
    session: Session, actor: Actor, placement_id: int, phase: Phase, due_at: datetime, reason: str = ""
) -> None:
    """Let a phase end later, or earlier, for everybody. If it is over, the activity goes back to it.

    :param phase: one that has a date.
    :raises NotAllowed: for anybody but staff.
    :raises Conflict: if the activity cannot go back there.
    :raises Invalid: if the date is over, or if it goes back and no reason is given.
    """
    require_runs(actor)
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    if _ORDER[here.phase] > _ORDER[phase]:
        move(session, actor, placement_id, phase, reason, due_at=due_at)
        return
    _still_matters(here)
    set_date(session, actor, here, ENDS[phase], due_at, reason.strip()[:MAX_REASON])


def _still_matters(here: Running) -> None:
    if here.phase in OVER | SCORED:
        raise Conflict(
            _("Scores are released or the activity is over, so other dates change nothing any more.")
        )


def _check(
    here: Running,
    had: tuple[datetime | None, datetime | None],
    wants: tuple[datetime | None, datetime | None],
) -> None:
    now = clock.now()
    for old, new in zip(had, wants, strict=True):
        if new is not None and new != old and new <= now:
            raise Invalid(_("This moment is over. Choose one in the future."))
    submit_due_at = wants[0] or here.settings.submit_due_at
    if wants[1] is None or submit_due_at is None or wants[1] > submit_due_at:
        return
    raise Invalid(_("Reviewing would end for them before handing in does. Choose a later moment."))


def _store(
    session: Session,
    actor: Actor,
    here: Running,
    user_id: int,
    wants: tuple[datetime | None, datetime | None],
    reason: str,
) -> Extension | None:
    placement_id = here.placement.id
    if wants == (None, None):
        gone = extension_of(session, placement_id, user_id)
        if gone is not None:
            session.delete(gone)
            session.flush()
        return None
    values = {
        "submit_due_at": wants[0],
        "review_due_at": wants[1],
        "reason": reason,
        "given_by_id": actor.user_id,
        "given_at": clock.now(),
    }
    key = {"placement_id": placement_id, "user_id": user_id}
    insert_if_absent(session, Extension, key | values, [Extension.placement_id, Extension.user_id])
    given = session.get_one(Extension, (placement_id, user_id), populate_existing=True)
    for name, value in values.items():
        setattr(given, name, value)
    session.flush()
    return given


def _plain(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
