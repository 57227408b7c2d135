"""Asking an allocator, which may be anybody's: what it answers is checked, and if it fails ours decides."""

from collections import Counter
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.hooks.rating import Allocator, Pairing, Pool, Rater
from lmssocial.widgets.peer_rating.activities import Running, envelope, once
from lmssocial.widgets.peer_rating.allocating import balanced, exact
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS, EXACT
from lmssocial.widgets.peer_rating.events import StaffNeeded
from lmssocial.widgets.peer_rating.guarding import PICK, guarded
from lmssocial.widgets.peer_rating.settings import BALANCED

log = structlog.get_logger(__name__)

OURS = {allocator.name: allocator for allocator in ALLOCATORS}
"""The built-in ones, which are there whatever happens to plugins."""


class NotAllowedByPool(Exception):
    """An allocator answered what it was told that it must not."""


def chosen(session: Session, allocators: Mapping[str, Allocator], running: Running) -> Allocator:
    """The allocator of an activity. If it is not there any more, ours is, and staff are told."""
    name = running.settings.allocator
    found = allocators.get(name) or OURS.get(name)
    if found is None:
        _failed(session, running, f"there is no allocator {name}")
        return OURS[BALANCED]
    return found


def pick(
    session: Session, running: Running, allocator: Allocator, pool: Pool, rater: Rater
) -> tuple[int | None, str]:
    """The work that somebody is given next, and the name of the allocator that said so."""
    try:
        work_id = guarded(allocator.name, lambda: allocator.pick(pool, rater), PICK)
        _check(pool, [] if work_id is None else [(rater.id, work_id)])
    except Exception as error:  # noqa: BLE001 – whatever somebody else's code raises
        _failed(session, running, f"{allocator.name}: {type(error).__name__}: {error}")
        return balanced.pick(pool, rater), BALANCED
    return work_id, allocator.name


def plan(
    session: Session, running: Running, allocator: Allocator, pool: Pool
) -> tuple[Sequence[Pairing], str]:
    """What everybody is given at once, and the name of the allocator that said so."""
    if (give_out := allocator.plan) is None:
        return (), allocator.name
    try:
        pairings = guarded(allocator.name, lambda: sorted(give_out(pool)))
        _check(pool, pairings)
    except Exception as error:  # noqa: BLE001 – whatever somebody else's code raises
        _failed(session, running, f"{allocator.name}: {type(error).__name__}: {error}")
        return exact.plan(pool), EXACT
    return pairings, allocator.name


def _check(pool: Pool, pairings: Sequence[Pairing]) -> None:
    """:raises NotAllowedByPool: if the pool does not allow one of them, or one of them is there twice."""
    works = {work.id: work for work in pool.works}
    raters = {rater.id: rater for rater in pool.raters}
    if len(set(pairings)) < len(pairings):
        raise NotAllowedByPool("somebody was given the same work twice")
    given = Counter(rater_id for rater_id, _work in pairings)
    if any(given[rater.id] > rater.asked for rater in pool.raters):
        raise NotAllowedByPool("somebody was given more than they are asked")
    for rater_id, work_id in pairings:
        rater, work = raters.get(rater_id), works.get(work_id)
        if rater is None or work is None or not pool.allows(rater, work):
            raise NotAllowedByPool(f"work {work_id} must not be given to person {rater_id}")


def _failed(session: Session, running: Running, problem: str) -> None:
    """Tell the log each time, and staff once."""
    activity = running.activity
    log.warning("an allocator failed", placement_id=activity.placement_id, problem=problem)
    if once(session, activity.placement_id, "staff:allocator-failed", activity.epoch):
        needed = StaffNeeded(
            **envelope(session, running, None),
            placement_id=activity.placement_id,
            why="allocator-failed",
            epoch=activity.epoch,
        )
        record(session, needed)
