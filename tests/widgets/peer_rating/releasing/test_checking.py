"""Staff have a release worked out again, and read whether it is what authors were shown."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.releasing.service import release
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring_models import Release
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


def test_a_release_is_worked_out_again_before_ones_eyes(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.EVALUATE, least=1)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    made = release(session, {one.name: one for one in SCORINGS}, tom, place.placement.id)
    sitting, learner = seat(tom), seat(ana)
    address = f"/scores/releases/{made.id}/check"

    said = text_of(sitting.fill_in("/scores", address))
    assert "Release 1 was worked out again from what is stored with it" in said

    session.get_one(Release, made.id).results = {str(work.id): 9.9}
    session.commit()
    said = text_of(sitting.fill_in("/scores", address))
    assert "Release 1 does not come out again" in said

    form = sitting.form(sitting.open("/scores"), address)
    assert learner.send(form).status_code == 403
