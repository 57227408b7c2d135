"""Appeals: an author says why a score is not right; somebody looks at it, and says why it is as it is.

Nobody's review is changed by a decision: other points are an override by an instructor. Nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.text import tidy
from lmssocial.social.notifications.recipients import actors, moderators
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, locked, look_again, once, running
from lmssocial.widgets.peer_rating.feedback import rules
from lmssocial.widgets.peer_rating.feedback.appeal_queries import appeal_at
from lmssocial.widgets.peer_rating.feedback.queries import own_work
from lmssocial.widgets.peer_rating.models import HANDED_IN, Work
from lmssocial.widgets.peer_rating.score_events import (
    AppealAssigned,
    AppealDecided,
    AppealEvent,
    AppealMade,
)
from lmssocial.widgets.peer_rating.scoring.inputs import rubric_of
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal, AppealState, Result


class WhyNot(StrEnum):
    """Why somebody cannot appeal now."""

    NOT_OFFERED = "not-offered"
    NOT_YET = "not-yet"
    TOO_LATE = "too-late"
    NO_SCORE = "no-score"
    DONE = "done"
    """They did already; there is one appeal."""


@dataclass(frozen=True, kw_only=True)
class AppealDraft:
    """An appeal on its way from a page."""

    criteria: tuple[int, ...]
    """The indexes of what it is about."""
    text: str


def why_not(session: Session, actor: Actor, here: Running) -> WhyNot | None:
    """Why the actor cannot appeal now; ``None`` if they can. At most three statements."""
    settings, released_at = here.settings, rules.released_since(here)
    if settings.appeal_days <= 0:
        return WhyNot.NOT_OFFERED
    if not rules.sees_score(here.phase):
        return WhyNot.NOT_YET
    if _made(session, actor, here) is not None:
        return WhyNot.DONE
    if not rules.may_appeal(settings, here.phase, released_at, clock.now()):
        return WhyNot.TOO_LATE
    return None if _scored(session, actor, here) else WhyNot.NO_SCORE


def _made(session: Session, actor: Actor, here: Running) -> Appeal | None:
    return session.scalar(
        select(Appeal)
        .where(Appeal.placement_id == here.placement.id, Appeal.author_id == actor.user_id)
        .order_by(Appeal.id.desc())
        .limit(1)
    )


def _scored(session: Session, actor: Actor, here: Running) -> tuple[Work, Result] | None:
    """The actor's work and its score, if one was released."""
    work = own_work(session, actor, here.placement.id)
    result = session.get(Result, work.id) if work is not None else None
    graded = work is not None and work.state in HANDED_IN
    if work is None or not graded or result is None or result.released_points is None:
        return None
    return work, result


