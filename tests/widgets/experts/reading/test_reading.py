"""What was read of a question is told once, and only what stood there for whoever read it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.experts.models import Audience
from lmssocial.widgets.experts.reading_models import Reading
from tests.support.experts import make_answer, make_question
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat

Sit = Callable[[Actor], Seat]


def told(session: Session) -> list[dict[str, Any]]:
    """What the log knows of reading."""
    session.rollback()
    statement = select(ActivityEvent).where(ActivityEvent.name == "experts.question_read")
    return [event.payload for event in session.scalars(statement.order_by(ActivityEvent.id))]


def test_question_and_answers_of_others_are_told_once_each_and_looking_alone_tells_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    question = make_question(session, place, ana)
    own, other = make_answer(session, place, question, ben), make_answer(session, place, question, cleo)
    asked, mine, theirs = question.contribution_id, own.contribution_id, other.contribution_id
    at_bens, path = seat(ben), f"/questions/{question.id}"
    page = at_bens.open(f"{path}?via=notice")
    form = at_bens.form(page, "/read")
    assert dict(form.fields)["numbers"] == f"{asked},{theirs}", "not what is his"
    assert told(session) == []
    for _twice in range(2):
        assert at_bens.send(form, numbers=f"{asked},{mine}").status_code == 204
    assert at_bens.send(form, numbers=f"{asked},{theirs}", via="mars").status_code == 204
    about = {"placement_id": place.placement.id, "question_id": question.id, "asker_id": ana.user_id}
    assert told(session) == [
        about | {"question": True, "answer_ids": [], "author_ids": [], "via": "notice"},
        about | {"question": False, "answer_ids": [theirs], "author_ids": [cleo.user_id], "via": ""},
    ]


def test_nothing_else_than_what_is_read_there_can_be_marked(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    question, elsewhere = make_question(session, place, ana), make_question(session, place, ana)
    held, far = make_answer(session, place, question, cleo), make_answer(session, place, elsewhere, cleo)
    session.get_one(Contribution, held.contribution_id).state = State.HELD
    hidden = make_question(session, place, ana, audience=Audience.EXPERTS)
    at_bens = seat(ben)
    form = at_bens.form(at_bens.open(f"/questions/{question.id}"), "/read")
    forged = f"{held.contribution_id},{far.contribution_id},999999"
    assert at_bens.send(form, numbers=forged).status_code == 204
    for nonsense in ("", "0", "1-9", "a", "1,", ",".join(["1"] * 101)):
        assert at_bens.send(form, numbers=nonsense).status_code == 422
    token = dict(form.fields)["csrf_token"]
    answer = at_bens.client.post(
        at_bens.address(f"/questions/{hidden.id}/read"),
        data={"csrf_token": token, "numbers": str(hidden.contribution_id)},
    )
    assert answer.status_code == 404
    assert told(session) == []
    assert session.scalar(select(func.count()).select_from(Reading)) == 0


def test_telling_of_many_answers_costs_what_telling_of_one_does(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    question = make_question(session, place, ana)
    answers = [make_answer(session, place, question, who).contribution_id for who in (cleo, tom, ana)]
    at_bens = seat(ben)
    form = at_bens.form(at_bens.open(f"/questions/{question.id}"), "/read")
    costs = []
    for some in (answers[:1], answers[1:]):
        with counted_queries() as sent:
            assert at_bens.send(form, numbers=",".join(map(str, some))).status_code == 204
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert [payload["answer_ids"] for payload in told(session)] == [answers[:1], answers[1:]]
