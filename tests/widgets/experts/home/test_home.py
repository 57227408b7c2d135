"""The first page: what waits for whom, at the same cost for much as for little."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import Introduction, Level, State
from tests.support.experts import make_answer, make_expert, make_invitation, make_question
from tests.support.people import Place
from tests.support.seat import Seat, text_of
from tests.widgets.experts.budget import statements_of

Sit = Callable[[Actor], Seat]


@pytest.mark.one_database
def test_everybody_finds_what_is_their_turn(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    make_expert(session, place, ben)
    invited = make_question(session, place, ana, title="Who can read this chart?")
    make_invitation(session, place, invited, ben)
    promised = make_question(
        session, place, ana, title="What is a run?", state=State.ACCEPTED, accepted_by_id=ben.user_id
    )
    make_invitation(session, place, promised, ben, state=InvitationState.ACCEPTED)
    answered = make_question(session, place, ana, title="What does sigma mean?")
    make_answer(session, place, answered, cleo)
    make_question(session, place, ana, title="Nobody knows this one", level=Level.STEWARDS)
    session.add(
        Introduction(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            placement_id=place.placement.id,
            by_id=tom.user_id,
            first_id=ben.user_id,
            second_id=cleo.user_id,
            why="Both of you run a shift.",
            made_at=clock.now(),
        )
    )
    session.flush()

    for_ben = text_of(seat(ben).open("/"))
    assert "Who can read this chart?" in for_ben
    assert "What is a run?" in for_ben
    assert "Both of you run a shift." in for_ben
    assert "Nobody knows this one" in for_ben  # open to everybody
    for_ana = text_of(seat(ana).open("/"))
    assert for_ana.index("What waits for you") < for_ana.index("What does sigma mean?")
    assert for_ana.index("Your open questions") < for_ana.index("Who can read this chart?")
    assert "1 question waits for you as a steward" in text_of(seat(tom).open("/"))
    assert "as a steward" not in for_ben


def test_an_empty_page_says_what_comes_here_and_many_questions_cost_no_more_statements(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    browser = seat(ben)
    empty = text_of(browser.open("/"))
    assert "You have none. When you ask something" in empty
    assert "Offer to be asked" in empty
    make_expert(session, place, ben)
    for person in (ana, ben):
        make_question(session, place, person, level=Level.EVERYBODY, title=f"The first of {person.name}")
    session.commit()
    few = statements_of(browser, "/")
    for number in range(12):
        one = make_question(session, place, ana, title=f"Question {number}", level=Level.EVERYBODY)
        make_invitation(session, place, one, ben)
        make_question(session, place, ben, title=f"Mine {number}")
    session.commit()

    assert statements_of(browser, "/") == few
    assert few <= 15
