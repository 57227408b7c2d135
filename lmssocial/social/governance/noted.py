"""What policies said lately, and how often people agreed with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.models import Case, CaseState, PolicyVerdict

DAYS = 30
"""How far back the counts go."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What a policy said about posts of the last :data:`DAYS` days."""

    held: int = 0
    """Posts it held, or would have."""
    redacted: int = 0
    advised: int = 0
    judged: int = 0
    """Of those it held, or would have: how many a person decided about."""
    upheld: int = 0
    """Of these: how many they decided against."""


def noted(session: Session, actor: Actor) -> dict[str, Noted]:
    """What each policy said in the actor's community lately, and what became of it. Two queries."""
    since = clock.now() - timedelta(days=DAYS)
    here = (PolicyVerdict.community_id == actor.community_id, PolicyVerdict.at > since)
    posts = func.count(func.distinct(PolicyVerdict.contribution_id))
    found: dict[str, dict[str, int]] = {}
    for policy, ruling, count in session.execute(
        select(PolicyVerdict.policy, PolicyVerdict.ruling, posts)
        .where(*here)
        .group_by(PolicyVerdict.policy, PolicyVerdict.ruling)
    ):
        kept = found.setdefault(policy, {})
        what = _what(ruling)
        kept[what] = kept.get(what, 0) + count
    for policy, state, count in session.execute(_decided_about(actor, since)):
        kept = found.setdefault(policy, {})
        kept["judged"] = kept.get("judged", 0) + count
        kept["upheld"] = kept.get("upheld", 0) + (count if state in AGAINST else 0)
    return {policy: Noted(**counts) for policy, counts in found.items()}


def _decided_about(actor: Actor, since: datetime) -> Any:
    """Policy, last decision, how many posts: of those that each policy held, or would have."""
    last = (
        select(func.max(Case.id).label("id"))
        .where(Case.community_id == actor.community_id, Case.state.in_({CaseState.APPROVED, *AGAINST}))
        .group_by(Case.contribution_id)
        .subquery()
    )
    return (
        select(PolicyVerdict.policy, Case.state, func.count(func.distinct(PolicyVerdict.contribution_id)))
        .join(Case, Case.contribution_id == PolicyVerdict.contribution_id)
        .join(last, last.c.id == Case.id)
        .where(
            PolicyVerdict.community_id == actor.community_id,
            PolicyVerdict.at > since,
            PolicyVerdict.ruling >= int(Ruling.HOLD),
        )
        .group_by(PolicyVerdict.policy, Case.state)
    )


def _what(ruling: int) -> str:
    if ruling >= Ruling.HOLD:
        return "held"
    return "redacted" if ruling == Ruling.REDACT else "advised"
