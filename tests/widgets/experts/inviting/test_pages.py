"""The pages of those who are asked, as somebody with a browser meets them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import Question, State
from lmssocial.widgets.experts.people_models import Block
from tests.support.experts import make_expert, make_invitation, make_question
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form, forms_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> Question:
    """A question of Ana's that Ben and Cleo were asked to answer."""
    question = make_question(session, place, ana)
    for person in (ben, cleo):
        make_expert(session, place, person)
        make_invitation(session, place, question, person)
    return question


def state_of(session: Session, question: Question, person: Actor) -> InvitationState | None:
    """What became of somebody's invitation."""
    session.rollback()
    return session.scalar(
        select(Invitation.state).where(
            Invitation.question_id == question.id, Invitation.user_id == person.user_id
        )
    )


def naming(page: TestResponse) -> Form:
    """The form in which somebody is named; the other one looks for people."""
    forms = forms_of(page.get_data(as_text=True), page.request.url)
    (found,) = [form for form in forms if "chosen" in form.names()]
    return found


def test_one_accepts_and_gives_back_and_the_other_is_told_that_somebody_was_faster(
    session: Session, question: Question, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    faster, slower, at = seat(ben), seat(cleo), f"/questions/{question.id}"
    page, late = faster.open(at), slower.open(at)
    assert "Can you answer this?" in text_of(page)
    assert state_of(session, question, ben) is InvitationState.SEEN

    page = faster.follow(faster.send(faster.form(page, "/accept")))
    assert "You answer this question" in text_of(page)
    late = slower.follow(slower.send(slower.form(late, "/accept")))
    assert "Somebody accepted this a moment ago" in text_of(late)

    faster.follow(faster.send(faster.form(page, "/release")))
    session.rollback()
    assert session.get_one(Question, question.id).state is State.OPEN


def test_whoever_declines_says_why_in_one_click_or_names_somebody_better(
    session: Session, place: Place, question: Question, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    dora = make_person(session, place, "Dora Lind")
    browser, other, at = seat(ben), seat(cleo), f"/questions/{question.id}"
    page = browser.fill_in(f"{at}/decline", "/decline")
    assert "It goes on to others, and nobody reads why." in text_of(page)
    assert state_of(session, question, ben) is InvitationState.DECLINED

    form = other.form(other.open(f"{at}/decline"), "/decline")
    page = other.follow(other.send(form, button="knows-better"))
    assert "Once you have named somebody, you need not answer it yourself." in text_of(page)
    page = other.open(f"{at}/refer?q=lind&instead=1")
    refused = other.send(naming(page), sentence="You did this last year.")
    assert refused.status_code == 422
    assert "Choose somebody." in text_of(refused)
    assert "You did this last year." in refused.get_data(as_text=True)
    sent = other.follow(
        other.send(naming(refused), chosen=str(dora.user_id), sentence="You did this last year.")
    )
    assert "They are asked, and read that you thought of them." in text_of(sent)
    assert state_of(session, question, cleo) is InvitationState.DECLINED

    page = seat(dora).open(at)
    assert "Cleo Maas thought of you for this question" in text_of(page)
    assert "You never offered to be asked" in text_of(page)
    assert "You did this last year." in text_of(page)


def test_an_asker_is_blocked_and_let_in_again(
    session: Session, question: Question, ben: Actor, ana: Actor, seat: Sit
) -> None:
    browser, at = seat(ben), f"/questions/{question.id}"
    browser.fill_in(f"{at}/block", "/block", why="Writes to me at night.")
    assert state_of(session, question, ben) is InvitationState.DECLINED
    assert session.get_one(Block, (ben.user_id, ana.user_id)).why == "Writes to me at night."
    browser.fill_in(f"{at}/block", "/unblock")
    session.rollback()
    assert session.get(Block, (ben.user_id, ana.user_id)) is None
    assert seat(ana).open(f"{at}/block").status_code == 403
