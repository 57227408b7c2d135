"""Questions, and the clockwork that moves them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.widgets.experts.clockwork.tick import tick
from lmssocial.widgets.experts.models import Question, State

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""Where the clock of tests stands."""

Look = Callable[[Question], State]


@pytest.fixture
def look(session: Session) -> Look:
    """Let the clockwork look at a question: ``look(question)`` says how far it is then."""
    return lambda question: tick(session, {}, question.id, the_clock.now())
