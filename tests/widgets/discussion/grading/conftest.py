"""A graded discussion."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion.grading import service
from lmssocial.widgets.discussion.grading.drafts import SetupDraft
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.people import Place


@pytest.fixture(autouse=True)
def graded(session: Session, place: Place, tom: Actor) -> DiscussionSettings:
    """Learners choose two posts, and are graded by the rubric one begins with."""
    service.set_up(session, tom, place.placement.id, SetupDraft(choose=2, rubric=starting_points()))
    session.flush()
    return DiscussionSettings.read(place.placement.settings)
