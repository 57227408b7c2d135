"""An office hour on a Monday a week away, and people who want to come."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours_models import OfficeHour
from tests.conftest import TestClock
from tests.support.hours import make_hour
from tests.support.people import Place


@pytest.fixture
def hour(session: Session, place: Place, tom: Actor, clock: TestClock) -> OfficeHour:  # noqa: ARG001 – it is stopped
    """Three meetings of one place each, from ``at(9)``."""
    return make_hour(session, place, tom)
