"""What happens to questions by themselves: once, in time, whoever is there and whatever the clock does."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.widgets.experts.clockwork.tick import LATEST, run_due
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.inviting import pausing, replying
from lmssocial.widgets.experts.models import Audience, How, Level, Question, State
from lmssocial.widgets.experts.people_models import Pause, Person
from lmssocial.widgets.experts.questions import locked_by_clock
from lmssocial.widgets.experts.topic_models import Topic
from tests.conftest import TestClock
from tests.support.experts import make_answer, make_expert, make_invitation, make_question, make_topic
from tests.support.people import Place, make_person
from tests.widgets.experts.clockwork.conftest import MONDAY, Look

pytestmark = pytest.mark.one_database  # what hangs on locks is tested with the races for people
SENT, LAPSED = InvitationState.SENT, InvitationState.LAPSED


def standing(session: Session, question: Question) -> dict[int, InvitationState]:
    """What became of the invitations, by who was asked."""
    rows = select(Invitation.user_id, Invitation.state).where(Invitation.question_id == question.id)
    return dict(session.execute(rows).all())


def told(session: Session) -> list[str]:
    """The names of the events that wait to be told of."""
    waiting = session.info.get("lmssocial_add_last", [])
    return [row.name.removeprefix("experts.") for row in waiting if isinstance(row, ActivityEvent)]


def level_of(question: Question) -> Level:
    """Whom it has got to."""
    return question.level


def experts(session: Session, place: Place, topic: Topic, number: int) -> list[Actor]:
    """People who declared a topic."""
    people = [make_person(session, place) for _one in range(number)]
    for person in people:
        make_expert(session, place, person, topic)
    return people


def asked(session: Session, question: Question, people: list[Actor]) -> list[Actor]:
    """Those who are waited for, and then the others."""
    states = standing(session, question)
    return sorted(people, key=lambda person: states.get(person.user_id) is not SENT)


@pytest.fixture
def topic(session: Session, place: Place) -> Topic:
    """What all questions are about."""
    return make_topic(session, place, "Capability")


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, topic: Topic, clock: TestClock) -> Question:
    """A question of Ana's, asked on Monday at nine."""
    assert clock.now == MONDAY
    return make_question(session, place, ana, topic)


