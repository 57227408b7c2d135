"""An activity with dates, and the clockwork that moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.clockwork.tick import tick
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from tests.support.people import Place

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""Where the clock of tests stands."""
DAY = timedelta(days=1)
DATES: dict[str, Any] = {
    "opens_at": MONDAY,
    "submit_due_at": MONDAY + 7 * DAY,
    "review_due_at": MONDAY + 14 * DAY,
    "feedback_due_at": MONDAY + 21 * DAY,
}
"""A week for everything."""
OURS = {one.name: one for one in ALLOCATORS}
SCORES = {one.name: one for one in SCORINGS}

Look = Callable[[], Phase]


@pytest.fixture
def look(session: Session, place: Place) -> Look:
    """Let the clockwork look at the activity: ``look()`` says in which phase it is then."""
    return lambda: tick(session, OURS, SCORES, place.placement.id, the_clock.now())
