"""Who is told of what happens in expert connect, where, and how it reads."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Event
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications import queries
from lmssocial.social.notifications.models import How, Preference
from lmssocial.social.notifications.registry import everything
from lmssocial.widgets.experts import events, hours_events, invitation_events, people_events, questions
from lmssocial.widgets.experts.events import ExpertsEvent
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import Audience, Introduction, Message, Question, State
from lmssocial.widgets.experts.notices import kinds, sentences
from lmssocial.widgets.experts.notices.told import EVENTS
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.wiring import lmssocial_register_event_types, lmssocial_register_widgets
from tests.conftest import TestClock
from tests.support import notices
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
    words_of,
)
from tests.support.notices import bell
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries
from tests.support.seat import Seat

REGISTRY = everything(lmssocial_register_widgets())
Count = Callable[[], AbstractContextManager[Queries]]


def heard(session: Session, actor: Actor) -> list[str]:
    """What somebody's page of notices says, the newest first."""
    return [one.words.sentence for one in queries.notice_page(session, REGISTRY, actor).notices]


def led_to(session: Session, actor: Actor) -> list[str]:
    """Where their notices lead."""
    return [one.words.path for one in queries.notice_page(session, REGISTRY, actor).notices]


UNLINKED: dict[str, Any] = {"length": 40, "links": (), "linked_author_ids": ()}
"""What an answer says of itself that points nowhere."""


def happens(
    session: Session, question: Question, kind: type[Event], by: Actor | None = None, **payload: Any
) -> None:
    """Let something happen to a question, and tell of it."""
    record(session, kind(**questions.about(session, question, by), **payload))
    notices.tell(session, REGISTRY)


def around(session: Session, place: Place, kind: type[ExpertsEvent], by: Actor, **payload: Any) -> None:
    """Let something happen around questions, and tell of it."""
    record(session, kind(**by.envelope, placement_id=place.placement.id, **payload))
    notices.tell(session, REGISTRY)


def of(invitation: Invitation, **more: Any) -> dict[str, Any]:
    """What every event of an invitation says."""
    return {
        "invitation_id": invitation.id,
        "user_id": invitation.user_id,
        "told_in": invitation.community_id,
        "told_under": invitation.placement_id,
        **more,
    }


def test_who_is_invited_hears_from_whom_about_what_and_until_when(
    session: Session, place: Place, clock: TestClock, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben, note="You wrote the guide.")
    happens(session, question, invitation_events.InvitationSent, **of(invitation, source="match"))
    [notice] = queries.notice_page(session, REGISTRY, ben).notices
    assert notice.words.sentence == (
        "Ana Ruiz has a question that you may know about. Please say within 12 hours whether you can answer"
    )
    assert notice.words.where == "How do I read a capability study?"
    assert notice.words.excerpt == "You wrote the guide."
    assert notice.words.path == f"/w/{place.placement.id}/experts/questions/{question.id}"
    assert heard(session, ana) == heard(session, cleo) == []
    clock.tick(hours=13)
    session.get_one(Invitation, invitation.id).state = InvitationState.LAPSED
    assert heard(session, ben) == [
        "A question that you were asked to answer went on to others. There is nothing to do"
    ]


