"""How many reviews each work can get with the people who are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmssocial.core.hooks.rating import Pool, Rater, Reviewable
from lmssocial.widgets.peer_rating.allocating.feasibility import most_each, quick_bound
from lmssocial.widgets.peer_rating.people import Participant
from lmssocial.widgets.peer_rating.settings import Mode, PeerSettings

EXACT_UP_TO = 120
"""People; with more of them a bound is said instead, which is quick, and right where groups are not very uneven."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What is possible with the people who are in the course now."""

    people: int
    most: int
    """So many reviews each work can get; never more than are wanted."""
    wanted: int
    """How many each shall get."""
    loose: int = 0
    """Where teams hand in: how many are in no group, and so cannot."""

    @property
    def is_short(self) -> bool:
        """Whether less is possible than is wanted. Nothing is said of an empty course: people come later."""
        return self.people > 0 and self.most < self.wanted


def reach(people: Sequence[Participant], settings: PeerSettings) -> Reach:
    """What is possible if ``people`` all hand in and review as ``settings`` ask."""
    if settings.mode is Mode.PAIRS:
        return Reach(people=len(people), most=settings.wanted, wanted=settings.wanted)
    pool = Pool(
        works=tuple(_works(people, teams=settings.teams)),
        raters=tuple(
            Rater(id=person.user_id, groups=person.groups, asked=settings.asked)
            for person in sorted(people, key=lambda person: person.user_id)
        ),
        wanted=settings.wanted,
        scope=settings.groups,
    )
    most = most_each(pool).each if len(people) <= EXACT_UP_TO else quick_bound(pool)
    return Reach(
        people=len(people),
        most=max(0, min(most, settings.wanted)),
        wanted=settings.wanted,
        loose=sum(not person.groups for person in people) if settings.teams else 0,
    )


def _works(people: Sequence[Participant], *, teams: bool) -> list[Reviewable]:
    """What there is to review if everybody hands in who can, alone or with their first group."""
    authors: dict[int, list[Participant]] = {}
    for person in people:
        if not teams or person.groups:
            authors.setdefault(min(person.groups) if teams else person.user_id, []).append(person)
    return [
        Reviewable(
            id=number,
            authors=frozenset(person.user_id for person in together),
            groups=frozenset[int]().union(*(person.groups for person in together)),
            order=number,
        )
        for number, together in enumerate(authors.values())
    ]
