"""What the house does with contributions by itself."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import COOKED_VERSION, render
from lmssocial.social.content.models import Contribution
from tests.support.people import make_person, make_place


@pytest.fixture
def contribution(session: Session) -> Contribution:
    """Something published."""
    place = make_place(session)
    text = Writing(source="*so*")
    return writing.add(
        session,
        make_person(session, place),
        "test.note",
        text,
        render(text.source),
        placement_id=place.placement.id,
    )


def test_html_of_an_earlier_renderer_is_made_again_once(session: Session, contribution: Contribution) -> None:
    old = {"html": "<i>so</i>", "cooked_version": COOKED_VERSION - 1}
    session.execute(update(Contribution).values(**old))
    version = contribution.version
    assert writing.cook_again(session) == 1
    assert writing.cook_again(session) == 0
    again = session.scalars(select(Contribution).execution_options(populate_existing=True)).one()
    assert again.html == '<p dir="auto"><em>so</em></p>'
    assert again.version == version + 1
    assert again.edited_at is None
