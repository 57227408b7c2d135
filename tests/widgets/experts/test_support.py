"""Pages of expert connect are there, and rows that tests make fit the schema."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.models import Audience, Question
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
)
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat


def test_the_first_page_opens_for_learners_and_instructors(
    seat: Callable[[Actor], Seat], ana: Actor, tom: Actor
) -> None:
    assert seat(ana).open("/").status_code == 200
    assert seat(tom).open("/").status_code == 200


def test_a_question_for_experts_is_read_by_its_asker_by_who_was_invited_and_by_moderators(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    topic = make_topic(session, place, "Capability", "Cpk")
    make_expert(session, place, ben, topic)
    question = make_question(session, place, ana, topic, audience=Audience.EXPERTS)
    make_invitation(session, place, question, ben)
    make_answer(session, place, question, ben)
    for actor, reads in ((ana, True), (ben, True), (cleo, False), (tom, True)):
        invitation = questions.invitation_of(session, question.id, actor.user_id)
        words = questions.seen(session, ana, question.id).words
        assert access.sees(actor, question, words.state, invitation) is reads
        found = session.scalars(select(Question).where(access.seen_by(actor))).all()
        assert (question in found) is reads


def test_somebody_of_another_course_reads_what_they_were_invited_to_and_nothing_else(
    session: Session, place: Place, ana: Actor
) -> None:
    there = make_place(session, widget="experts", beside=place)
    dora = make_person(session, there, "Dora Lindqvist")
    bring_together(session, place, there)
    asked, other = make_question(session, place, ana), make_question(session, place, ana)
    make_invitation(session, there, asked, dora)
    assert questions.seen(session, dora, asked.id).question is asked
    found = session.scalars(select(Question).where(access.seen_by(dora))).all()
    assert found == [asked]
    assert other not in found
