"""A peer rating in a copied course: settings without dates, examples, and nothing of what learners wrote."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import copies
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.copying import bring_examples
from lmssocial.widgets.peer_rating.example_models import Example
from lmssocial.widgets.peer_rating.examples import service
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.models import Phase, Work
from tests.support.discussion import let_pass
from tests.support.peer_rating import RUBRIC, make_work, set_up
from tests.support.people import Place, make_person, make_place

pytestmark = pytest.mark.one_database


def test_a_copy_is_a_draft_with_rubric_and_examples_and_without_dates_and_work(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, submit_due_at=clock.now(), review_due_at=clock.now() + timedelta(1))
    make_work(session, place, ana)
    for source, levels in (("First.", (0, 1)), ("Second.", (2, 2)), ("Retired.", (1, 1))):
        draft = ExampleDraft(source=source, levels=levels, explanation="It says so itself.")
        made = service.make(session, let_pass, tom, place.placement.id, draft)
    service.retire(session, tom, place.placement.id, made.id)
    elsewhere = make_place(session, beside=place, widget="peer_rating")
    una = make_person(session, elsewhere, "Una", LmsRole.INSTRUCTOR)
    copy = copies.placement_for_uuid(session, una, place.placement.uuid)
    assert copy is not None

    bring_examples(session, una, place.placement.id, copy.id)
    session.flush()

    now = running(session, una, copy.id)
    assert (now.phase, now.settings.rubric, now.settings.submit_due_at) == (Phase.DRAFT, RUBRIC, None)
    brought = session.execute(
        select(Contribution.source, Contribution.author_id, Example.points, Example.explanation)
        .join(Example, Example.contribution_id == Contribution.id)
        .where(Example.placement_id == copy.id)
        .order_by(Example.position)
    ).all()
    assert [tuple(row) for row in brought] == [
        ("First.", una.user_id, 7.0, "It says so itself."),
        ("Second.", una.user_id, 0.0, "It says so itself."),
    ]
    assert not session.scalars(select(Work).where(Work.placement_id == copy.id)).all()