def test_people_are_asked_in_rounds_until_it_is_everybodys_and_then_a_stewards(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    for person in experts(session, place, topic, 3):
        session.get_one(Person, person.user_id).most_week = 9
    assert look(question) is State.OPEN
    assert sorted(standing(session, question).values()) == [SENT, SENT]
    assert question.next_at == MONDAY + timedelta(hours=1)

    clock.tick(hours=12)
    look(question)
    assert sorted(standing(session, question).values()) == [LAPSED, LAPSED, SENT]
    clock.move_to(MONDAY + timedelta(hours=24))
    look(question)
    assert set(standing(session, question).values()) == {LAPSED}
    assert level_of(question) is Level.EVERYBODY  # nobody else is there: why wait until Tuesday evening

    clock.move_to(MONDAY + timedelta(hours=72))
    look(question)
    assert level_of(question) is Level.STEWARDS
    names = [name for name in told(session) if name.startswith("question")]
    assert names == ["question_opened_to_all", "question_escalated"]
    assert question.next_at is not None


@pytest.mark.parametrize("audience", Audience)
def test_if_nobody_is_there_it_goes_on_at_once(
    session: Session, place: Place, topic: Topic, ana: Actor, look: Look, clock: TestClock, audience: Audience
) -> None:
    """The asker is the only expert; whoever else could be asked is paused."""
    ben = make_person(session, place)
    for person in (ana, ben):
        make_expert(session, place, person, topic)
    session.get_one(Person, ben.user_id).paused_until = clock.now + timedelta(days=9)
    question = make_question(session, place, ana, topic, audience=audience)
    for _twice in range(2):
        look(question)
    assert standing(session, question) == {}
    private = audience is Audience.EXPERTS
    assert level_of(question) is (Level.STEWARDS if private else Level.EVERYBODY)
    assert told(session) == ["question_escalated" if private else "question_opened_to_all"]
    assert question.audience is audience


def test_looking_twice_is_looking_once_and_a_clock_set_back_changes_nothing(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    experts(session, place, topic, 5)
    for hours in (0, 12, 30, 60, 90):
        clock.move_to(MONDAY + timedelta(hours=hours))
        look(question)
        before = standing(session, question), question.level, told(session)
        look(question)
        clock.tick(hours=-5)
        look(question)
        assert (standing(session, question), question.level, told(session)) == before
        assert question.next_at == MONDAY + timedelta(hours=hours)


def test_a_promise_that_is_not_kept_goes_on_to_others(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    people = experts(session, place, topic, 3)
    look(question)
    first, second, third = asked(session, question, people)
    replying.accept(session, first, question.id)
    assert standing(session, question)[second.user_id] is InvitationState.SUPERSEDED
    assert question.promised_until == MONDAY + timedelta(hours=48)
    clock.tick(hours=48)
    assert look(question) is State.OPEN
    assert question.accepted_by_id is None
    assert standing(session, question) == {
        first.user_id: InvitationState.RELEASED,
        second.user_id: InvitationState.SUPERSEDED,
        third.user_id: SENT,
    }
    assert level_of(question) is Level.EVERYBODY  # its hours went on meanwhile


def test_people_who_leave_are_replaced_whether_they_were_asked_or_had_accepted(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    people = experts(session, place, topic, 4)
    look(question)
    first, second, *_others = asked(session, question, people)

    def leaves(person: Actor) -> None:
        clock.tick(hours=1)
        session.execute(update(Membership).where(Membership.user_id == person.user_id).values(active=False))
        look(question)

    leaves(first)
    assert sorted(standing(session, question).values()) == [SENT, SENT, InvitationState.WITHDRAWN]
    replying.accept(session, second, question.id)
    leaves(second)
    assert question.state is State.OPEN
    assert standing(session, question)[second.user_id] is InvitationState.WITHDRAWN
    assert list(standing(session, question).values()).count(SENT) == 1


def test_once_its_asker_has_left_whoever_is_at_it_may_finish_and_then_it_is_closed(
    session: Session, place: Place, topic: Topic, ana: Actor, question: Question, clock: TestClock, look: Look
) -> None:
    experts(session, place, topic, 5)
    look(question)
    session.execute(update(Membership).where(Membership.user_id == ana.user_id).values(active=False))
    clock.tick(hours=2)
    assert look(question) is State.OPEN
    clock.tick(hours=12)
    assert look(question) is State.CLOSED
    assert set(standing(session, question).values()) == {LAPSED}
    assert "has left the course" in question.closed_because
    assert question.next_at is None
    assert told(session)[-1] == "question_closed"


def test_while_the_asker_has_to_say_more_nobody_loses_an_hour(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    first, second = experts(session, place, topic, 2)
    look(question)
    clock.tick(hours=10)
    pausing.pause(session, locked_by_clock(session, question.id), first)
    clock.tick(hours=30)
    look(question)
    assert set(standing(session, question).values()) == {SENT}
    assert level_of(question) is Level.EXPERTS

    assert pausing.resume(session, locked_by_clock(session, question.id), None)
    due = set(session.scalars(select(Invitation.due_at)))
    assert due == {clock.now + timedelta(hours=2)}
    assert question.counted_from == clock.now - timedelta(hours=10)
    clock.tick(hours=3)
    look(question)
    assert standing(session, question) == {first.user_id: LAPSED, second.user_id: LAPSED}


def test_an_asker_who_never_says_more_leaves_it_to_the_stewards(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look, tom: Actor
) -> None:
    experts(session, place, topic, 2)
    look(question)
    pausing.pause(session, locked_by_clock(session, question.id), tom)
    clock.tick(days=6)
    look(question)
    assert level_of(question) is Level.EXPERTS
    clock.tick(days=1)
    look(question)
    assert level_of(question) is Level.STEWARDS


def test_an_answered_question_counts_as_resolved_after_a_week_of_silence(
    session: Session, place: Place, topic: Topic, question: Question, clock: TestClock, look: Look
) -> None:
    first, _second = experts(session, place, topic, 2)
    look(question)
    replying.accept(session, first, question.id)
    make_answer(session, place, question, first)
    clock.tick(days=6, hours=23)
    assert look(question) is State.ANSWERED
    clock.tick(hours=1)
    assert look(question) is State.RESOLVED
    assert question.resolved_how is How.SILENCE
    assert standing(session, question)[first.user_id] is InvitationState.ACCEPTED  # they did what they said
    assert question.next_at is None
    assert told(session)[-1] == "question_resolved"


def test_whoever_says_nothing_three_times_is_left_alone_until_they_come_back(
    session: Session, place: Place, topic: Topic, ana: Actor, clock: TestClock, look: Look
) -> None:
    (silent,) = experts(session, place, topic, 1)
    person = session.get_one(Person, silent.user_id)
    person.most_week = person.most_open = 9
    questions = [make_question(session, place, ana, topic, title=f"Number {n}") for n in range(4)]
    for question in questions[:3]:
        look(question)
        clock.tick(hours=13)
        look(question)
        clock.tick(hours=8)
    assert person.paused_by is Pause.SILENCE
    assert told(session).count("expert_paused") == 1
    look(questions[3])
    assert standing(session, questions[3]) == {}

    person.paused_until, person.paused_by = clock.now, None  # one click
    look(questions[3])
    clock.tick(hours=13)
    look(questions[3])
    assert person.paused_by is None  # once is not always


@pytest.mark.usefixtures("settings")
def test_one_question_that_fails_is_looked_at_later_and_harms_no_other(
    session: Session, place: Place, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    ill = make_question(session, place, ana, state=State.ACCEPTED, level=Level.EXPERTS)
    make_invitation(session, place, ill, ben)
    well = make_question(session, place, ana)
    place.placement.settings = {"zone": "Europe/Vienna"}
    ill.counted_from = ill.counted_from.replace(
        year=9999, month=12, day=31
    )  # there is no later day to count to
    ill.state = State.OPEN
    session.commit()
    sessions = sessionmaker(session.get_bind())
    assert run_due(sessions, {}) == 1
    session.rollback()
    assert ill.next_at is not None
    assert clock.now < ill.next_at <= clock.now + LATEST
    assert well.level is Level.EVERYBODY
