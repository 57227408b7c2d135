"""What moderators decide about words, and what follows for the question."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Span
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.asking import lists, service
from lmssocial.widgets.experts.asking.drafts import QuestionDraft
from lmssocial.widgets.experts.asking.lists import Show, Wanted
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import Audience, Question, State
from lmssocial.widgets.experts.moderating import reading
from lmssocial.widgets.experts.moderating.port import ModeratedWords
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    words_of,
)
from tests.support.moderation import holding
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of

PORT = ModeratedWords()


def names(session: Session) -> list[str]:
    """What the log says happened."""
    return list(session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id)))


def is_paused(question: Question) -> bool:
    """Whether its clock stands still."""
    return question.paused_at is not None


def state_of(question: Question) -> State:
    """How far it is."""
    return question.state


def test_publishing_a_held_question_starts_its_clock_in_the_name_of_its_asker(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    session.commit()
    draft = QuestionDraft(title="How do I read a capability study?", source="Cpk is 0.8.")
    with unit_of_work(session):
        question = service.ask(session, holding("p", "Wait a little."), ana, place.placement.id, draft)
        held_at = question.opened_at
    waiting = text_of(seat(ana).open(f"/questions/{question.id}"))
    assert "The moderators of this course" in waiting
    assert "Wait a little." in waiting
    assert seat(ben).open(f"/questions/{question.id}").status_code == 404

    with pytest.raises(NotAllowed):
        PORT.publish(session, ana, question.contribution_id)
    with unit_of_work(session):
        PORT.publish(session, tom, question.contribution_id)
    assert question.next_at is not None
    assert question.opened_at >= held_at
    told = session.execute(
        select(ActivityEvent.actor_id).where(ActivityEvent.name == "experts.question_asked")
    ).one()
    assert told.actor_id == ana.user_id
    assert lists.question_list(session, ben, Wanted(words="capability")).questions


@pytest.mark.one_database
def test_declining_a_question_ends_its_invitations_and_leaves_its_asker_two_ways_on(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben)
    session.commit()
    with unit_of_work(session):
        PORT.decline(session, tom, question.contribution_id, "Leave out the name of the customer.")

    assert invitation.state is InvitationState.WITHDRAWN
    assert (question.state, question.next_at) == (State.OPEN, None)
    page = text_of(seat(ana).open(f"/questions/{question.id}"))
    assert "Leave out the name of the customer." in page
    assert "Change it and hand it in again, or withdraw it." in page
    assert seat(ben).open(f"/questions/{question.id}").status_code == 404


def test_a_reported_question_waits_with_its_invitations_and_comes_back(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben)
    private = make_question(session, place, ana, audience=Audience.EXPERTS)
    session.commit()
    with pytest.raises(NotFound):
        PORT.hide(session, cleo, private.contribution_id, "Reported.")
    with unit_of_work(session):
        PORT.hide(session, cleo, question.contribution_id, "Reported.")
    assert is_paused(question)
    assert invitation.state is InvitationState.SENT
    assert not lists.question_list(session, ben, Wanted(show=Show.INVITED)).questions

    with unit_of_work(session):
        PORT.publish(session, tom, question.contribution_id)
    assert not is_paused(question)
    assert len(lists.question_list(session, ben, Wanted(show=Show.INVITED)).questions) == 1
    assert "experts.question_asked" not in names(session)  # nobody is told twice


def test_a_held_answer_answers_from_the_moment_it_is_published_until_it_is_declined(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana)
    answer = make_answer(session, place, question, ben, "Ask Mrs Miller at Northfield.")
    session.get_one(Contribution, answer.contribution_id).state = Visible.HELD
    session.get_one(Contribution, answer.contribution_id).published_at = None
    question.state, question.first_answer_at = State.OPEN, None
    session.commit()
    assert not reading.reads(session, ana, answer.contribution_id)

    with unit_of_work(session):
        PORT.redact(session, tom, answer.contribution_id, [Span(4, 15)], "No names, please.")
    assert state_of(question) is State.ANSWERED
    assert "experts.answer_given" in names(session)
    assert reading.reads(session, ana, answer.contribution_id)
    assert "Miller" not in session.get_one(Contribution, answer.contribution_id).source
    assert lists.question_list(session, ana, Wanted(words="Northfield")).questions
    assert not lists.question_list(session, ana, Wanted(words="Miller")).questions

    with unit_of_work(session):
        PORT.decline(session, tom, answer.contribution_id, "This helps nobody.")
    assert state_of(question) is State.OPEN
    assert not reading.reads(session, ana, answer.contribution_id)
    assert reading.reads(session, ben, answer.contribution_id)


def test_files_and_words_are_read_by_guests_as_far_as_the_question_is(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    away = make_place(session, widget="experts", beside=place)
    bring_together(session, place, away)
    guest, stranger = make_person(session, away, "Guest"), make_person(session, away, "Stranger")
    question = make_question(session, place, ana, audience=Audience.EXPERTS)
    make_invitation(session, away, question, guest)
    answer = make_answer(session, place, question, guest)
    bio = words_of(session, place, ben, "experts.bio", "I run the night shift.")
    make_expert(session, place, ben, bio_id=bio.id)
    session.commit()
    both = [question.contribution_id, answer.contribution_id]

    assert PORT.readable(session, guest, [*both, bio.id]) == {*both}
    assert PORT.readable(session, stranger, both) == set()
    assert PORT.readable(session, ben, [*both, bio.id]) == {bio.id}
    assert PORT.readable(session, tom, [*both, bio.id]) == {*both, bio.id}
    assert PORT.answered(session, both)[answer.contribution_id].author_id == ana.user_id


@pytest.mark.one_database
def test_moderators_see_what_a_text_is_about_and_where_it_stands(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    question = make_question(session, place, ana, title="What does sigma mean?")
    answer = make_answer(session, place, question, ben)
    session.commit()
    browser = seat(tom)
    with browser.client.application.test_request_context():
        shown = PORT.subjects(session, tom, [question.contribution_id, answer.contribution_id])

    assert shown[question.contribution_id].title == "What does sigma mean?"
    assert shown[answer.contribution_id].title == "Answer to: What does sigma mean?"
    for subject in shown.values():
        assert browser.open(subject.href.split("#")[0]).status_code == 200
