"""Which cases a moderator wants to see, as a value and as parts of a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.models import Case, CaseState, Flag, FlagReason, Origin, PolicyVerdict

_Last = aliased(Case)

DECIDED = (*sorted(AGAINST), CaseState.APPROVED)

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


class View(StrEnum):
    """Which cases the desk shows."""

    WAITING = "waiting"
    MINE = "mine"
    """Those that the moderator has taken."""
    APPEALS = "appeals"
    FLAGGED = "flagged"
    DECIDED = "decided"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody wants to see of the desk."""

    view: View = View.WAITING
    policy: str = ""
    """Only what this policy said something about."""
    flag: FlagReason | None = None
    """Only what members flagged for this reason."""
    author_id: int | None = None
    after: int | None = None
    """The last case of the page before."""


def in_view(view: View, actor: Actor) -> ColumnElement[bool]:
    """The cases of a view, as a WHERE clause."""
    if view is View.DECIDED:
        return Case.state.in_(DECIDED)
    is_open = Case.state == CaseState.OPEN
    if view is View.MINE:
        taken = Case.claimed_at > clock.now() - cases.CLAIM_LASTS
        return and_(is_open, Case.claimed_by_id == actor.user_id, taken)
    if view is View.APPEALS:
        return and_(is_open, Case.origin == Origin.APPEAL)
    if view is View.FLAGGED:
        return and_(is_open, or_(Case.origin == Origin.FLAG, Case.score > 0))
    return is_open


def narrowed(choice: Choice) -> Iterable[ColumnElement[bool]]:
    """What the cases of a view are narrowed by, as WHERE clauses."""
    if choice.policy:
        yield exists().where(
            PolicyVerdict.contribution_id == Case.contribution_id,
            PolicyVerdict.policy == choice.policy,
            PolicyVerdict.effective > 0,
        )
    if choice.flag is not None:
        yield exists().where(Flag.case_id == Case.id, Flag.reason == choice.flag)
    if choice.author_id is not None:
        yield Case.author_id == choice.author_id


def in_order(statement: Statement, choice: Choice) -> Statement:
    """The order of a view, begun after the last case of the page before."""
    if choice.view is not View.DECIDED:
        later = statement if choice.after is None else statement.where(Case.id > choice.after)
        return later.order_by(Case.id)
    if choice.after is not None:
        at = select(_Last.decided_at).where(_Last.id == choice.after).scalar_subquery()
        earlier = or_(Case.decided_at < at, and_(Case.decided_at == at, Case.id < choice.after))
        statement = statement.where(earlier)
    return statement.order_by(Case.decided_at.desc(), Case.id.desc())
