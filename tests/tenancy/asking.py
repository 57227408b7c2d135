"""Expert connect of a customer, as people would have left it after weeks: a row of every kind."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.knowledge.models import Item
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.hours import times
from lmssocial.widgets.experts.hours_models import Booking, BookingState, Gap, OfficeHour
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import (
    Audience,
    Deflection,
    How,
    Introduction,
    Message,
    Proposal,
    Question,
    Rating,
    State,
    Step,
)
from lmssocial.widgets.experts.people_models import Block, Endorsement, Profile
from lmssocial.widgets.experts.topic_models import Topic
from tests.support.experts import (
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
    words_of,
)
from tests.support.people import Place

Rows = dict[str, list[int | str]]
"""What addresses can be made of, by the names of their parts."""


def ask(session: Session, place: Place, people: list[Actor], word: str) -> Rows:
    """Fill an expert connect with ``word`` in all that is written; says which rows there are.

    :param people: who teaches, who asks, and who answers.
    """
    teacher, ana, ben = people
    topics = [
        make_topic(session, place, f"{word} {part} {uuid4().hex[:6]}", f"{word} {uuid4()}") for part in "ab"
    ]
    _know(session, place, people, topics[0], word)
    questions = [
        _open(session, place, ana, ben, topics[0], word),
        _accepted(session, place, ana, ben, topics[0], word),
        _resolved(session, place, ana, ben, topics[0], word),
        _resolved(session, place, ana, ben, topics[0], word),
    ]
    answers = [_said(session, place, question, ben, word) for question in questions[2:]]
    _publish(session, place, questions[2], answers[0], ben, word)
    hour, booking = _meet(session, place, teacher, ana, questions[0], word)
    return {
        "placement_id": [place.placement.id],
        "question_id": [question.id for question in questions],
        "answer_id": [*answers],
        "topic_id": [topic.id for topic in topics],
        "user_id": [ben.user_id, ana.user_id],
        "introduction_id": [_introduce(session, place, people, word)],
        "office_hour_id": [hour.id],
        "booking_id": [booking.id],
        "starts": [times.key_of(booking.starts_at + timedelta(minutes=20))],
    }


def _know(session: Session, place: Place, people: list[Actor], topic: Topic, word: str) -> None:
    teacher, ana, ben = people
    bio = words_of(session, place, ben, "experts.bio", f"I am of {word}")
    if session.get(Profile, (place.community.id, ben.user_id)) is None:
        make_expert(session, place, ben, topic, connects=True, bio_id=bio.id)
    session.add_all(
        [
            Endorsement(
                tenant_id=place.tenant.id,
                community_id=place.community.id,
                topic_id=topic.id,
                user_id=ben.user_id,
                by_id=ana.user_id,
                why=f"{word} was explained well",
                at=clock.now(),
            ),
            Deflection(
                tenant_id=place.tenant.id,
                community_id=place.community.id,
                placement_id=place.placement.id,
                contribution_id=bio.id,
                at=clock.now(),
            ),
        ]
    )
    if session.get(Block, (teacher.user_id, ana.user_id)) is None:
        session.add(
            Block(
                user_id=teacher.user_id,
                asker_id=ana.user_id,
                community_id=place.community.id,
                why=f"{word} enough",
                at=clock.now(),
            )
        )
    session.flush()


def _question(
    session: Session, place: Place, asker: Actor, topic: Topic, word: str, **columns: Any
) -> Question:
    question = make_question(
        session,
        place,
        asker,
        topic,
        title=f"What does {word} mean here?",
        source=f"I read {word} twice.",
        context_title=f"Page of {word}",
        **columns,
    )
    finding.refresh(session, question.id)
    session.add(Step(question_id=question.id, what="asked", facts={}, at=clock.now()))
    return question


def _open(session: Session, place: Place, ana: Actor, ben: Actor, topic: Topic, word: str) -> Question:
    question = _question(session, place, ana, topic, word)
    make_invitation(session, place, question, ben, note=f"{word} is yours")
    return question


def _accepted(session: Session, place: Place, ana: Actor, ben: Actor, topic: Topic, word: str) -> Question:
    now = clock.now()
    question = _question(
        session,
        place,
        ana,
        topic,
        word,
        state=State.ACCEPTED,
        accepted_by_id=ben.user_id,
        accepted_at=now,
        promised_until=now + timedelta(days=2),
    )
    make_invitation(session, place, question, ben, state=InvitationState.ACCEPTED)
    message = words_of(session, place, ana, "experts.message", f"More of {word}")
    session.add(Message(contribution_id=message.id, question_id=question.id, author_id=ana.user_id))
    session.flush()
    return question


def _resolved(session: Session, place: Place, ana: Actor, ben: Actor, topic: Topic, word: str) -> Question:
    question = _question(session, place, ana, topic, word, audience=Audience.EXPERTS)
    make_invitation(session, place, question, ben, state=InvitationState.ACCEPTED)
    return question


def _said(session: Session, place: Place, question: Question, ben: Actor, word: str) -> int:
    """An answer that resolved it, and what was said of the question."""
    answer = make_answer(session, place, question, ben, f"{word} is the first of two")
    indexing.answered(session, answer.contribution_id)
    now = clock.now()
    question.state, question.resolved_how, question.resolved_at = State.RESOLVED, How.ANSWER, now
    question.solution_id = answer.contribution_id
    session.add(
        Rating(question_id=question.id, by_id=ben.user_id, user_id=question.asker_id, value=4, at=now)
    )
    session.flush()
    return answer.contribution_id


def _publish(
    session: Session, place: Place, question: Question, answer_id: int, ben: Actor, word: str
) -> None:
    """What became knowledge, after both had agreed."""
    now = clock.now()
    session.add_all(
        [
            Proposal(
                question_id=question.id,
                placement_id=place.placement.id,
                by_id=ben.user_id,
                title=f"{word}",
                question=f"{word} asked",
                answer=f"{word} answered",
                expert_agreed_at=now,
                at=now,
            ),
            Item(
                contribution_id=question.contribution_id,
                answer_id=answer_id,
                tenant_id=place.tenant.id,
                community_id=place.community.id,
                origin_kind=finding.QUESTION,
                origin_id=question.id,
                origin_path=f"/w/{place.placement.id}/experts/questions/{question.id}",
                origin_is_open=False,
                asker_id=question.asker_id,
                answerer_id=ben.user_id,
                published_by_id=ben.user_id,
                published_at=now,
                review_at=now,
            ),
        ]
    )
    session.flush()


def _introduce(session: Session, place: Place, people: list[Actor], word: str) -> int:
    teacher, ana, ben = people
    introduction = Introduction(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        by_id=teacher.user_id,
        first_id=ana.user_id,
        second_id=ben.user_id,
        why=f"Both of {word}",
        first_says=True,
        second_says=True,
        made_at=clock.now(),
        met_at=clock.now(),
    )
    session.add(introduction)
    session.flush()
    message = words_of(session, place, ana, "experts.message", f"Hello from {word}")
    session.add(Message(contribution_id=message.id, introduction_id=introduction.id, author_id=ana.user_id))
    session.flush()
    return introduction.id


def _meet(
    session: Session, place: Place, teacher: Actor, ana: Actor, question: Question, word: str
) -> tuple[OfficeHour, Booking]:
    day = clock.now().date() + timedelta(days=3)
    hour = OfficeHour(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        host_id=teacher.user_id,
        title=f"Hour of {word}",
        weekly=True,
        first_on=day,
        begins=time(10),
        zone="UTC",
        minutes=20,
        meetings=3,
        place=f"https://{word}.example.edu",
    )
    session.add(hour)
    session.flush()
    now = clock.now()
    starts = now.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    booking = Booking(
        uuid=str(uuid4()),
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        office_hour_id=hour.id,
        user_id=ana.user_id,
        question_id=question.id,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=20),
        seat=1,
        state=BookingState.BOOKED,
        note=f"About {word}",
        made_at=now,
        changed_at=now,
    )
    session.add_all([booking, Gap(office_hour_id=hour.id, on=day + timedelta(days=7))])
    session.flush()
    return hour, booking