def test_a_guest_is_told_at_home_and_the_bell_there_counts(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    there = make_place(session, widget="experts", beside=place)
    bring_together(session, place, there)
    gina = make_person(session, there, "Gina Holt")
    question = make_question(session, place, ana)
    invitation = make_invitation(session, there, question, gina)
    happens(session, question, invitation_events.InvitationSent, **of(invitation, source="match"))
    assert (bell(session, gina), bell(session, ben)) == (1, 0)
    assert led_to(session, gina) == [f"/w/{there.placement.id}/experts/questions/{question.id}"]
    invitation = session.get_one(Invitation, invitation.id)
    invitation.state = InvitationState.ACCEPTED
    question = session.get_one(Question, question.id)
    question.accepted_by_id = gina.user_id
    message = words_of(session, place, ana, "experts.message", "The report is of May.")
    happens(session, question, events.InfoGiven, ana, message_id=message.id, author_id=ana.user_id)
    assert heard(session, gina)[0] == "Ana Ruiz said more about the question that you answer"
    assert bell(session, gina) == 2
    question = session.get_one(Question, question.id)
    happens(session, question, events.QuestionWithdrawn, ana)
    assert bell(session, gina) == 1, "what told of the message is hidden, what told of the question is gone"


def test_an_invitation_that_needs_nobody_takes_the_place_of_the_one_before(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    question = make_question(session, place, ana, audience=Audience.EXPERTS)
    invitation = make_invitation(session, place, question, ben)
    happens(session, question, invitation_events.InvitationSent, **of(invitation, source="match"))
    invitation = session.get_one(Invitation, invitation.id)
    invitation.state = InvitationState.WITHDRAWN
    question = session.get_one(Question, question.id)
    question.state = State.WITHDRAWN
    happens(session, question, invitation_events.InvitationEnded, **of(invitation, why="withdrawn"))
    question = session.get_one(Question, question.id)
    happens(session, question, events.QuestionWithdrawn, ana)
    [notice] = queries.notice_page(session, REGISTRY, ben).notices
    assert notice.words.sentence == "A question that you were asked to answer needs you no more"
    assert (notice.words.where, notice.words.path) == ("", f"/w/{place.placement.id}/experts/")
    assert bell(session, ben) == 1


def test_the_asker_hears_how_it_goes_on_and_never_who_said_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben)
    happens(session, question, invitation_events.InvitationLapsed, **of(invitation, paused=True))
    assert heard(session, ana) == ["Nobody answered in time, so your question went on to others"]
    assert "Come back whenever you like" in heard(session, ben)[0]
    assert led_to(session, ben) == [f"/w/{place.placement.id}/experts/me"]
    second = make_invitation(session, place, session.get_one(Question, question.id), cleo)
    happens(
        session,
        session.get_one(Question, question.id),
        invitation_events.InvitationAccepted,
        cleo,
        **of(second, source="match"),
    )
    assert heard(session, ana) == ["Cleo Maas answers your question"]
    assert bell(session, ana) == 1


def test_the_asker_hears_of_questions_back_and_answers_and_of_no_answer_that_is_gone(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    question = make_question(session, place, ana)
    message = words_of(session, place, ben, "experts.message", "Which Cpk?")
    session.add(
        Message(contribution_id=message.id, question_id=question.id, author_id=ben.user_id, asks=True)
    )
    happens(session, question, events.InfoAsked, ben, message_id=message.id, author_id=ben.user_id)
    question = session.get_one(Question, question.id)
    answer = make_answer(session, place, question, ben)
    given = {"answer_id": answer.contribution_id, "author_id": ben.user_id}
    happens(session, question, events.AnswerGiven, ben, **given, **UNLINKED)
    assert heard(session, ana) == [
        "Ben Okoro answered your question",
        "Ben Okoro needs to know more before they can answer your question",
    ]
    happens(session, session.get_one(Question, question.id), events.AnswerTakenBack, ben, **given)
    assert bell(session, ana) == 1


def test_an_answer_that_helped_is_told_to_its_author_and_to_who_thought_of_them(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    question = make_question(session, place, ana)
    happens(
        session,
        question,
        events.QuestionResolved,
        ana,
        how="answer",
        author_id=ben.user_id,
        introduced_by_id=cleo.user_id,
    )
    assert heard(session, ben) == ["Your answer helped Ana Ruiz: the question is resolved"]
    assert heard(session, cleo) == ["Ben Okoro, of whom you thought, solved the question"]
    question = session.get_one(Question, question.id)
    happens(session, question, events.AnswerRated, ana, author_id=ben.user_id, value=5, thanked=True)
    assert heard(session, ben) == ["Ana Ruiz thanks you for your answer"]


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        (events.QuestionResolved, {"how": "silence"}, "counts as resolved"),
        (events.QuestionClosed, {}, "stands on its page"),
        (events.QuestionMerged, {"into_id": 1}, "goes on in another one"),
        (events.AnswerPublished, {"author_id": 0, "as_contribution_id": 1}, "knowledge of the community"),
        (events.PublishingProposed, {"missing_ids": [0]}, "asks whether you agree"),
    ],
)
def test_the_asker_hears_of_every_end_and_of_what_needs_their_consent(
    session: Session, place: Place, ana: Actor, tom: Actor, kind: type[Event], payload: Any, says: str
) -> None:
    question = make_question(session, place, ana)
    if "missing_ids" in payload:
        payload = {"missing_ids": [ana.user_id]}
    happens(session, question, kind, tom, **payload)
    [said] = heard(session, ana)
    assert says in said


def test_what_is_open_goes_to_those_who_connect_or_want_to_hear_it_until_it_is_answered(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    make_expert(session, place, ben, connects=True)
    session.add(
        Preference(user_id=cleo.user_id, community_id=place.community.id, kind=kinds.OPEN, how=How.NOW)
    )
    dora = make_person(session, place, "Dora Lind")
    question = make_question(session, place, ana)
    happens(session, question, events.QuestionOpenedToAll, why="time")
    says = "A question of Ana Ruiz is open to everybody. Do you know it, or who does?"
    assert heard(session, ben) == heard(session, cleo) == [says]
    assert heard(session, dora) == heard(session, tom) == []
    question = session.get_one(Question, question.id)
    answer = make_answer(session, place, question, cleo)
    given = {"answer_id": answer.contribution_id, "author_id": cleo.user_id, **UNLINKED}
    happens(session, question, events.AnswerGiven, cleo, **given)
    assert bell(session, ben) == bell(session, cleo) == 0


def test_nobody_hears_of_a_question_for_experts_that_they_may_not_read(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    make_expert(session, place, ben, connects=True)
    question = make_question(session, place, ana, audience=Audience.EXPERTS)
    happens(session, question, events.QuestionOpenedToAll, why="nobody")
    assert bell(session, ben) == 0
    assert heard(session, tom) == ["A question found nobody who knows, or has time"]
    assert heard(session, ana) == ["No expert was free for this question, so it is open to everybody"]


def test_stewards_hear_of_endorsements_until_somebody_looked(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    topic = make_topic(session, place, "Capability")
    make_expert(session, place, ben, topic)
    about = {"topic_id": topic.id, "user_id": ben.user_id}
    around(session, place, people_events.ExpertEndorsed, ana, **about, count=3)
    assert heard(session, ben) == ["Ana Ruiz says that you know about a topic"]
    [notice] = queries.notice_page(session, REGISTRY, tom).notices
    assert notice.words.where == "Capability"
    session.get_one(Expertise, (about["topic_id"], ben.user_id)).confirmed_at = clock.now()
    assert heard(session, tom) == []


def test_nobody_becomes_an_expert_without_hearing_it(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    around(session, place, people_events.ExpertOpted, tom, user_id=ben.user_id, reach="course")
    around(session, place, people_events.ExpertOpted, ana, user_id=ana.user_id, reach="course")
    assert heard(session, ben) == ["Tom Berg asks you to be an expert here. You can change or end that"]
    assert heard(session, ana) == []
    assert not {kind.name: kind for kind in kinds.KINDS}[kinds.NAMED].may_be_off


def test_of_an_introduction_that_comes_to_nothing_only_who_made_it_hears(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    introduction = Introduction(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        by_id=cleo.user_id,
        first_id=ana.user_id,
        second_id=ben.user_id,
        why="Both of you measure.",
        made_at=clock.now(),
    )
    session.add(introduction)
    session.flush()
    about = {
        "introduction_id": introduction.id,
        "by_id": cleo.user_id,
        "first_id": ana.user_id,
        "second_id": ben.user_id,
    }
    around(session, place, people_events.IntroductionMade, cleo, **about)
    assert heard(session, ana) == heard(session, ben)
    assert heard(session, ana) == ["Cleo Maas wants to bring you and somebody else together"]
    session.get_one(Introduction, about["introduction_id"]).ended_at = clock.now()
    around(session, place, people_events.IntroductionEnded, ben, **about)
    assert heard(session, cleo) == ["Your introduction came to nothing this time"]
    assert heard(session, ana) == heard(session, ben) == []


def test_meetings_are_told_by_the_clock_of_the_office_hour(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    starts = clock.now().replace(month=7, day=1, hour=12, minute=0)
    hour = OfficeHour(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        host_id=tom.user_id,
        title="Measuring",
        first_on=date(2026, 7, 1),
        begins=time(14),
        zone="Europe/Vienna",
        minutes=20,
    )
    session.add(hour)
    session.flush()
    booking = Booking(
        uuid="one",
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        office_hour_id=hour.id,
        user_id=ana.user_id,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=20),
        seat=1,
        state=BookingState.BOOKED,
        made_at=starts,
        changed_at=starts,
    )
    session.add(booking)
    session.flush()
    about = {
        "office_hour_id": hour.id,
        "host_id": tom.user_id,
        "booking_id": booking.id,
        "user_id": ana.user_id,
        "starts_at": starts.isoformat(),
    }
    around(session, place, hours_events.MeetingBooked, ana, **about)
    at = f"{starts.year}-07-01 14:00 (Europe/Vienna)"
    assert heard(session, tom) == [f"Ana Ruiz comes to your office hour on {at}"]
    around(session, place, hours_events.MeetingCancelled, tom, **about, by_host=True)
    assert heard(session, ana) == [f"Your meeting on {at} does not take place"]
    assert led_to(session, ana) == [f"/w/{place.placement.id}/experts/bookings/{about['booking_id']}"]


@pytest.mark.one_database
def test_every_event_that_is_told_of_is_one_and_every_sentence_names_who_it_says() -> None:
    known = {kind.name for kind in lmssocial_register_event_types()}
    assert set(EVENTS) <= known
    assert all(say("Ana") for say in sentences.SENTENCES.values())


def test_wording_asks_as_much_for_many_as_for_few(
    session: Session, place: Place, ana: Actor, ben: Actor, count_queries: Count
) -> None:
    def read() -> int:
        with count_queries() as counted:
            queries.notice_page(session, REGISTRY, ben)
        return len(counted)

    def invite(number: int) -> None:
        question = make_question(session, place, ana, title=f"Question {number} of the course")
        invitation = make_invitation(session, place, question, ben)
        happens(session, question, invitation_events.InvitationSent, **of(invitation, source="match"))

    invite(1)
    few = read()
    for number in range(2, 9):
        invite(number)
    assert len(heard(session, ben)) == 8
    assert read() == few


def test_whoever_opens_the_question_has_read_what_tells_of_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Callable[[Actor], Seat]
) -> None:
    question = make_question(session, place, ana)
    answer = make_answer(session, place, question, ben)
    given = {"answer_id": answer.contribution_id, "author_id": ben.user_id, **UNLINKED}
    happens(session, question, events.AnswerGiven, ben, **given)
    assert bell(session, ana) == 1
    assert seat(ana).open(f"/questions/{question.id}").status_code == 200
    session.rollback()
    assert bell(session, ana) == 0