def appeal(session: Session, actor: Actor, placement_id: int, draft: AppealDraft) -> Appeal:
    """Ask staff to look at the actor's score again.

    :raises Invalid: if it says too little.
    :raises Conflict: if the actor did before.
    :raises Gone: if it is not the time for it.
    :raises NotFound: if they have no score.
    """
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    require_may_appeal(why_not(session, actor, here))
    text = tidy(draft.text).strip()
    known = range(len(rubric_of(session, here)))
    chosen = sorted({index for index in draft.criteria if index in known})
    if len(text) < rules.LEAST_APPEAL:
        raise Invalid(_("Say in %(least)d characters or more what is not right.", least=rules.LEAST_APPEAL))
    if known and not chosen:
        raise Invalid(_("Choose at least one criterion that your appeal is about."))
    scored = _scored(session, actor, here)
    if scored is None:
        raise _no_score(actor)
    work, result = scored
    made = Appeal(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        work_id=work.id,
        author_id=actor.user_id,
        criteria={"criteria": chosen},
        text=text,
        state=AppealState.OPEN,
        points_before=result.released_points,
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    once(session, placement_id, f"appeal-made:{made.id}", 0, by_id=actor.user_id)
    _tell(session, actor, made, AppealMade)
    look_again(here.activity)
    return made


def require_may_appeal(because: WhyNot | None) -> None:
    """Go on only if nothing speaks against it.

    :raises Problem: with the sentence that says what does.
    """
    if because is None:
        return
    if because is WhyNot.DONE:
        raise Conflict(_("You have appealed already, and there is one appeal. Nothing has changed."))
    if because is WhyNot.NO_SCORE:
        raise NotFound(_("There is no score of yours that you could appeal against."))
    raise Gone(
        {
            WhyNot.NOT_OFFERED: _("In this activity there are no appeals. Ask your instructor instead."),
            WhyNot.NOT_YET: _("Scores are not released yet, so there is nothing to appeal against."),
            WhyNot.TOO_LATE: _("The time for appeals is over. Ask your instructor instead."),
        }[because]
    )


def _no_score(actor: Actor) -> NotFound:
    return NotFound(
        _("There is no score of yours that you could appeal against."),
        reason=f"user {actor.user_id} has no released score",
    )


def withdraw(session: Session, actor: Actor, placement_id: int) -> bool:
    """Take the actor's appeal back, unless it is decided; whether there was one to take back."""
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    made = _made(session, actor, here)
    if made is None or made.state not in UNDECIDED:
        return False
    made.state, made.decided_at = AppealState.WITHDRAWN, clock.now()
    session.flush()
    once(session, placement_id, f"appeal-withdrawn:{made.id}", 0, by_id=actor.user_id)
    look_again(here.activity)
    return True


def may_look(session: Session, actor: Actor, author_id: int) -> Sequence[Actor]:
    """Who can be asked to look at an appeal: all who moderate here, except its author. By name."""
    found = actors(session, actor.community_id, moderators(session, actor.community_id))
    return sorted((one for one in found if one.user_id != author_id), key=lambda one: one.name.casefold())


def assign(session: Session, actor: Actor, placement_id: int, appeal_id: int, to_user_id: int) -> Appeal:
    """Have somebody look at an appeal: the actor themselves, another instructor, an expert.

    :raises NotAllowed: if the actor is not staff.
    :raises Invalid: if that person cannot.
    :raises Conflict: if it is decided.
    """
    access.require_runs(actor)
    locked(session, placement_id)
    made = appeal_at(session, actor, placement_id, appeal_id, lock=True)
    _require_undecided(made)
    if to_user_id not in {one.user_id for one in may_look(session, actor, made.author_id)}:
        raise Invalid(_("This person cannot decide about appeals here. Choose somebody else."))
    if made.assigned_to_id == to_user_id:
        return made
    made.state, made.assigned_to_id = AppealState.ASSIGNED, to_user_id
    session.flush()
    once(session, placement_id, f"appeal-assigned:{made.id}:{to_user_id}", 0, by_id=actor.user_id)
    activity.record(
        session,
        AppealAssigned(
            **actor.envelope,
            placement_id=placement_id,
            appeal_id=made.id,
            work_id=made.work_id,
            author_id=made.author_id,
            assigned_to_id=to_user_id,
        ),
    )
    return made


def decide(
    session: Session,
    actor: Actor,
    placement_id: int,
    appeal_id: int,
    *,
    reason: str,
    points: float | None,
) -> Appeal:
    """Say what follows from an appeal, and why; its author reads it. The score itself is changed by the caller.

    :param points: what the work gets instead; ``None``: the score stays.
    :raises NotFound: if the actor does not look at this appeal.
    :raises Invalid: if there is no reason.
    :raises Conflict: if somebody else was faster.
    """
    here = locked(session, placement_id)
    made = appeal_at(session, actor, placement_id, appeal_id, lock=True)
    _require_undecided(made)
    if not tidy(reason).strip():
        raise Invalid(_("Say why: the author reads it."))
    made.state = AppealState.REJECTED if points is None else AppealState.UPHELD
    made.decision, made.points_after = tidy(reason).strip(), points
    made.decided_by_id, made.decided_at = actor.user_id, clock.now()
    session.flush()
    once(session, placement_id, f"appeal-decided:{made.id}", 0, by_id=actor.user_id, reason=made.decision)
    activity.record(
        session,
        AppealDecided(
            **actor.envelope,
            placement_id=placement_id,
            appeal_id=made.id,
            work_id=made.work_id,
            author_id=made.author_id,
            upheld=points is not None,
        ),
    )
    look_again(here.activity)
    return made


def _require_undecided(made: Appeal) -> None:
    if made.state is AppealState.WITHDRAWN:
        raise Conflict(_("Its author has withdrawn this appeal. Nothing has changed."))
    if made.state not in UNDECIDED:
        raise Conflict(_("Somebody else has decided about this appeal. Nothing has changed."))


def _tell(session: Session, actor: Actor, made: Appeal, kind: type[AppealEvent]) -> None:
    activity.record(
        session,
        kind(
            **actor.envelope,
            placement_id=made.placement_id,
            appeal_id=made.id,
            work_id=made.work_id,
            author_id=made.author_id,
        ),
    )
