"""Answering, asking back, resolving and rating on pages, without scripts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts.models import Level, Question, State
from tests.support.experts import bring_together, make_expert, make_invitation, make_question
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form, forms_of

Sit = Callable[[Actor], Seat]


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, ben: Actor) -> Question:
    """A question of Ana's that Ben was asked to answer; committed."""
    question = make_question(session, place, ana)
    make_expert(session, place, ben)
    make_invitation(session, place, question, ben)
    session.commit()
    return question


def state_of(session: Session, question: Question) -> State:
    """As it is in the database now."""
    session.rollback()
    return session.scalars(select(Question.state).where(Question.id == question.id)).one()


def test_from_the_question_back_to_thanks_on_pages_alone(
    session: Session, question: Question, ana: Actor, ben: Actor, seat: Sit
) -> None:
    at, asker, expert = f"/questions/{question.id}", seat(ana), seat(ben)
    page = expert.fill_in(f"{at}/message?asks=1", f"{at}/message", source="Which tolerance?")
    assert "Which tolerance?" in text_of(page)
    page = asker.fill_in(f"{at}/message", f"{at}/message", source="0.1 mm")
    assert "0.1 mm" in text_of(page)
    page = expert.fill_in(f"{at}/answer", f"{at}/answer", source="Then 0.8 is bad.")
    assert "1 answer" in text_of(page)
    page = asker.open(at)
    page = asker.follow(asker.send(resolving(page, "answer")))
    assert "Resolved the question" in text_of(page)
    page = asker.fill_in(f"{at}/rate", f"{at}/rate", value="5", words="Thank you")
    assert "Only Ben Okoro and you read it" in text_of(page)
    assert "Thank you" in text_of(expert.open(f"{at}/rate"))
    page = asker.follow(asker.send(asker.form(asker.open(at), "/reopen")))
    assert "open again" in text_of(page)
    assert state_of(session, question) is State.OPEN


def resolving(page: TestResponse, how: str) -> Form:
    """The button that says that it is resolved in one of the ways there are."""
    forms = forms_of(page.get_data(as_text=True), page.request.url)
    found = [one for one in forms if one.action.endswith("/resolve")]
    return next(one for one in found if ("how", how) in one.fields)


def test_bad_input_gives_the_text_back_and_previews_and_drafts_work(
    session: Session, question: Question, ben: Actor, seat: Sit
) -> None:
    at, expert = f"/questions/{question.id}", seat(ben)
    form = expert.form(expert.open(f"{at}/answer"), f"{at}/answer")
    empty = expert.send(form, source=" ")
    assert (empty.status_code, "Write something first" in text_of(empty)) == (422, True)
    shown = expert.send(form, button="preview", source="*Well*")
    assert "<em>Well</em>" in shown.get_data(as_text=True)
    expert.send(form, source="Below 1 it is.")
    page = expert.follow(expert.open(f"{at}/answer"))
    assert "Change your answer" in text_of(page)
    session.rollback()
    contribution = session.scalars(select(Contribution).where(Contribution.kind == "experts.answer")).one()
    edit = f"/answers/{contribution.id}/edit"
    old = expert.form(page, edit)
    expert.send(old, source="Below 1.33 it is.")
    late = expert.send(old, source="From the other tab.")
    assert late.status_code == 409
    assert "From the other tab." in late.get_data(as_text=True)
    assert "Below 1.33 it is." in text_of(late)
    page = expert.fill_in(f"/answers/{contribution.id}/take-back", "/take-back")
    assert "No answer yet" in text_of(page)


def test_somebody_who_may_not_answer_reads_why_and_strangers_find_nothing(
    session: Session, place: Place, question: Question, ana: Actor, cleo: Actor, seat: Sit
) -> None:
    reader = seat(cleo)
    refused = reader.open(f"/questions/{question.id}/answer")
    assert refused.status_code == 403
    assert seat(ana).open(f"/questions/{question.id}/rate").status_code == 403
    far = make_place(session, widget="experts", beside=place)
    stranger = make_person(session, far, "Sol Far")
    sign_in(session, far, stranger, "browser-sol")
    session.commit()
    browser = Seat(reader.client.application, "browser-sol", f"/w/{far.placement.id}/experts")
    assert browser.open(f"/questions/{question.id}/answer").status_code == 404


def test_a_guest_answers_under_their_own_course_and_reads_no_title_of_the_other(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    far = make_place(session, widget="experts", beside=place)
    bring_together(session, place, far)
    gus = make_person(session, far, "Gus Lind")
    make_expert(session, far, gus)
    question = make_question(session, place, ana, level=Level.EVERYBODY)
    make_invitation(session, far, question, gus)
    sign_in(session, far, gus, "browser-gus")
    asker = seat(ana)
    browser = Seat(asker.client.application, "browser-gus", f"/w/{far.placement.id}/experts")
    at = f"/questions/{question.id}"
    page = browser.fill_in(f"{at}/answer", f"{at}/answer", source="Ask for the sample size.")
    assert "Ask for the sample size." in text_of(page)
    assert place.community.title not in page.get_data(as_text=True)
    assert f"/w/{place.placement.id}/" not in page.get_data(as_text=True)
    text = text_of(asker.open(at))
    assert "Gus Lind from Lean practice" in text
    assert far.community.title not in text
