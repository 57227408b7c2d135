"""What somebody may be shown to compare, with how often it was. A constant number of queries, whatever the size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, union_all
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Author, Conflict, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs.choosing import Candidate, Pair
from lmssocial.widgets.peer_rating.people import Participant, participants

COUNTED = (ComparisonState.OFFERED, ComparisonState.SUBMITTED)
"""The states of comparisons that a work is not waiting for any more."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What a judge chooses from, without knowing that they do."""

    candidates: tuple[Candidate, ...]
    had: frozenset[Pair]
    """Pairs that are not shown to them again."""
    lapsed: dict[Pair, Comparison]
    """Pairs that they had and did not get round to; these may come again."""


def pool_for(session: Session, actor: Actor, running: Running, own: Sequence[Comparison]) -> Pool:
    """What ``actor`` may compare in an activity.

    :param own: all their comparisons there.
    """
    people = {one.user_id: one for one in participants(session, actor.course_id)}
    avoided = _avoided(session, running.placement.id, actor.user_id)
    authors = _authors(session, running.placement.id)
    compared = _compared(session, running.placement.id)
    seen = Counter(work for one in own for work in (one.low_id, one.high_id))
    mine = people.get(actor.user_id) or Participant(user_id=actor.user_id, name="", groups=actor.groups)
    lapsed = {(one.low_id, one.high_id): one for one in own if one.state is ComparisonState.EXPIRED}
    return Pool(
        candidates=tuple(
            Candidate(id=work, compared=compared[work], seen=seen[work])
            for work, who in authors.items()
            if not avoided & who and _in_scope(running.settings.groups, mine, who, people)
        ),
        had=frozenset((one.low_id, one.high_id) for one in own) - lapsed.keys(),
        lapsed=lapsed,
    )


def _in_scope(scope: GroupScope, judge: Participant, who: set[int], people: dict[int, Participant]) -> bool:
    """Whether the work of ``who`` may be shown to ``judge``; what those hand in who have left is not."""
    there = [people[one].groups for one in who if one in people]
    return bool(there) and scope.allows(judge.groups, frozenset().union(*there))


def _avoided(session: Session, placement_id: int, user_id: int) -> set[int]:
    """Whose work somebody must not judge: their own, and that of those they are in conflict with."""
    rows = session.execute(
        select(Conflict.user_id, Conflict.other_id).where(
            Conflict.placement_id == placement_id,
            or_(Conflict.user_id == user_id, Conflict.other_id == user_id),
        )
    )
    return {user_id}.union(*(set(pair) for pair in rows))


def _authors(session: Session, placement_id: int) -> dict[int, set[int]]:
    rows = session.execute(
        select(Author.work_id, Author.user_id)
        .join(Work, Work.id == Author.work_id)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(
            Work.placement_id == placement_id,
            Work.state == WorkState.SUBMITTED,
            Contribution.state == State.PUBLISHED,
        )
    )
    found: dict[int, set[int]] = {}
    for work_id, user_id in rows:
        found.setdefault(work_id, set()).add(user_id)
    return found


def _compared(session: Session, placement_id: int) -> Counter[int]:
    here = (Comparison.placement_id == placement_id, Comparison.state.in_(COUNTED))
    sides = union_all(select(Comparison.low_id).where(*here), select(Comparison.high_id).where(*here))
    return Counter(session.scalars(sides))
