"""Whoever asks is given what lacks reviews most, and nothing that they must not review."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Allocator, GroupScope, Pool, Rater
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.allocating import counting, giving
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState, Source, Work
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person

OURS = {allocator.name: allocator for allocator in ALLOCATORS}


def test_what_has_the_fewest_reviews_is_given_first(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    works = [make_work(session, place, author) for author in (ana, ben, cleo)]
    make_review(session, place, works[1], cleo)

    given = giving.next_review(session, OURS, ana, place.placement.id)

    assert given is not None
    assert (given.work_id, given.state, given.source) == (works[2].id, ReviewState.OFFERED, Source.PULL)
    assert (works[2].completed, works[2].live) == (0, 1)
    assert given.chosen["by"] == "balanced"
    assert given.leased_until is not None
