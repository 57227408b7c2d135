"""An activity whose reviewing is over."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Phase
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place


@pytest.fixture
def reviewed(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> int:
    """An activity whose reviewing is over: Ana's work has two reviews that disagree, Ben's none. The id of Ana's."""
    set_up(session, place, Phase.EVALUATE, least=2)
    hers, _his = make_work(session, place, ana), make_work(session, place, ben)
    make_review(session, place, hers, ben, levels=(0, 0))
    make_review(session, place, hers, cleo, levels=(2, 2), overall="=cmd|'/c calc'!A1")
    session.commit()
    return hers.id
