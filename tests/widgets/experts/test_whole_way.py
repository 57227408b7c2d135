"""The whole way of a question, through its pages: asked, passed on, accepted, asked back, answered, resolved, rated."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.clockwork.tick import run_due
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation
from lmssocial.widgets.experts.models import Answer, Question, Rating, State
from tests.support.experts import make_expert, make_topic
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form, forms_of

Sit = Callable[[Actor], Seat]


def form_with(page: TestResponse, name: str) -> Form:
    """The form of a page that has a field of this name."""
    forms = forms_of(page.get_data(as_text=True), page.request.url)
    (found,) = [form for form in forms if name in form.names()]
    return found


@pytest.mark.one_database
def test_a_question_finds_its_way_from_who_asks_to_who_knows_and_back(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    topic = make_topic(session, place, "Capability")
    experts = {person.user_id: person for person in (ben, cleo, make_person(session, place, "Dora Lind"))}
    for person in experts.values():
        make_expert(session, place, person, topic)
    asker = seat(ana)
    page = asker.open("/ask")
    asked = asker.send(
        form_with(page, "source"),
        title="How do I read a capability study?",
        source="The report says Cpk 0.8. Is that bad?",
        topics="Capability",
    )
    page = asker.follow(asked)
    assert "How do I read a capability study?" in text_of(page)
    session.rollback()
    question = session.scalars(select(Question)).one()
    at = f"/questions/{question.id}"

    sessions = sessionmaker(session.get_bind())
    run_due(sessions, {})
    first, second = waiting(session, question)
    assert "2 people who know about this were asked" in text_of(asker.open(at))
    seat(experts[first]).fill_in(f"{at}/decline", "/decline")
    third = next(user_id for user_id in waiting(session, question) if user_id not in {first, second})

    expert = seat(experts[third])
    page = expert.open(at)
    assert "Capability" in text_of(page)
    page = expert.follow(expert.send(expert.form(page, "/accept")))
    assert "You answer this question" in text_of(page)
    page = expert.open(f"{at}/message?asks=1")
    expert.follow(expert.send(form_with(page, "source"), source="Of how many parts?"))
    assert "Say more below" in text_of(asker.open(at))
    assert "Your answer is waited for" not in text_of(expert.open(at))  # the clock stands still
    page = asker.open(f"{at}/message")
    asker.follow(asker.send(form_with(page, "source"), source="Of fifty."))
    page = expert.open(f"{at}/answer")
    expert.follow(expert.send(form_with(page, "source"), source="Below 1 the process makes scrap."))
    assert state_of(session, question) is State.ANSWERED
    assert "You answered this question" in text_of(expert.open(at))

    page = asker.open(at)
    assert "Below 1 the process makes scrap." in text_of(page)
    answer_id = session.scalars(select(Answer.contribution_id)).one()
    solves = form_with(page, "answer_id")
    assert ("answer_id", str(answer_id)) in [*solves.fields, *solves.buttons]
    asker.follow(asker.send(solves, button=str(answer_id)))
    assert state_of(session, question) is State.RESOLVED
    page = asker.open(f"{at}/rate")
    asker.follow(asker.send(form_with(page, "value"), value="5", words="Thank you."))
    session.rollback()
    assert session.scalars(select(Rating.value)).all() == [5]
    run_due(sessions, {})
    assert run_due(sessions, {}) == 0  # it is over, and nobody looks again


def waiting(session: Session, question: Question) -> list[int]:
    """Who is waited for."""
    session.rollback()
    rows = select(Invitation.user_id).where(
        Invitation.question_id == question.id, Invitation.state.in_(WAITING)
    )
    return list(session.scalars(rows.order_by(Invitation.user_id)))


def state_of(session: Session, question: Question) -> State:
    """How far a question is."""
    session.rollback()
    return question.state
