"""A site full of acts and evidence, made up: 300 courses, of which two always look the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lmssocial.plugin import LmsRole
from lmssocial_reporting.definition import ROLE_OF, Kind
from lmssocial_reporting.people import Member, Population, Window
from lmssocial_reporting.store.port import Act, Deed, Evidence

HUGE, USUAL = 1, 2
"""The courses that are measured."""
COURSES, DAYS = 300, 112
BEGINS = date(2026, 2, 2)
LAST = BEGINS + timedelta(days=DAYS - 1)
ACTS_OF_EACH = 70
"""Acts for each member: 300,000 acts make a course of 4,300 people."""
DEEDS = (
    (Deed.READ, 0.74),
    (Deed.REPLIED, 0.19),
    (Deed.POSTED, 0.03),
    (Deed.HELPFUL, 0.03),
    (Deed.SHARED, 0.01),
)
"""What people do, and how much of it; about 1 in 4 writes or marks something."""
KIND_OF = {
    Deed.READ: Kind.ITEM_OPENED,
    Deed.REPLIED: Kind.REPLY_POSTED,
    Deed.POSTED: Kind.ITEM_POSTED,
    Deed.HELPFUL: Kind.ITEM_ENDORSED,
    Deed.SHARED: Kind.ITEM_SHARED,
}
RECENT = 60
"""How many items back people go on with."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Site:
    """How much happens in a term."""

    events: int
    huge: int
    usual: int

    def sizes(self) -> dict[int, int]:
        """Acts by course: the two that are measured, and the rest spread over all others, few of them large."""
        dice = np.random.default_rng(7)
        shares = dice.lognormal(0, 1.0, COURSES - 2)
        left = max(0, self.events - self.huge - self.usual)
        spread = (shares / shares.sum() * left).astype(int)
        return {HUGE: self.huge, USUAL: self.usual} | {
            number: max(20, int(size)) for number, size in enumerate(spread, start=3)
        }


@dataclass(frozen=True)
class Course:
    """One of its courses."""

    id: int
    size: int

    @property
    def members(self) -> list[int]:
        """Their ids; nobody is in two courses."""
        return [self.id * 100_000 + number for number in range(max(20, self.size // ACTS_OF_EACH))]

    def population(self, window: Window) -> Population:
        """Everybody: one of twenty teaches, and there are ten groups."""
        return Population(
            course_ids=(self.id,),
            window=window,
            members=tuple(
                Member(
                    member,
                    LmsRole.INSTRUCTOR if number % 20 == 0 else LmsRole.LEARNER,
                    frozenset({number % 10 + 1}),
                    frozenset({self.id}),
                )
                for number, member in enumerate(self.members)
            ),
            group_names={},
        )

    def acts(self) -> Iterator[Act]:
        """What was done, in order of time. Items that are answered, read and marked are among the last sixty."""
        dice = np.random.default_rng(self.id)
        members = np.array(self.members)
        # some do far more than others
        weights = dice.pareto(1.5, len(members)) + 0.2
        by = members[dice.choice(len(members), self.size, p=weights / weights.sum())]
        deeds = dice.choice(len(DEEDS), self.size, p=[share for _deed, share in DEEDS])
        seconds = np.sort(dice.integers(0, DAYS * 86_400, self.size))
        back = dice.integers(1, RECENT, self.size)
        made: list[tuple[str, int, str]] = []
        start = datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=UTC)
        for number, (member, which, second, far) in enumerate(
            zip(by.tolist(), deeds.tolist(), seconds.tolist(), back.tolist(), strict=True)
        ):
            deed = DEEDS[which][0] if made else Deed.POSTED
            item, other, thread = made[-min(far, len(made))] if made else ("", 0, "")
            target = ""
            if deed is Deed.POSTED:
                item, other, thread = f"c{self.id}.{number}", 0, f"t{self.id}.{number}"
            elif deed is Deed.REPLIED:
                item, target = f"c{self.id}.{number}", item
            elif deed is Deed.SHARED:
                target = f"s{self.id}.{number}"
            if other == member:
                continue
            if deed in (Deed.POSTED, Deed.REPLIED):
                made.append((item, member, thread))
            yield Act(
                event_id=self.id * 100_000_000 + number,
                tenant_id=1,
                course_id=self.id,
                at=start + timedelta(seconds=second),
                day=BEGINS + timedelta(days=second // 86_400),
                member=member,
                lms_role="learner",
                deed=deed,
                item=item,
                other=other,
                thread=thread,
                target=target,
                placement_id=self.id,
                widget="discussion",
                number=200,
            )


def evidence_from(acts: Iterator[Act]) -> dict[date, list[Evidence]]:
    """About what is derived from acts, at a glance: one piece for each, by day."""
    found: dict[date, dict[tuple[object, ...], Evidence]] = {}
    for act in acts:
        kind = KIND_OF[act.deed]
        key = (act.member, kind, act.other, act.item)
        found.setdefault(act.day, {})[key] = Evidence(
            course_id=act.course_id,
            day=act.day,
            member=act.member,
            role=ROLE_OF[kind],
            kind=kind,
            other=act.other,
            item=act.item,
            third=act.event_id % 5 > 0,
            placement_id=act.placement_id,
            widget=act.widget,
            thread=act.thread,
        )
    return {day: list(pieces.values()) for day, pieces in found.items()}
