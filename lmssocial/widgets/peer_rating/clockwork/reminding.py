"""Staff remind people of what they owe: at most once a day of the same thing. Nothing here commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import Running, locked, once, running
from lmssocial.widgets.peer_rating.clockwork.owing import Owing, What, owing
from lmssocial.widgets.peer_rating.events import Reminded
from lmssocial.widgets.peer_rating.models import Edge, Extension, Phase

AT_MOST_EVERY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Reminding:
    """What came of it."""

    reminded: int
    """People who are reminded now."""
    lately: int = 0
    """People who were, within a day, and are not again."""


def remind(
    session: Session, actor: Actor, placement_id: int, what: What, user_ids: Collection[int] | None = None
) -> Reminding:
    """Remind people of what they owe and can still do.

    :param user_ids: only these; ``None``: everybody.
    :raises NotAllowed: for anybody but staff.
    :raises Conflict: if nobody can do it now.
    """
    require_runs(actor)
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    people = {one.user_id for one in still_possible(session, here, what)}
    if user_ids is not None:
        people &= set(user_ids)
    told = _told_lately(session, placement_id, what)
    now = sorted(people - told.people)
    if now:
        edge = f"reminded:{what}"
        once(session, placement_id, edge, told.times, by_id=actor.user_id, facts={"user_ids": now})
        reminded = Reminded(
            **actor.envelope,
            placement_id=placement_id,
            what=what,
            user_ids=now,
            key=f"{edge}:{told.times}",
        )
        record(session, reminded)
    return Reminding(reminded=len(now), lately=len(people & told.people))


def still_possible(session: Session, here: Running, what: What) -> tuple[Owing, ...]:
    """Those who owe something, and can still do it.

    :raises Conflict: if that is nobody, whoever owes it.
    """
    extensions = {
        one.user_id: one
        for one in session.scalars(select(Extension).where(Extension.placement_id == here.placement.id))
    }
    now, settings = clock.now(), here.settings
    found = tuple(
        one
        for one in owing(session, here, what)
        if (what is What.FEEDBACK and here.phase is Phase.FEEDBACK)
        or (what is What.WORK and gates.may_hand_in(settings, here.phase, extensions.get(one.user_id), now))
        or (what is What.REVIEWS and gates.may_review(settings, here.phase, extensions.get(one.user_id), now))
    )
    if not found:
        raise Conflict(_("There is nobody to remind: whoever still owes this cannot do it now."))
    return found


@dataclass(frozen=True)
class _Told:
    people: frozenset[int]
    """Who was reminded within a day."""
    times: int
    """How often anybody was, ever."""


def _told_lately(session: Session, placement_id: int, what: What) -> _Told:
    rows = session.execute(
        select(Edge.epoch, Edge.made_at, Edge.facts).where(
            Edge.placement_id == placement_id, Edge.edge == f"reminded:{what}"
        )
    ).all()
    since = clock.now() - AT_MOST_EVERY
    lately = frozenset(
        user_id for row in rows if row.made_at > since for user_id in row.facts.get("user_ids", [])
    )
    return _Told(lately, max((row.epoch for row in rows), default=-1) + 1)
