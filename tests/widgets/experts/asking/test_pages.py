"""The pages of asking, as somebody without scripts goes through them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, Draft
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import Audience, Deflection, Question, State
from tests.support.experts import make_answer, make_expert, make_invitation, make_question, make_topic
from tests.support.people import Place
from tests.support.seat import Seat, text_of
from tests.widgets.experts.budget import statements_of

Sit = Callable[[Actor], Seat]

TITLE = "How do I read a capability study?"


def test_a_question_without_anything_like_it_is_sent_at_once(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    make_topic(session, place, "Capability")
    browser = seat(ana)
    page = browser.open("/ask?topics=Capability")
    assert '<option value="Capability">' in page.get_data(as_text=True)

    done = browser.follow(
        browser.send(
            browser.form(page, "/ask"), title=TITLE, source="The report says Cpk 0.8.", audience="experts"
        )
    )
    assert TITLE in text_of(done)
    assert "Your question is sent" in text_of(done)
    session.rollback()
    question = session.scalars(select(Question)).one()
    assert question.audience is Audience.EXPERTS


@pytest.mark.one_database
def test_what_has_an_answer_is_shown_first_and_the_second_press_sends(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    earlier = make_question(session, place, ben)
    make_answer(session, place, earlier, ana)
    finding.refresh(session, earlier.id)
    browser = seat(ana)
    form = browser.form(browser.open("/ask"), "/ask")
    first = browser.send(form, title="How to read a capability study", source="I have one before me.")

    assert first.status_code == 200
    assert "Not sent yet" in text_of(first)
    assert "Yes: below 1 it is." in text_of(first)
    session.rollback()
    assert len(session.scalars(select(Question.id)).all()) == 1
    page = browser.follow(browser.send(browser.form(first, "/ask")))
    assert "I have one before me." in text_of(page)


@pytest.mark.one_database
def test_what_solves_it_is_counted_without_a_name_and_the_draft_goes(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    earlier = make_question(session, place, ben)
    make_answer(session, place, earlier, ana)
    finding.refresh(session, earlier.id)
    browser = seat(ana)
    browser.client.post(
        browser.address(f"/drafts/ask:{place.placement.id}"),
        data={**dict(browser.form(browser.open("/ask"), "/ask").fields), "source": "Begun", "seq": "1"},
    )
    session.rollback()
    assert session.scalars(select(Draft)).all()
    first = browser.send(
        browser.form(browser.open("/ask"), "/ask"), title="How to read a capability study", source="Help."
    )
    token = dict(browser.form(first, "/ask/solved").fields)["csrf_token"]
    done = browser.follow(
        browser.client.post(
            browser.address("/ask/solved"),
            data={"csrf_token": token, "solved": str(earlier.contribution_id)},
        )
    )

    assert "Solved" in text_of(done)
    session.rollback()
    assert session.scalars(select(Deflection.contribution_id)).all() == [earlier.contribution_id]
    assert not session.scalars(select(Draft)).all()
    assert "experts.question_deflected" in session.scalars(select(ActivityEvent.name)).all()


@pytest.mark.one_database
def test_only_what_one_reads_can_have_solved_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    hidden = make_question(session, place, ben, audience=Audience.EXPERTS)
    browser = seat(ana)
    token = dict(browser.form(browser.open("/ask"), "/ask").fields)["csrf_token"]
    done = browser.client.post(
        browser.address("/ask/solved"), data={"csrf_token": token, "solved": str(hidden.contribution_id)}
    )

    assert done.status_code == 404
    session.rollback()
    assert not session.scalars(select(Deflection.id)).all()


@pytest.mark.one_database
def test_while_a_title_is_typed_a_fragment_shows_what_is_like_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    earlier = make_question(session, place, ben)
    make_answer(session, place, earlier, ana)
    finding.refresh(session, earlier.id)
    browser = seat(ana)
    found = browser.open("/ask/similar?title=capability study", HX_Request="true").get_data(as_text=True)

    assert f'value="{earlier.contribution_id}"' in found
    assert 'form="solved"' in found
    assert browser.open("/ask/similar?title=cap", HX_Request="true").get_data(as_text=True).strip() == ""


@pytest.mark.one_database
def test_too_many_questions_give_the_text_back_with_the_reason(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    place.placement.settings = {"most_open": 1}
    make_question(session, place, ana, title="Something else entirely")
    browser = seat(ana)
    page = browser.open("/ask")
    assert "as many open questions as one person may have" in text_of(page)
    refused = browser.send(browser.form(page, "/ask"), title=TITLE, source="Cpk 0.8.", topics="A, B, C")

    assert refused.status_code == 422
    assert "Resolve or withdraw one of them first" in text_of(refused)
    again = dict(browser.form(refused, "/ask").fields)
    assert (again["title"], again["source"].strip(), again["topics"]) == (TITLE, "Cpk 0.8.", "A, B, C")
    assert "Cpk 0.8." in browser.open("/ask").get_data(as_text=True)


@pytest.mark.one_database
def test_the_same_words_lead_to_the_question_that_was_asked(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    earlier = make_question(session, place, ana, source="Cpk 0.8.")
    browser = seat(ana)
    refused = browser.send(browser.form(browser.open("/ask"), "/ask"), title=TITLE, source="Cpk 0.8.")

    assert refused.status_code == 422
    assert f"/questions/{earlier.id}" in refused.get_data(as_text=True)


@pytest.mark.one_database
def test_bad_fields_are_named_and_every_word_comes_back(session: Session, ana: Actor, seat: Sit) -> None:
    browser = seat(ana)
    refused = browser.send(
        browser.form(browser.open("/ask"), "/ask"),
        title="Help me",
        source="Cpk 0.8.",
        topics="a, b, c, d, e, f",
        context_url="javascript:alert(1)",
    )

    assert refused.status_code == 422
    text = text_of(refused)
    assert "at least 10 characters" in text
    assert "At most 5 topics" in text
    assert "beginning with https://" in text
    assert dict(browser.form(refused, "/ask").fields)["source"].strip() == "Cpk 0.8."
    session.rollback()
    assert not session.scalars(select(Contribution.id)).all()


@pytest.mark.one_database
def test_an_asker_changes_and_withdraws_their_question(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    question = make_question(session, place, ana, context_title="Week 3")
    browser, at = seat(ana), f"/questions/{question.id}"
    page = browser.fill_in(f"{at}/edit", "/edit", source="It is 0.9 now.", topics="Capability")
    assert "It is 0.9 now." in text_of(page)
    assert "Capability" in text_of(page)

    gone = browser.fill_in(f"{at}/withdraw", "/withdraw")
    assert "Withdrawn" in text_of(gone)
    session.rollback()
    assert session.get_one(Question, question.id).state is State.WITHDRAWN


def test_the_page_of_a_question_notes_that_whoever_was_asked_saw_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana, context_title="Week 3", context_url="https://lms.example/3")
    invitation = make_invitation(session, place, question, ben)
    browser = seat(ben)
    page = browser.open(f"/questions/{question.id}")

    assert page.status_code == 200
    assert "Week 3" in text_of(page)
    session.rollback()
    assert invitation.state is InvitationState.SEEN


@pytest.mark.one_database
def test_the_lists_cost_as_many_statements_for_many_questions_as_for_few(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    topic = make_topic(session, place, "Capability")
    make_question(session, place, ana, topic, title="The first of them all")
    browser = seat(ben)
    few = statements_of(browser, "/questions")
    for number in range(20):
        make_answer(
            session, place, make_question(session, place, ana, topic, title=f"And number {number}"), ben
        )
    session.commit()

    assert statements_of(browser, "/questions") == few
    assert few <= 6
