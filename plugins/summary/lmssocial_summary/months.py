"""The months of one community as its page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial_summary.counting import HOURS, LONGER, What
from lmssocial_summary.models import Count

AT_MOST = 12
"""Months that are shown."""
LEAST = 3
"""Smaller numbers are not shown: who knows the community could tell who it was."""


@dataclass(frozen=True)
class Number:
    """How often something happened, as far as it may be said."""

    value: int

    @property
    def hidden(self) -> bool:
        """Whether it is so small that it could point at a person."""
        return 0 < self.value < LEAST


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """What one policy objected to, and what people made of it."""

    name: str
    objected: Number
    agreed: Number
    differed: Number


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month."""

    first: date
    opened: Mapping[str, Number] = field(default_factory=dict)
    decided: Mapping[str, Number] = field(default_factory=dict)
    appeals: Mapping[str, Number] = field(default_factory=dict)
    flags: Mapping[str, Number] = field(default_factory=dict)
    policies: tuple[PolicyLine, ...] = ()
    median: str = ""
    """Half of all decisions came within so many hours; ``longer`` if it took more than a week, empty if unsaid."""


def months(session: Session, community_id: int) -> list[Month]:
    """The last months of a community in which anything was counted, newest first. One query.

    There are no sums anywhere: from a sum and all parts but one, the hidden part could be told.
    """
    newest = (
        select(Count.month)
        .where(Count.community_id == community_id)
        .distinct()
        .order_by(Count.month.desc())
        .limit(AT_MOST)
    )
    rows = session.execute(
        select(Count.month, Count.what, Count.which, Count.number)
        .where(Count.community_id == community_id, Count.month.in_(newest.scalar_subquery()))
        .order_by(Count.month.desc(), Count.number.desc(), Count.which)
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    for month, what, which, number in rows:
        found.setdefault(month, {}).setdefault(what, {})[which] = number
    return [_month(name, counts) for name, counts in found.items()]


def _month(name: str, counts: Mapping[str, Mapping[str, int]]) -> Month:
    def numbers(what: What) -> dict[str, Number]:
        return {which: Number(number) for which, number in counts.get(what, {}).items()}

    def of(what: What, policy: str) -> Number:
        return Number(counts.get(what, {}).get(policy, 0))

    policies = dict.fromkeys(
        policy for what in (What.POLICY, What.AGREED, What.DIFFERED) for policy in counts.get(what, {})
    )
    year, month = map(int, name.split("-"))
    return Month(
        first=date(year, month, 1),
        opened=numbers(What.OPENED),
        decided=numbers(What.DECIDED),
        appeals=numbers(What.APPEAL),
        flags=numbers(What.FLAG),
        policies=tuple(
            PolicyLine(
                name=policy,
                objected=of(What.POLICY, policy),
                agreed=of(What.AGREED, policy),
                differed=of(What.DIFFERED, policy),
            )
            for policy in policies
        ),
        median=median(counts.get(What.HOURS, {})),
    )


def median(steps: Mapping[str, int]) -> str:
    """The step within which half of all decisions came; empty if there were fewer than :data:`LEAST`."""
    total = sum(steps.values())
    if total < LEAST:
        return ""
    reached = 0
    for step in map(str, HOURS):
        reached += steps.get(step, 0)
        if 2 * reached >= total:
            return step
    return LONGER
