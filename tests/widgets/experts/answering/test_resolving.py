"""By what a question was resolved, opening it again, and what both sides privately say of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.answering import rating, service
from lmssocial.widgets.experts.answering.drafts import WordsDraft
from lmssocial.widgets.experts.invitation_models import InvitationState, Source
from lmssocial.widgets.experts.models import Answer, How, Question, Rating, State
from lmssocial.widgets.experts.people_models import Profile
from tests.conftest import TestClock
from tests.support.discussion import REJECT, let_pass
from tests.support.experts import make_answer, make_expert, make_invitation, make_question
from tests.support.people import Place


@pytest.fixture
def question(session: Session, place: Place, ana: Actor) -> Question:
    """A question of Ana's."""
    return make_question(session, place, ana)


@pytest.fixture
def answer(session: Session, place: Place, question: Question, ben: Actor, cleo: Actor) -> Answer:
    """Ben's answer to it; Cleo had thought of him."""
    make_expert(session, place, ben)
    invitation = make_invitation(
        session, place, question, ben, source=Source.REFERRAL, introduced_by_id=cleo.user_id
    )
    invitation.state = InvitationState.ACCEPTED
    given = make_answer(session, place, question, ben)
    given.invitation_id = invitation.id
    session.flush()
    return given


def payload_of(session: Session, name: str) -> dict[str, object]:
    """What the log tells of the last event of this name."""
    with unit_of_work(session):
        pass
    found = select(ActivityEvent.payload).where(ActivityEvent.name == name).order_by(ActivityEvent.id.desc())
    return dict(session.scalars(found).first() or {})


def test_only_the_asker_says_that_an_answer_resolved_it_and_the_connector_is_credited(
    session: Session, question: Question, answer: Answer, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    for somebody in (ben, tom):
        with pytest.raises(NotAllowed):
            service.resolve(session, somebody, question.id, How.ANSWER, answer.contribution_id)
    with pytest.raises(Invalid):
        service.resolve(session, ana, question.id, How.ANSWER, question.contribution_id)
    with pytest.raises(Invalid):
        service.resolve(session, ana, question.id, How.SILENCE)
    service.resolve(session, ana, question.id, How.ANSWER, answer.contribution_id)
    assert (question.state, question.solution_id) == (State.RESOLVED, answer.contribution_id)
    told = payload_of(session, "experts.question_resolved")
    assert (told["author_id"], told["introduced_by_id"]) == (ben.user_id, cleo.user_id)
    with pytest.raises(Conflict):
        service.resolve(session, ana, question.id, How.ASKER)


def test_resolving_counts_for_the_author_and_opening_again_takes_that_back(
    session: Session, place: Place, question: Question, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    make_expert(session, place, ben)
    make_invitation(session, place, question, ben)
    draft = service.answer(
        session, let_pass, ben, question.id, WordsDraft(source="Below 1 it is not capable.")
    )
    profile = session.get_one(Profile, (place.community.id, ben.user_id))
    service.resolve(session, ana, question.id, How.ANSWER, draft.contribution_id)
    session.refresh(profile)
    assert (profile.answers, profile.accepted) == (1, 1)
    with pytest.raises(NotAllowed):
        service.reopen(session, ben, question.id)
    clock.tick(days=13)
    service.reopen(session, ana, question.id)
    session.refresh(profile)
    assert (profile.answers, profile.accepted) == (1, 0)
    assert (question.state, question.counted_from) == (State.OPEN, clock.now)
    service.resolve(session, ana, question.id, How.ASKER)
    clock.tick(days=14)
    with pytest.raises(Conflict):
        service.reopen(session, ana, question.id)


def test_taking_back_what_resolved_a_question_opens_it_again(
    session: Session, question: Question, answer: Answer, ana: Actor, ben: Actor
) -> None:
    service.resolve(session, ana, question.id, How.ANSWER, answer.contribution_id)
    service.take_back(session, ben, answer.contribution_id)
    assert question.state is not State.RESOLVED
    assert question.solution_id is None
    assert payload_of(session, "experts.question_reopened")["question_id"] == question.id


@pytest.mark.usefixtures("answer")
def test_both_sides_rate_each_other_in_private_and_the_sum_is_kept(
    session: Session, place: Place, question: Question, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    with pytest.raises(NotAllowed):
        service.rate(session, let_pass, ana, question.id, 5)
    question.state, question.resolved_how = State.RESOLVED, How.SILENCE
    service.rate(session, let_pass, ana, question.id, 5, "Thank you, Ben")
    service.rate(session, let_pass, ana, question.id, 3, "Thank you, Ben")
    service.rate(session, let_pass, ben, question.id, 4)
    profile = session.get_one(Profile, (place.community.id, ben.user_id))
    session.refresh(profile)
    assert (profile.helpful_sum, profile.helpful_count) == (3, 1)
    for somebody in (cleo, tom):
        with pytest.raises(NotAllowed):
            rating.part_of(session, somebody, question.id)
    part = rating.part_of(session, ben, question.id)
    assert part.other == rating.Said(value=3, words="Thank you, Ben")
    for bad in (0, 6):
        with pytest.raises(Invalid):
            service.rate(session, let_pass, ana, question.id, bad)
    with pytest.raises(Invalid):
        service.rate(session, REJECT, ana, question.id, 1, "You fool")
    assert session.get_one(Rating, (question.id, ana.user_id)).value == 3
