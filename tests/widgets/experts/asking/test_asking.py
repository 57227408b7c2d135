"""Asking: once, within limits, published or held, and changed or withdrawn while it is alive."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Submission
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.experts.asking import changing, finding, lists, service
from lmssocial.widgets.experts.asking.drafts import EditDraft, QuestionDraft
from lmssocial.widgets.experts.asking.limits import AskedBefore, TooMany
from lmssocial.widgets.experts.asking.lists import Show, Wanted
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import Audience, Level, Question, QuestionTopic, State, Urgency
from lmssocial.widgets.experts.topic_models import Topic
from tests.support.discussion import HOLD, let_pass
from tests.support.experts import make_answer, make_expert, make_invitation, make_question, make_topic
from tests.support.moderation import holding
from tests.support.people import Place


def draft(title: str = "How do I read a capability study?", **more: object) -> QuestionDraft:
    """A question on its way."""
    return QuestionDraft(
        **{"title": title, "source": "The report says Cpk 0.8. Is that bad?", **more}  # type: ignore[arg-type]
    )


def ask(session: Session, place: Place, actor: Actor, what: QuestionDraft) -> Question:
    """Ask it, and commit."""
    with unit_of_work(session):
        return service.ask(session, let_pass, actor, place.placement.id, what)


def is_paused(question: Question) -> bool:
    """Whether its clock stands still."""
    return question.paused_at is not None


def audience_of(question: Question) -> Audience:
    """Who reads it."""
    return question.audience


def names(session: Session) -> list[str]:
    """What the log says happened."""
    return list(session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id)))


def test_a_question_is_published_under_its_topics_and_somebody_is_looked_for(
    session: Session, place: Place, ana: Actor
) -> None:
    known = make_topic(session, place, "Capability", "Cpk")
    question = ask(
        session,
        place,
        ana,
        draft(topics=("cpk", "Six Sigma"), urgency=Urgency.EXAM, audience=Audience.EXPERTS),
    )

    under = session.scalars(
        select(Topic.label)
        .join(QuestionTopic, QuestionTopic.topic_id == Topic.id)
        .where(QuestionTopic.question_id == question.id)
    )
    words = session.get_one(Contribution, question.contribution_id)
    assert {*under} == {known.label, "Six Sigma"}
    assert (words.state, words.kind) == (Visible.PUBLISHED, "experts.question")
    assert (question.state, question.urgency, question.audience) == (
        State.OPEN,
        Urgency.EXAM,
        Audience.EXPERTS,
    )
    assert question.next_at is not None
    assert "experts.question_asked" in names(session)


def test_the_same_form_sent_twice_asks_once(session: Session, place: Place, ana: Actor) -> None:
    first = ask(session, place, ana, draft(submission_key="form-1"))
    again = ask(session, place, ana, draft(submission_key="form-1"))

    assert again.id == first.id
    assert len(session.scalars(select(Question.id)).all()) == 1


@pytest.mark.one_database
def test_the_same_words_are_refused_for_a_day_and_lead_to_the_earlier_question(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    first = ask(session, place, ana, draft())

    with pytest.raises(AskedBefore) as refused:
        ask(session, place, ana, draft("how do I read  a CAPABILITY study?"))
    assert refused.value.question_id == first.id
    assert ask(session, place, ben, draft()).asker_id == ben.user_id
    with unit_of_work(session):
        changing.withdraw(session, ana, first.id)
    assert ask(session, place, ana, draft()).id != first.id


@pytest.mark.one_database
def test_nobody_has_more_open_questions_than_is_set(session: Session, place: Place, ana: Actor) -> None:
    place.placement.settings = {"most_open": 2}
    session.commit()
    for number in range(2):
        ask(session, place, ana, draft(f"Which of these is question {number}?"))

    with pytest.raises(TooMany):
        ask(session, place, ana, draft("And which one is the third?"))


@pytest.mark.one_database
def test_nobody_asks_more_than_so_many_questions_a_day_even_if_they_withdraw_them(
    session: Session, place: Place, ana: Actor
) -> None:
    place.placement.settings = {"most_day": 2}
    session.commit()
    for number in range(2):
        question = ask(session, place, ana, draft(f"Which of these is question {number}?"))
        with unit_of_work(session):
            changing.withdraw(session, ana, question.id)

    with pytest.raises(TooMany):
        ask(session, place, ana, draft("And which one is the third?"))
    for words in session.scalars(select(Contribution)):
        words.created_at -= timedelta(hours=25)
    session.commit()
    assert ask(session, place, ana, draft("And which one is the third?")).state is State.OPEN


@pytest.mark.one_database
def test_a_title_that_says_too_little_and_a_test_user_are_refused(
    session: Session, place: Place, ana: Actor
) -> None:
    with pytest.raises(Invalid):
        ask(session, place, ana, draft("Help"))
    with pytest.raises(NotAllowed):
        ask(session, place, replace(ana, is_test=True), draft())


@pytest.mark.one_database
def test_a_held_question_waits_and_nobody_is_looked_for(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    with unit_of_work(session):
        question = service.ask(session, holding("p", "Wait."), ana, place.placement.id, draft())

    assert session.get_one(Contribution, question.contribution_id).state is Visible.HELD
    assert question.next_at is None
    assert "experts.question_asked" not in names(session)
    assert not lists.question_list(session, ben, Wanted()).questions
    assert [line.id for line in lists.question_list(session, ana, Wanted(show=Show.MINE)).questions] == [
        question.id
    ]


@pytest.mark.one_database
def test_policies_look_at_topics_and_the_page_it_came_from_as_well(
    session: Session, place: Place, ana: Actor
) -> None:
    session.commit()

    def no_shouting(submission: Submission) -> Screening:
        return HOLD(submission) if "SALE" in submission.source else let_pass(submission)

    waits = [
        draft("What is on offer here?", topics=("SALE",)),
        draft("What is it then?", context_title="SALE"),
    ]
    for what in (*waits, draft("And what about nothing?", topics=("Selling",))):
        with unit_of_work(session):
            service.ask(session, no_shouting, ana, place.placement.id, what)
    states = session.scalars(select(Contribution.state).order_by(Contribution.id)).all()
    assert states == [Visible.HELD, Visible.HELD, Visible.PUBLISHED]


def edited(question: Question, version: int, **more: object) -> EditDraft:
    """The question with something else in it."""
    said = {
        "question_id": question.id,
        "seen_version": version,
        "title": "How do I read a capability study?",
        "source": "The report says Cpk 0.8. Is that bad?",
        "audience": question.audience,
    }
    return EditDraft(**said | more)  # type: ignore[arg-type]


@pytest.mark.one_database
def test_an_asker_rewords_it_and_an_older_page_does_not_overwrite_that(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    question = make_question(session, place, ana)
    session.commit()
    version = session.get_one(Contribution, question.contribution_id).version
    with unit_of_work(session):
        changing.edit(session, let_pass, ana, edited(question, version, source="It says 0.9 now."))

    assert session.get_one(Contribution, question.contribution_id).source == "It says 0.9 now."
    assert "experts.question_edited" in names(session)
    with pytest.raises(Conflict), unit_of_work(session):
        changing.edit(session, let_pass, ana, edited(question, version, source="From another tab."))
    with pytest.raises(NotAllowed), unit_of_work(session):
        changing.edit(session, let_pass, ben, edited(question, version))


@pytest.mark.one_database
def test_a_question_is_opened_at_any_time_and_closed_only_until_it_went_to_everybody(
    session: Session, place: Place, ana: Actor
) -> None:
    question = make_question(session, place, ana, audience=Audience.EVERYBODY)
    session.commit()
    version = session.get_one(Contribution, question.contribution_id).version
    with unit_of_work(session):
        changing.edit(session, let_pass, ana, edited(question, version, audience=Audience.EXPERTS))
    assert audience_of(question) is Audience.EXPERTS

    with unit_of_work(session):
        question.level = Level.EVERYBODY
        changing.edit(session, let_pass, ana, edited(question, version, audience=Audience.EVERYBODY))
    assert audience_of(question) is Audience.EVERYBODY
    with pytest.raises(NotAllowed), unit_of_work(session):
        changing.edit(session, let_pass, ana, edited(question, version, audience=Audience.EXPERTS))

    assert "experts.question_opened_to_all" not in names(session)
    with unit_of_work(session):  # on the stewards' desk, because nobody who was asked had time
        question.level, question.audience = Level.STEWARDS, Audience.EXPERTS
        changing.edit(session, let_pass, ana, edited(question, version, audience=Audience.EVERYBODY))
    assert "experts.question_opened_to_all" in names(session)
    assert audience_of(question) is Audience.EVERYBODY


def test_a_new_wording_that_has_to_wait_stops_the_clock_and_the_next_one_lets_it_go_on(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben)
    session.commit()
    version = session.get_one(Contribution, question.contribution_id).version
    with unit_of_work(session):
        changing.edit(session, holding("p", "Wait."), ana, edited(question, version, source="Buy now."))
    assert is_paused(question)
    assert not lists.question_list(session, ben, Wanted(show=Show.INVITED)).questions

    version = session.get_one(Contribution, question.contribution_id).version
    with unit_of_work(session):
        changing.edit(session, let_pass, ana, edited(question, version, source="It says 0.9 now."))
    assert not is_paused(question)
    assert invitation.state is InvitationState.SENT
    assert len(lists.question_list(session, ben, Wanted(show=Show.INVITED)).questions) == 1


def test_withdrawing_ends_every_invitation_and_tells_those_who_were_asked(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    for expert in (ben, cleo):
        make_expert(session, place, expert)
    question = make_question(session, place, ana, state=State.ACCEPTED, accepted_by_id=ben.user_id)
    make_invitation(session, place, question, ben, state=InvitationState.ACCEPTED)
    make_invitation(session, place, question, cleo)
    session.commit()
    with pytest.raises(NotAllowed), unit_of_work(session):
        changing.withdraw(session, ben, question.id)
    with unit_of_work(session):
        changing.withdraw(session, ana, question.id)

    assert question.state is State.WITHDRAWN
    assert question.next_at is None
    assert {*session.scalars(select(Invitation.state))} == {InvitationState.SUPERSEDED}
    told = session.scalars(
        select(ActivityEvent.payload).where(ActivityEvent.name == "experts.question_withdrawn")
    ).one()
    assert told["waiting_ids"] == sorted([ben.user_id, cleo.user_id])
    with pytest.raises(Conflict), unit_of_work(session):
        changing.withdraw(session, ana, question.id)


def test_lists_show_what_one_may_read_page_by_page_and_by_the_words_of_answers(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    topic = make_topic(session, place, "Capability")
    start = clock.now()
    for number in range(lists.PAGE + 3):
        make_question(
            session, place, ana, title=f"Question number {number}", at=start - timedelta(minutes=number)
        )
    private = make_question(session, place, ana, topic, title="Only for experts", audience=Audience.EXPERTS)
    answered = make_question(session, place, tom, topic, title="How long is a shift?")
    make_answer(session, place, answered, ana, "Eight hours, and twelve at Zwingenberg.")
    with unit_of_work(session):
        for question_id in (private.id, answered.id):
            finding.refresh(session, question_id)

    first = lists.question_list(session, ben, Wanted())
    second = lists.question_list(session, ben, Wanted(after=first.after))
    seen = [line.id for line in (*first.questions, *second.questions)]
    assert len(first.questions) == lists.PAGE
    assert len(seen) == len(set(seen)) == lists.PAGE + 4
    assert private.id not in seen
    found = lists.question_list(session, ben, Wanted(words="Zwingenberg"))
    assert [line.id for line in found.questions] == [answered.id]
    assert found.questions[0].answers == 1
    assert not lists.question_list(session, ben, Wanted(words="experts")).questions
    assert [line.id for line in lists.question_list(session, tom, Wanted(topic_id=topic.id)).questions] == [
        answered.id,
        private.id,
    ]
    assert [line.id for line in lists.question_list(session, ben, Wanted(show=Show.ANSWERED)).questions] == [
        answered.id
    ]
