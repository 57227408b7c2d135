"""The page of a question: the same for nobody, and for each of them with nothing that is not theirs to know."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.invitation_models import InvitationState, Source
from lmssocial.widgets.experts.models import Audience, How, Level, State
from lmssocial.widgets.experts.questions import Happening
from lmssocial.widgets.experts.reading.timeline import StepRow, told
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
)
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of
from tests.widgets.experts.budget import statements_of

Sit = Callable[[Actor], Seat]


def step(what: Happening, by_id: int | None = None, by_name: str = "", **facts: object) -> StepRow:
    """Something that happened."""
    return StepRow(what=what.value, at=clock.now(), by_id=by_id, by_name=by_name, facts=facts)


@pytest.mark.one_database
def test_every_step_has_a_sentence_and_none_names_whoever_let_it_pass() -> None:
    steps = [step(what, 7, "Ben Okoro") for what in Happening]
    unnamed = (Happening.ACCEPTED, Happening.PASSED_ON, Happening.RELEASED, Happening.NOBODY)
    sentences = {
        one.what: line.sentence for one, line in zip(steps, told(steps, "Ana", frozenset()), strict=True)
    }

    assert all("Something changed" not in sentence for sentence in sentences.values())
    assert all("Ben" not in sentences[what.value] for what in unnamed)
    alone = told([step(what) for what in Happening], "Ana", frozenset())
    assert all("Something changed" not in line.sentence for line in alone)
    thanks, count, silence = told(
        [
            step(Happening.ACCEPTED, 7, "Ben Okoro"),
            step(Happening.INVITED, count=2, source=Source.MATCH.value),
            step(Happening.RESOLVED, how=How.SILENCE.value),
        ],
        "Ana",
        frozenset({7}),
    )
    assert thanks.sentence == "Ben Okoro accepted it."
    assert count.sentence == "2 people who may know were asked."
    assert silence.sentence.startswith("It counts as resolved")


@pytest.mark.one_database
def test_an_asker_reads_why_people_were_chosen_and_never_who_declined(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    for expert in (ben, cleo):
        make_expert(session, place, expert)
    question = make_question(session, place, ana)
    make_invitation(session, place, question, ben, state=InvitationState.DECLINED)
    waiting = make_invitation(session, place, question, cleo)
    questions.note(session, question, Happening.PASSED_ON, None)
    session.commit()
    browser = seat(ana)
    page = text_of(browser.open(f"/questions/{question.id}"))
    assert "Who is asked, and why" in page
    assert "Ben Okoro" not in page
    assert "Cleo Maas" not in page

    waiting.state, question.state = InvitationState.ACCEPTED, State.ACCEPTED
    question.accepted_by_id = cleo.user_id
    session.commit()
    page = text_of(browser.open(f"/questions/{question.id}"))
    assert "Cleo Maas" in page
    assert "Ben Okoro" not in page


@pytest.mark.one_database
def test_a_guest_reads_the_question_and_nothing_of_the_course(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    away = make_place(session, widget="experts", beside=place)
    bring_together(session, place, away, title="Lean practice")
    guest = make_person(session, away, "Gus Tavo")
    topic = make_topic(session, place, "Capability")
    question = make_question(
        session, place, ana, topic, context_title="Week 3 of ours", context_url="https://lms.example/3"
    )
    make_invitation(session, away, question, guest)
    sign_in(session, away, guest, f"browser-{guest.user_id}")
    session.commit()
    here = seat(ana)
    there = Seat(here.client.application, f"browser-{guest.user_id}", f"/w/{away.placement.id}/experts")
    page = there.open(f"/questions/{question.id}")

    text, html = text_of(page), page.get_data(as_text=True)
    assert "Ana Ruiz" in text
    assert "from Lean practice" in text
    assert "Capability" in text
    assert "Week 3 of ours" not in text
    assert "lms.example/3" not in html
    assert place.course.title not in text
    assert f"/topics/{topic.id}" not in html
    assert "Week 3 of ours" in text_of(here.open(f"/questions/{question.id}"))


def test_others_read_what_is_for_everybody_and_moderators_all_at_the_same_cost(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    private = make_question(session, place, ana, audience=Audience.EXPERTS)
    question = make_question(session, place, ana, title="What does sigma mean?")
    session.commit()
    reader, at = seat(cleo), f"/questions/{question.id}"
    assert reader.open(f"/questions/{private.id}").status_code == 404
    assert "Experts only" in text_of(seat(tom).open(f"/questions/{private.id}"))
    few = statements_of(reader, at)
    for person in (ben, tom):
        make_expert(session, place, person)
        make_invitation(session, place, question, person)
        make_answer(session, place, question, person, f"{person.name} says so.")
        questions.note(session, question, Happening.ANSWERED, person, answer=1)
    session.commit()

    assert statements_of(reader, at) <= few + 1  # the names of those who answered
    assert few <= 22


@pytest.mark.one_database
def test_whoever_answered_is_not_asked_to_take_the_question_while_a_moderator_has_not_read_it(
    seat: Sit, session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    question = make_question(session, place, ana, level=Level.EVERYBODY)
    session.commit()
    browser = seat(ben)
    assert "You can take this question." in browser.open(f"/questions/{question.id}").text
    answer = make_answer(session, place, question, ben)
    session.get_one(Contribution, answer.contribution_id).state = Visible.HELD
    question.state = State.OPEN
    session.commit()
    page = browser.open(f"/questions/{question.id}").text
    assert "You can take this question." not in page
    assert "You answered this question" in page
