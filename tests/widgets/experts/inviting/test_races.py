"""Two who accept at once, and many questions that want the same person; and what happens without the locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.clockwork.tick import tick
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState, Source
from lmssocial.widgets.experts.inviting import replying, room, service
from lmssocial.widgets.experts.inviting.service import Full
from lmssocial.widgets.experts.models import Question, State, Step
from lmssocial.widgets.experts.people_models import Person
from lmssocial.widgets.experts.questions import locked_by_clock, seen
from tests.support.experts import make_expert, make_invitation, make_question, make_topic
from tests.support.people import Place


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> Question:
    """A question of Ana's that Ben and Cleo were asked to answer; committed."""
    question = make_question(session, place, ana)
    for person in (ben, cleo):
        make_expert(session, place, person)
        make_invitation(session, place, question, person)
    session.commit()
    return question


@pytest.mark.usefixtures("settings")
def test_of_two_who_accept_at_once_one_does_and_the_other_reads_why_not(
    session: Session, engine: Engine, question: Question, ben: Actor, cleo: Actor
) -> None:
    number = question.id
    session.rollback()

    def accepts(person: Actor) -> str:
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    replying.accept(own, person, number)
            except Conflict as refusal:
                return refusal.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(accepts, [ben, cleo]))
    assert said[0] == ""
    assert "Somebody accepted this a moment ago" in said[1]
    session.rollback()
    states = session.scalars(select(Invitation.state).where(Invitation.question_id == number))
    assert sorted(states) == [InvitationState.ACCEPTED, InvitationState.SUPERSEDED]


@pytest.mark.usefixtures("settings")
def test_without_the_lock_the_second_would_see_an_open_question_and_fail(
    backend: str, session: Session, engine: Engine, question: Question, ben: Actor, cleo: Actor
) -> None:
    """The negative control: both find it open, and only its version keeps the second from taking it as well."""
    if backend == "sqlite":
        return  # a second writer cannot exist there
    number = question.id
    session.rollback()
    with Session(engine) as first, Session(engine) as second:
        asked = [seen(own, person, number) for own, person in ((first, ben), (second, cleo))]
        assert [one.question.state for one in asked] == [State.OPEN, State.OPEN]
        for one in asked:
            one.question.state = State.ACCEPTED
        first.commit()
        with pytest.raises(StaleDataError):
            second.commit()


def ask(engine: Engine, person: Actor) -> Callable[[int], bool]:
    """Somebody asks ``person`` to answer a question; whether that could be."""

    def invites(question_id: int) -> bool:
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    asked = locked_by_clock(own, question_id)
                    service.invite(own, asked, person.user_id, Source.STEWARD, by=None)
            except Full:
                return False
        return True

    return invites


@pytest.mark.usefixtures("settings")
def test_many_questions_at_once_never_give_somebody_more_than_they_can_take(
    session: Session, engine: Engine, place: Place, ana: Actor, ben: Actor
) -> None:
    """Nobody has asked Ben before: the row that is locked is made at the same moment, too."""
    numbers = [make_question(session, place, ana, title=f"Number {n}").id for n in range(6)]
    session.commit()
    with ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(ask(engine, ben), numbers))
    assert sent.count(True) == 2
    held = select(func.count(Invitation.id)).where(Invitation.state.in_(HOLDING))
    assert session.execute(held).scalar_one() == 2


@pytest.mark.usefixtures("settings")
def test_without_the_lock_on_people_two_questions_take_the_same_last_place(
    backend: str, session: Session, engine: Engine, place: Place, ana: Actor, ben: Actor
) -> None:
    """The negative control: whoever counts without having locked the person counts what is over a moment later."""
    if backend == "sqlite":
        return  # a second writer cannot exist there
    make_expert(session, place, ben)
    session.get_one(Person, ben.user_id).most_open = 1
    numbers = [make_question(session, place, ana, title=f"Number {n}").id for n in range(2)]
    session.commit()
    with Session(engine) as first, Session(engine) as second:
        for own, number in zip((first, second), numbers, strict=True):
            person = own.get_one(Person, ben.user_id)
            assert room.has_room(own, person, ana.user_id, clock.now())
            make_invitation(own, place, own.get_one(Question, number), ben)
        first.commit()
        second.commit()
    held = select(func.count(Invitation.id)).where(Invitation.user_id == ben.user_id)
    assert session.execute(held).scalar_one() == 2  # and they can take one


@pytest.mark.usefixtures("settings")
def test_many_ticks_at_once_want_the_same_people_and_none_waits_for_ever(
    session: Session, engine: Engine, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    topic = make_topic(session, place, "Capability")
    for person in (ben, cleo):
        make_expert(session, place, person, topic)
    numbers = [make_question(session, place, ana, topic, title=f"Number {n}").id for n in range(8)]
    session.commit()
    now = clock.now() + timedelta(seconds=1)

    def looks(number: int) -> None:
        with Session(engine) as own, unit_of_work(own):
            tick(own, {}, number, now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(looks, numbers))
    rows = session.execute(select(Invitation.user_id, func.count()).group_by(Invitation.user_id)).all()
    assert dict(rows) == {ben.user_id: 2, cleo.user_id: 2}


@pytest.mark.usefixtures("settings")
def test_a_question_that_is_held_can_be_named_by_whoever_holds_people_first(
    backend: str, session: Session, engine: Engine, question: Question, ana: Actor
) -> None:
    """A booking holds its two and then names the question; the clock holds the question and then people."""
    if backend == "sqlite":
        return  # there is one writer at a time
    question_id = question.id
    step = {"question_id": question_id, "what": "asked", "facts": {}, "at": clock.now(), "by_id": ana.user_id}
    session.rollback()
    with Session(engine) as ticking, Session(engine) as books:
        locked_by_clock(ticking, question_id)
        books.execute(text("SET LOCAL lock_timeout = '2s'"))
        books.execute(insert(Step).values(step))
        with pytest.raises(OperationalError, match="lock timeout"):
            locked_by_clock(books, question_id)
