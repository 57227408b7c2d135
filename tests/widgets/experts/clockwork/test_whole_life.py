"""The whole life of questions, whatever people do in whatever order and whatever the clock does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Problem
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.widgets.experts.clockwork.facts import facts_of
from lmssocial.widgets.experts.clockwork.next_step import Owner, Viewer, next_step
from lmssocial.widgets.experts.clockwork.tick import tick
from lmssocial.widgets.experts.invitation_models import Because, Invitation, InvitationState, Source
from lmssocial.widgets.experts.inviting import pausing, referring, replying
from lmssocial.widgets.experts.matching.eligible import LATELY, in_hand
from lmssocial.widgets.experts.models import ALIVE, Level, Question, State
from lmssocial.widgets.experts.people_models import Person
from lmssocial.widgets.experts.questions import locked_by_clock
from tests.conftest import TestClock
from tests.support.discussion import let_pass
from tests.support.experts import make_answer, make_expert, make_question, make_topic
from tests.support.people import Place, make_person
from tests.widgets.experts.clockwork.conftest import MONDAY

Deed = tuple[str, int, int]
PEOPLE, QUESTIONS = 4, 2
WAYS = ("wait", "wait", "look", "accept", "accept", "decline", "release", "take", "refer", "pause", "resume")
deeds = st.lists(
    st.tuples(
        st.sampled_from([*WAYS, "leave", "answer", "back"]),
        st.integers(0, QUESTIONS - 1),
        st.integers(0, 40),
    ),
    min_size=4,
    max_size=16,
)


@dataclass
class Life:
    """Some questions, those who may answer them, and what can be done."""

    session: Session
    place: Place
    clock: TestClock
    asker: Actor
    people: list[Actor]
    questions: list[Question]
    done: list[Deed] = field(default_factory=list)

    def do(self, deed: Deed) -> None:
        """Do one thing; whoever may not is told so, and nothing has changed."""
        what, number, choice = deed
        question, person = self.questions[number], self.people[choice % PEOPLE]
        self.done.append(deed)
        try:
            with self.session.begin_nested():
                self.ways(question, person, choice)[what]()
                self.session.flush()
        except Problem:
            self.session.expire_all()

    def ways(self, question: Question, person: Actor, choice: int) -> dict[str, Callable[[], object]]:
        """What can be done with a question, by a person."""
        session, number = self.session, question.id
        other = self.people[(choice + 1) % PEOPLE]
        return {
            "wait": lambda: self.clock.tick(hours=choice),
            "back": lambda: self.clock.tick(hours=-2),
            "look": lambda: self.look(question),
            "accept": lambda: replying.accept(session, person, number),
            "decline": lambda: replying.decline(session, {}, person, number, list(Because)[choice % 3]),
            "release": lambda: replying.release(session, {}, person, number),
            "take": lambda: replying.volunteer(session, person, number),
            "refer": lambda: referring.refer(session, let_pass, person, number, other.user_id, ""),
            "pause": lambda: pausing.pause(session, locked_by_clock(session, number), person),
            "resume": lambda: pausing.resume(session, locked_by_clock(session, number), self.asker),
            "leave": lambda: self.leave(person) if choice % 3 == 0 else None,
            "answer": lambda: self.answer(question),
        }

    def look(self, question: Question) -> State:
        """Let the clockwork look."""
        return tick(self.session, {}, question.id, self.clock.now)

    def leave(self, person: Actor) -> None:
        """Somebody is in the course no more."""
        left = update(Membership).where(Membership.user_id == person.user_id).values(active=False)
        self.session.execute(left)

    def answer(self, question: Question) -> None:
        """Who accepted it answers."""
        for person in self.people:
            if question.state is State.ACCEPTED and question.accepted_by_id == person.user_id:
                make_answer(self.session, self.place, question, person)

    def snapshot(self, question: Question) -> object:
        """Everything that a look may change, and how many have been told of something."""
        self.session.flush()
        rows = self.session.execute(
            select(Invitation.user_id, Invitation.state, Invitation.due_at)
            .where(Invitation.question_id == question.id)
            .order_by(Invitation.user_id)
        ).all()
        waiting = len(self.session.info.get("lmssocial_add_last", []))
        return rows, question.state, question.level, question.next_at, waiting

    def hold_true(self) -> None:
        """What is always true."""
        for question in self.questions:
            self._one(question)
        for person in self.people:
            self._fits(person)

    def _one(self, question: Question) -> None:
        asked = locked_by_clock(self.session, question.id)
        rows = self.session.scalars(select(Invitation).where(Invitation.question_id == question.id)).all()
        holders = [one.user_id for one in rows if one.state is InvitationState.ACCEPTED]
        if question.state is State.ACCEPTED:
            assert holders == [question.accepted_by_id]
        if question.state is State.OPEN:
            assert holders == []
            assert question.accepted_by_id is None
        assert len({one.user_id for one in rows}) == len(rows)
        facts = facts_of(self.session, asked)
        owner = next_step(asked, facts, Viewer.ASKER).owner
        assert (owner is Owner.NOBODY) == (question.state not in ALIVE)
        assert (question.next_at is not None) == (question.state in ALIVE)

    def _fits(self, person: Actor) -> None:
        """Nobody has more than they can take; what they took themselves is their own affair."""
        can = self.session.get(Person, person.user_id)
        if can is None:
            return
        mine = (
            select(func.count())
            .select_from(Invitation)
            .join(Question)
            .where(Invitation.user_id == person.user_id)
        )
        mine = mine.where(Invitation.source != Source.VOLUNTEER)
        assert self.session.execute(mine.where(in_hand())).scalar_one() <= can.most_open
        lately = Invitation.sent_at > self.clock.now - LATELY
        assert self.session.execute(mine.where(lately)).scalar_one() <= can.most_week


@pytest.mark.one_database
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_whatever_people_do_no_question_is_lost_and_nobody_has_too_much(
    session: Session, place: Place, ana: Actor, clock: TestClock, deeds: list[Deed]
) -> None:
    with session.begin_nested() as fresh:
        clock.move_to(MONDAY)
        topic = make_topic(session, place, "Capability")
        people = [make_person(session, place) for _number in range(PEOPLE)]
        for person in people[1:]:
            make_expert(session, place, person, topic)
        questions = [make_question(session, place, ana, topic) for _number in range(QUESTIONS)]
        life = Life(session, place, clock, ana, people, questions)
        for question in questions:
            life.look(question)
        life.hold_true()
        for deed in deeds:
            life.do(deed)
            life.hold_true()
        for question in questions:
            life.look(question)
            before = life.snapshot(question)
            life.look(question)
            assert life.snapshot(question) == before
        clock.move_to(max(clock.now, MONDAY) + timedelta(days=60))
        for question in questions:
            life.look(question)
            if question.paused_at is None:
                assert question.state not in {State.ACCEPTED, State.ANSWERED}
            else:  # an asker who never says more leaves it to those who look after it
                assert question.level is Level.STEWARDS
        life.hold_true()
        fresh.rollback()
    session.expire_all()
    session.info.pop("lmssocial_add_last", None)
