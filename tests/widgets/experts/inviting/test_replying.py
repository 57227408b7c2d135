"""Accepting, declining, giving back, taking, naming somebody, and blocking."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.invitation_models import Because, Invitation, InvitationState, Source
from lmssocial.widgets.experts.inviting import blocking, referring, replying, service
from lmssocial.widgets.experts.inviting.service import Full
from lmssocial.widgets.experts.models import Audience, Level, Question, Reach, State
from lmssocial.widgets.experts.people_models import Block, Expertise, Person, Profile
from lmssocial.widgets.experts.questions import locked_by_clock
from tests.conftest import TestClock
from tests.support.discussion import let_pass
from tests.support.experts import (
    bring_together,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
)
from tests.support.people import Place, make_person, make_place

pytestmark = pytest.mark.one_database  # what hangs on locks is tested with the races
SENT, ACCEPTED = InvitationState.SENT, InvitationState.ACCEPTED


def state_of(session: Session, question: Question, person: Actor) -> InvitationState | None:
    """What became of somebody's invitation."""
    rows = select(Invitation.state).where(
        Invitation.question_id == question.id, Invitation.user_id == person.user_id
    )
    return session.scalar(rows)


def ended(session: Session) -> dict[int, str]:
    """Who is told that they need not answer any more, and why."""
    waiting = session.info.get("lmssocial_add_last", [])
    events = [row for row in waiting if isinstance(row, ActivityEvent)]
    found = [row.payload for row in events if row.name == "experts.invitation_ended"]
    return {payload["user_id"]: payload["why"] for payload in found}


@pytest.fixture
def question(session: Session, place: Place, ana: Actor) -> Question:
    """A question of Ana's."""
    return make_question(session, place, ana, make_topic(session, place, "Capability"))


@pytest.fixture
def asked(session: Session, place: Place, question: Question, ben: Actor, cleo: Actor) -> Sequence[Actor]:
    """Who was asked."""
    for person in (ben, cleo):
        make_expert(session, place, person)
        make_invitation(session, place, question, person)
    return [ben, cleo]


def test_the_first_who_accepts_answers_it_and_the_other_reads_that(
    session: Session, question: Question, asked: Sequence[Actor], ana: Actor
) -> None:
    ben, cleo = asked
    replying.accept(session, ben, question.id)
    assert (question.state, question.accepted_by_id) == (State.ACCEPTED, ben.user_id)
    with pytest.raises(Conflict, match="accepted this a moment ago"):
        replying.accept(session, cleo, question.id)
    assert ended(session) == {cleo.user_id: "superseded"}
    assert replying.accept(session, ben, question.id).state is ACCEPTED  # pressed twice
    with pytest.raises(NotAllowed):
        replying.accept(session, ana, question.id)
    assert session.get_one(Profile, (ben.community_id, ben.user_id)).taken == 1


@pytest.mark.parametrize(("because", "doubts"), [(Because.NO_TIME, 0), (Because.NOT_MY_TOPIC, 1)])
def test_a_decline_is_passed_on_at_once_and_only_another_topic_counts_as_a_doubt(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, because: Because, doubts: int
) -> None:
    topic = make_topic(session, place, "Capability")
    dora = make_person(session, place, "Dora Lind")
    for person in (ben, cleo, dora):
        make_expert(session, place, person, topic)
    question = make_question(session, place, ana, topic)
    for person in (ben, cleo):
        make_invitation(session, place, question, person)
    passed_on = replying.decline(session, {}, ben, question.id, because)
    assert [one.user_id for one in passed_on] == [dora.user_id]
    assert state_of(session, question, ben) is InvitationState.DECLINED
    session.expire_all()
    assert session.get_one(Expertise, (topic.id, ben.user_id)).doubts == doubts
    assert replying.decline(session, {}, ben, question.id, because) == []  # pressed twice
    with pytest.raises(Conflict):
        replying.accept(session, ben, question.id)


def test_what_is_given_back_goes_on_to_others(
    session: Session, place: Place, question: Question, asked: Sequence[Actor]
) -> None:
    ben, cleo = asked
    dora = make_person(session, place, "Dora Lind")
    make_expert(session, place, dora, *[make_topic(session, place, "Gauges")])
    with pytest.raises(Conflict):
        replying.release(session, {}, ben, question.id)
    replying.accept(session, ben, question.id)
    replying.release(session, {}, ben, question.id)
    assert (question.state, question.accepted_by_id) == (State.OPEN, None)
    assert state_of(session, question, ben) is InvitationState.RELEASED
    assert state_of(session, question, cleo) is InvitationState.SUPERSEDED


def test_a_question_is_taken_by_anybody_once_it_is_everybodys_and_by_moderators_at_any_time(
    session: Session, place: Place, question: Question, asked: Sequence[Actor], ana: Actor, tom: Actor
) -> None:
    dora = make_person(session, place, "Dora Lind")
    with pytest.raises(NotAllowed, match="not open to everybody"):
        replying.volunteer(session, dora, question.id)
    question.level = Level.EVERYBODY
    with pytest.raises(NotAllowed, match="your own question"):
        replying.volunteer(session, ana, question.id)
    replying.volunteer(session, dora, question.id)
    assert set(ended(session)) == {one.user_id for one in asked}
    with pytest.raises(Conflict, match="a moment ago"):
        replying.volunteer(session, tom, question.id)

    question.level = Level.EXPERTS
    replying.release(session, {}, dora, question.id)
    assert replying.volunteer(session, tom, question.id).source is Source.VOLUNTEER


