"""How many reviews were asked of somebody, and how many of them are done. Nobody is asked for more than there is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.social.communities.models import Community
from lmssocial.widgets.peer_rating.access import counted
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Conflict, Review, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.people import participants
from lmssocial.widgets.peer_rating.settings import Mode, PeerSettings

Groups = frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one person did of what was asked of them."""

    completed: int
    owed: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; ``None`` if nothing was asked and nothing was done."""
        if self.owed:
            return min(1.0, self.completed / self.owed)
        return 1.0 if self.completed else None


def done_by(session: Session, running: Running) -> dict[int, Done]:
    """What everybody who takes part was asked for and did, by id. A fixed number of questions, whatever the size."""
    completed = _completed(session, running)
    course_id = session.get_one(Community, running.activity.community_id).course_id
    people = participants(session, course_id) if course_id is not None else ()
    groups = {one.user_id: one.groups for one in people}
    handed_in, works = _works(session, running)
    asked = groups.keys() & handed_in if running.settings.needs_own else groups.keys()
    owed = owed_by(running.settings, asked, groups, works, _conflicts(session, running))
    return {
        user_id: Done(completed=completed.get(user_id, 0), owed=owed.get(user_id, 0))
        for user_id in sorted({*owed, *completed})
    }


def owed_by(
    settings: PeerSettings,
    asked: Collection[int],
    groups: Mapping[int, Groups],
    works: Mapping[int, frozenset[int]],
    conflicts: Mapping[int, frozenset[int]],
) -> dict[int, int]:
    """How many reviews, or pairs, each of ``asked`` was asked for: as the settings say, if there is so much work.

    :param groups: the groups of people; :param works: the authors of each work that peers review.
    :param conflicts: whose work somebody must not review.
    """
    kinds = {
        work: frozenset().union(*(groups.get(author, frozenset()) for author in authors))
        for work, authors in works.items()
    }
    many = Counter(kinds.values())
    by_author: dict[int, set[int]] = defaultdict(set)
    for work, authors in works.items():
        for author in authors:
            by_author[author].add(work)
    reach: dict[Groups, int] = {}
    owed: dict[int, int] = {}
    for user_id in asked:
        own = groups.get(user_id, frozenset())
        if own not in reach:
            reach[own] = sum(number for kind, number in many.items() if settings.groups.allows(own, kind))
        closed = {work for one in {user_id, *conflicts.get(user_id, ())} for work in by_author.get(one, ())}
        others = reach[own] - sum(settings.groups.allows(own, kinds[work]) for work in closed)
        if settings.mode is Mode.PAIRS:
            owed[user_id] = min(settings.comparisons, others * (others - 1) // 2)
        else:
            owed[user_id] = min(settings.asked, others)
    return owed


def _completed(session: Session, running: Running) -> dict[int, int]:
    if running.settings.mode is Mode.PAIRS:
        pairs = select(Comparison.judge_id, func.count()).where(
            Comparison.placement_id == running.placement.id, Comparison.state == ComparisonState.SUBMITTED
        )
        return {row[0]: row[1] for row in session.execute(pairs.group_by(Comparison.judge_id))}
    reviews = select(Review.reviewer_id, func.count()).where(
        Review.placement_id == running.placement.id, counted()
    )
    return {row[0]: row[1] for row in session.execute(reviews.group_by(Review.reviewer_id))}


def _works(session: Session, running: Running) -> tuple[set[int], dict[int, frozenset[int]]]:
    """Who handed in, and the authors of each work that peers review."""
    rows = session.execute(
        select(Work.id, Work.state, Author.user_id)
        .join(Author, Author.work_id == Work.id)
        .where(
            Work.placement_id == running.placement.id,
            Work.state.in_(HANDED_IN),
        )
    )
    handed_in: set[int] = set()
    works: dict[int, set[int]] = defaultdict(set)
    for work_id, state, user_id in rows:
        handed_in.add(user_id)
        if state is WorkState.SUBMITTED:
            works[work_id].add(user_id)
    return handed_in, {work_id: frozenset(users) for work_id, users in works.items()}


def _conflicts(session: Session, running: Running) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(Conflict.user_id, Conflict.other_id).where(Conflict.placement_id == running.placement.id)
    )
    for one, other in rows:
        found[one].add(other)
        found[other].add(one)
    return {one: frozenset(others) for one, others in found.items()}
