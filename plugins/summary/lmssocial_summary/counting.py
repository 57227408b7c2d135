"""Turning what happens in moderation into numbers."""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.plugin import Happened
from lmssocial_summary.models import Count

HOURS = (1, 4, 12, 24, 48, 96, 168)
"""The steps in which the time to a decision is counted, in hours; what took longer is in :data:`LONGER`."""
LONGER = "longer"


class What(StrEnum):
    """What is counted."""

    OPENED = "opened"
    """Something began to wait; by why."""
    POLICY = "policy"
    """A policy was among the reasons; by policy."""
    AGREED = "agreed"
    """A person decided against what a policy had objected to; by policy."""
    DIFFERED = "differed"
    """A person published what a policy had objected to; by policy."""
    DECIDED = "decided"
    """A person decided; by what."""
    APPEAL = "appeal"
    """A second person decided; ``overturned`` or ``upheld``."""
    FLAG = "flag"
    """Somebody flagged something; by reason."""
    HOURS = "hours"
    """A person decided; by how many hours that took at most."""


APPROVED = "approved"
"""The decision by which something is published, or stays so."""


def note(session: Session, event: Happened) -> None:
    """Count ``event``, if it is about moderation and happened in a community."""
    if event.community_id is None:
        return
    month = event.at.strftime("%Y-%m")
    for what, which in _counted(event):
        _add(session, event.tenant_id, event.community_id, month, what, which[:64])


def _counted(event: Happened) -> Iterator[tuple[What, str]]:
    told = event.payload
    policies = sorted(map(str, set(told.get("policies", ()))))
    if event.name == "moderation.case_opened":
        yield What.OPENED, str(told.get("origin", "policy"))
        yield from ((What.POLICY, policy) for policy in policies)
    elif event.name == "moderation.case_decided":
        decision = str(told.get("decision", ""))
        approved = decision == APPROVED
        if told.get("origin") == "appeal":
            yield What.APPEAL, "overturned" if approved else "upheld"
        else:
            yield What.DECIDED, decision
            yield from ((What.DIFFERED if approved else What.AGREED, policy) for policy in policies)
        if isinstance(told.get("hours"), int | float):
            yield What.HOURS, step(float(told["hours"]))
    elif event.name == "moderation.contribution_flagged":
        yield What.FLAG, str(told.get("reason", "other"))


def step(hours: float) -> str:
    """The step of :data:`HOURS` in which ``hours`` are counted."""
    return next((str(most) for most in HOURS if hours <= most), LONGER)


def _add(session: Session, tenant_id: int, community_id: int, month: str, what: What, which: str) -> None:
    """One more. Only the worker counts, one event after the other, so nobody else adds the same row meanwhile."""
    row = session.scalar(
        select(Count).where(
            Count.community_id == community_id,
            Count.month == month,
            Count.what == what.value,
            Count.which == which,
        )
    )
    if row is None:
        row = Count(
            tenant_id=tenant_id,
            community_id=community_id,
            month=month,
            what=what.value,
            which=which,
            number=0,
        )
        session.add(row)
    row.number += 1
