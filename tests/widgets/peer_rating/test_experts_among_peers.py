"""Stewards and SMEs who take part themselves: names that are hidden from peers are hidden from them, too."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Identity
from lmssocial.widgets.peer_rating.works.queries import work_view
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database


def test_names_are_hidden_from_an_expert_among_the_peers_and_from_no_other(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(
        session, place, Phase.REVIEW, identity=Identity.DOUBLE_BLIND, identity_reason="We know each other."
    )
    work = make_work(session, place, ana)
    expert = replace(ben, offices=frozenset({Office.SME}))
    mentor = make_person(session, place, "Mei Ono", LmsRole.MENTOR)
    outside = replace(mentor, offices=frozenset({Office.SME}))
    here = running(session, tom, place.placement.id)

    seen = {one.name: work_view(session, one, here, work.id).authors for one in (expert, outside, tom)}

    assert seen == {"Ben Okoro": (), "Mei Ono": ("Ana Ruiz",), "Tom Berg": ("Ana Ruiz",)}
    assert [access.sees_names(one) for one in (expert, outside, tom)] == [False, True, True]


def test_the_page_of_a_review_names_nobody_to_an_expert_among_the_peers(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(
        session, place, Phase.FEEDBACK, identity=Identity.DOUBLE_BLIND, identity_reason="As agreed with all."
    )
    review = make_review(session, place, make_work(session, place, ana), ben)
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=cleo.user_id,
            offices="sme",
            appointed_at=review.offered_at,
        )
    )

    said = text_of(seat(cleo).open(f"/reviews/{review.id}/read"))

    assert f"Reviewer {review.alias}" in said
    assert "Ben Okoro" not in said
    assert "Ana Ruiz" not in said