def test_anybody_who_reads_a_question_may_name_somebody_who_says_for_themselves(
    session: Session, place: Place, question: Question
) -> None:
    connector, dora = make_person(session, place, "Carl Nett"), make_person(session, place, "Dora Lind")
    found = referring.people_called(session, connector, question.id, "lind dora")
    assert [(one.name, one.offers) for one in found] == [("Dora Lind", False)]
    sent = referring.refer(session, let_pass, connector, question.id, dora.user_id, "You did this last year.")
    assert (sent.introduced_by_id, sent.note) == (connector.user_id, "You did this last year.")
    assert referring.people_called(session, connector, question.id, "Dora") == []
    with pytest.raises(Conflict, match="asked already"):
        referring.refer(session, let_pass, connector, question.id, dora.user_id, "")
    with pytest.raises(Conflict, match="themselves"):
        referring.refer(session, let_pass, connector, question.id, question.asker_id, "")

    elsewhere = make_place(session, widget="experts", beside=place)
    stranger = make_person(session, elsewhere, "Elsa Moor")
    with pytest.raises(NotFound):
        referring.refer(session, let_pass, connector, question.id, stranger.user_id, "")


def test_for_a_private_question_only_experts_are_named_also_of_courses_together_with_this_one(
    session: Session, place: Place, question: Question, ben: Actor
) -> None:
    make_invitation(session, place, question, ben)
    question.audience = Audience.EXPERTS
    place.placement.settings = {"reach": "community"}
    dora = make_person(session, place, "Dora Lind")
    elsewhere = make_place(session, widget="experts", beside=place)
    far, shy = make_person(session, elsewhere, "Dorian Far"), make_person(session, elsewhere, "Dorothy Shy")
    make_expert(session, elsewhere, far, reach=Reach.COMMUNITY)
    make_expert(session, elsewhere, shy, reach=Reach.COURSE)
    assert referring.people_called(session, ben, question.id, "dor") == []
    bring_together(session, place, elsewhere)
    assert referring.people_called(session, ben, question.id, "dor") == []
    elsewhere.placement.settings = {"reach": "community"}
    assert [one.name for one in referring.people_called(session, ben, question.id, "dor")] == ["Dorian Far"]
    with pytest.raises(NotFound):
        referring.refer(session, let_pass, ben, question.id, dora.user_id, "")
    sent = referring.refer(session, let_pass, ben, question.id, far.user_id, "")
    assert (sent.community_id, sent.placement_id) == (elsewhere.community.id, elsewhere.placement.id)


def test_a_guest_thinks_of_those_who_offer_to_be_asked_from_elsewhere_and_reads_no_other_name(
    session: Session, place: Place, question: Question
) -> None:
    place.placement.settings = {"reach": "community"}
    elsewhere = make_place(session, widget="experts", beside=place)
    bring_together(session, place, elsewhere)
    guest = make_person(session, elsewhere, "Gil Far")
    make_expert(session, elsewhere, guest, reach=Reach.COMMUNITY)
    make_invitation(session, elsewhere, question, guest)
    dora, doris, dorothy = (
        make_person(session, place, f"{name} Lind") for name in ("Dora", "Doris", "Dorothy")
    )
    make_expert(session, place, doris, reach=Reach.COURSE)
    make_expert(session, place, dorothy, reach=Reach.COMMUNITY)
    found = referring.people_called(session, guest, question.id, "dor")
    assert [one.name for one in found] == ["Dorothy Lind"]
    for stranger in (dora, doris):
        with pytest.raises(NotFound):
            referring.refer(session, let_pass, guest, question.id, stranger.user_id, "")
    referring.refer(session, let_pass, guest, question.id, dorothy.user_id, "")


def test_nobody_gets_more_than_they_can_take_whoever_thinks_of_them(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    make_expert(session, place, ben)
    person = session.get_one(Person, ben.user_id)
    questions = [make_question(session, place, ana, title=f"Number {n}") for n in range(6)]

    def asks(question: Question) -> Invitation:
        return service.invite(
            session, locked_by_clock(session, question.id), ben.user_id, Source.STEWARD, by=tom
        )

    asks(questions[0])
    asks(questions[1])
    with pytest.raises(Full):
        asks(questions[2])  # two are in their hands
    replying.decline(session, {}, ben, questions[0].id, Because.NO_TIME)
    asks(questions[2])
    replying.decline(session, {}, ben, questions[1].id, Because.NO_TIME)
    with pytest.raises(Full):
        asks(questions[3])  # three in a week
    clock.tick(days=8)
    person.paused_until = clock.now + timedelta(days=1)
    with pytest.raises(Full):
        asks(questions[3])
    clock.tick(days=1)
    session.add(Block(user_id=ben.user_id, asker_id=ana.user_id, community_id=ben.community_id, at=clock.now))
    with pytest.raises(Full):
        asks(questions[3])
    session.delete(session.get_one(Block, (ben.user_id, ana.user_id)))
    assert asks(questions[3]).state is SENT


def test_who_blocks_an_asker_is_out_of_this_question_too(
    session: Session, question: Question, asked: Sequence[Actor]
) -> None:
    ben, cleo = asked
    blocking.block(session, {}, ben, question.id, "Writes to me at night.")
    assert state_of(session, question, ben) is InvitationState.DECLINED
    replying.accept(session, cleo, question.id)
    blocking.block(session, {}, cleo, question.id, "")
    assert question.state is State.OPEN
    assert blocking.is_blocked(session, cleo, question.asker_id)
    blocking.unblock(session, cleo, question.id)
    assert not blocking.is_blocked(session, cleo, question.asker_id)
