"""Whether a policy was tried out in a course as it is now: its settings, its version and the quality tier."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation import stances
from lmssocial.social.moderation.models import Backtest, Deed, Entry
from lmssocial.social.moderation.trying_out import Setup


@dataclass(frozen=True)
class Evidence:
    """What is known about a policy before it is enforced."""

    backtest: Backtest | None
    """The last one that speaks for it; ``None`` if there is none."""
    why_not: str = ""
    """Why it may not be enforced; empty if it may."""


def evidence(session: Session, actor: Actor, policy: str, setup: Setup) -> Evidence:
    """What is known about ``policy`` in the actor's course. At most two queries.

    The tier counts, too: what a policy would have held in Open practice says nothing about Reviewed.
    """
    try:
        found = stances.require_backtest(
            session,
            policy,
            level=Level.COURSE,
            place_id=actor.course_id,
            values=setup.values,
            version=setup.version,
        )
    except Conflict as problem:
        return Evidence(None, problem.message)
    since = session.scalar(
        select(Entry.id)
        .where(
            Entry.community_id == actor.community_id,
            Entry.deed == Deed.TIER_CHANGED,
            Entry.at > found.at,
        )
        .limit(1)
    )
    if since is None:
        return Evidence(found)
    return Evidence(
        None,
        _(
            "The quality tier has changed since it was tried out, and with it what a machine may decide. "
            "Try it out again."
        ),
    )
