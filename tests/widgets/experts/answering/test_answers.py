"""Answering: who may, what is held, what follows for the question, and for guests of other courses."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.answering import queries, service
from lmssocial.widgets.experts.answering.drafts import Rewording, Sent, WordsDraft
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import Audience, Level, Question, State
from lmssocial.widgets.experts.moderating.port import ModeratedWords
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import seen
from tests.conftest import TestClock
from tests.support.discussion import HOLD, let_pass
from tests.support.experts import bring_together, make_answer, make_expert, make_invitation, make_question
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries

WORDS = WordsDraft(source="Below 1 the process makes parts outside of the limits.")


def end(session: Session) -> None:
    """End the transaction; what happened in it is written now."""
    with unit_of_work(session):
        pass


def names_of(session: Session) -> list[str]:
    """What the log tells, in order."""
    end(session)
    return list(session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id)))


def state_of(question: Question) -> State:
    """How far it is now."""
    return question.state


def is_paused(question: Question) -> bool:
    """Whether its clock stands still now."""
    return question.paused_at is not None


def answer(session: Session, actor: Actor, question: Question, words: WordsDraft = WORDS) -> Sent:
    """An answer that no policy objects to."""
    return service.answer(session, let_pass, actor, question.id, words)


def test_whoever_was_asked_accepts_by_answering_and_everybody_else_is_let_go(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    make_expert(session, place, ben)
    make_expert(session, place, cleo)
    question = make_question(session, place, ana)
    bens = make_invitation(session, place, question, ben)
    cleos = make_invitation(session, place, question, cleo)
    sent = answer(session, ben, question)
    assert sent.state is Visible.PUBLISHED
    assert (question.state, question.accepted_by_id) == (State.ANSWERED, ben.user_id)
    assert question.first_answer_at is not None
    assert question.promised_until is None
    assert (bens.state, cleos.state) == (InvitationState.ACCEPTED, InvitationState.SUPERSEDED)
    assert names_of(session)[-1] == "experts.answer_given"
    assert "experts.invitation_accepted" in names_of(session)
    assert session.get_one(Profile, (place.community.id, ben.user_id)).answers == 1


def test_the_same_form_sent_twice_answers_once_and_another_one_changes_the_answer(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    question = make_question(session, place, ana, level=Level.EVERYBODY)
    words = WordsDraft(source=WORDS.source, submission_key="form-1")
    first, again = (answer(session, ben, question, words) for _turn in range(2))
    assert first.contribution_id == again.contribution_id
    with pytest.raises(service.Answered):
        answer(session, ben, question)


def test_nobody_answers_uninvited_until_it_is_open_to_all_except_moderators(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana)
    with pytest.raises(NotAllowed):
        answer(session, ben, question)
    with pytest.raises(NotAllowed):
        answer(session, ana, question)
    assert answer(session, tom, question).state is Visible.PUBLISHED
    question.level = Level.EVERYBODY
    assert answer(session, ben, question).state is Visible.PUBLISHED
    question.state = State.WITHDRAWN
    with pytest.raises(Conflict):
        answer(session, ben, question)


def test_an_answer_that_a_policy_holds_answers_nothing_until_a_moderator_lets_it_through(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    make_invitation(session, place, question, ben)
    sent = service.answer(session, HOLD, ben, question.id, WORDS)
    assert sent.state is Visible.HELD
    assert state_of(question) is State.ACCEPTED
    assert "experts.answer_given" not in names_of(session)
    assert queries.said(session, ana, seen(session, ana, question.id)) == []
    ModeratedWords().publish(session, tom, sent.contribution_id)
    assert state_of(question) is State.ANSWERED
    assert names_of(session).count("experts.answer_given") == 1
    assert len(queries.said(session, ana, seen(session, ana, question.id))) == 1
    end(session)
    ModeratedWords().decline(session, tom, sent.contribution_id, "It names a customer.")
    assert state_of(question) is State.ACCEPTED
    end(session)
    ModeratedWords().publish(session, tom, sent.contribution_id)
    assert state_of(question) is State.ANSWERED
    assert names_of(session).count("experts.answer_given") == 1


def test_where_answers_are_assured_an_sme_reads_them_first_and_every_new_wording(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    place.community.tier = Tier.ASSURED
    question = make_question(session, place, ana, level=Level.EVERYBODY)
    sent = answer(session, ben, question)
    assert sent.messages == ("An SME reads answers here first.",)
    assert state_of(question) is State.OPEN
    ModeratedWords().publish(session, tom, sent.contribution_id)
    assert state_of(question) is State.ANSWERED
    end(session)
    words = session.get_one(Contribution, sent.contribution_id)
    draft = Rewording(source="Below 1.33 it is not capable.", seen_version=words.version)
    assert service.edit(session, let_pass, ben, words.id, draft).state is Visible.HELD
    assert state_of(question) is State.OPEN
    own = answer(session, tom, question)
    assert own.state is Visible.PUBLISHED


def test_a_wording_that_was_overtaken_is_not_saved_and_the_last_answer_can_be_taken_back(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    make_invitation(session, place, question, ben)
    sent = answer(session, ben, question)
    words = session.get_one(Contribution, sent.contribution_id)
    with pytest.raises(Conflict):
        service.edit(
            session, let_pass, ben, words.id, Rewording(source="New.", seen_version=words.version - 1)
        )
    with pytest.raises(NotFound):
        service.edit(session, let_pass, cleo, words.id, Rewording(source="New.", seen_version=words.version))
    with pytest.raises(NotAllowed):
        service.take_back(session, cleo, words.id)
    service.take_back(session, ben, words.id)
    assert (question.state, question.first_answer_at) == (State.ACCEPTED, None)
    assert question.promised_until is not None
    assert session.get_one(Profile, (place.community.id, ben.user_id)).answers == 0
    assert answer(session, ben, question, WordsDraft(source="Better.")).state is Visible.PUBLISHED


def test_the_log_says_how_long_an_answer_is_where_it_points_to_and_how_much_an_edit_changed(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    asked = make_question(session, place, ana, level=Level.EVERYBODY)
    link = f"[this](/w/{place.placement.id}/discussion/posts/{asked.contribution_id})"
    sent = answer(session, ben, asked, WordsDraft(source=f"> Why?\n\nSee {link}."))
    words = session.get_one(Contribution, sent.contribution_id)
    before = words.source
    service.edit(
        session,
        let_pass,
        ben,
        words.id,
        Rewording(source=f"{before} And more.", seen_version=words.version),
    )
    end(session)
    told = session.scalars(
        select(ActivityEvent).where(ActivityEvent.name.like("experts.answer%")).order_by(ActivityEvent.id)
    )
    given, edited = [event.payload for event in told]
    assert given["length"] == len(f"See {link}.")
    assert (given["links"], given["linked_author_ids"]) == ([asked.contribution_id], [ana.user_id])
    assert (edited["changed"], edited["length_before"]) == (len(". And more"), len(before))


def test_a_question_back_stops_the_clock_and_the_askers_words_let_it_go_on(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, clock: TestClock
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    invitation = make_invitation(session, place, question, ben)
    due, back = invitation.due_at, WordsDraft(source="Which tolerance?", asks=True)
    with pytest.raises(NotAllowed):
        service.say(session, let_pass, cleo, question.id, back)
    held = service.say(session, HOLD, ben, question.id, back)
    assert held.state is Visible.HELD
    assert not is_paused(question)
    service.say(session, let_pass, ben, question.id, back)
    assert is_paused(question)
    with pytest.raises(Conflict):
        service.say(session, let_pass, ben, question.id, WordsDraft(source="And the unit?", asks=True))
    clock.tick(hours=5)
    service.say(session, HOLD, ana, question.id, WordsDraft(source="Held: 0.1 mm"))
    assert is_paused(question)
    service.say(session, let_pass, ana, question.id, WordsDraft(source="0.1 mm"))
    assert not is_paused(question)
    assert invitation.due_at == due + timedelta(hours=5)
    told = [name for name in names_of(session) if name.startswith("experts.")]
    assert told == ["experts.info_asked", "experts.info_given"]


@pytest.fixture
def far(session: Session, place: Place) -> Place:
    """A course of the same customer, in a community with the first."""
    far = make_place(session, widget="experts", beside=place)
    bring_together(session, place, far)
    return far


def test_a_guest_answers_in_another_course_under_its_rules_and_appears_without_their_course(
    session: Session, place: Place, far: Place, ana: Actor
) -> None:
    gus = make_person(session, far, "Gus Lind")
    make_expert(session, far, gus)
    question = make_question(session, place, ana, audience=Audience.EXPERTS)
    other = make_question(session, place, ana)
    make_invitation(session, far, question, gus)
    sent = answer(session, gus, question)
    words = session.get_one(Contribution, sent.contribution_id)
    assert (words.community_id, words.placement_id) == (place.community.id, place.placement.id)
    (one,) = queries.said(session, ana, seen(session, ana, question.id))
    assert (one.author_name, one.origin) == ("Gus Lind", "Lean practice")
    (one,) = queries.said(session, gus, seen(session, gus, question.id))
    assert one.origin == ""
    assert one.is_own
    assert one.may_edit
    with pytest.raises(NotFound):
        seen(session, gus, other.id)


def test_a_guest_who_looks_after_their_own_course_decides_nothing_elsewhere(
    session: Session, place: Place, far: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    place.community.tier = Tier.ASSURED
    gus = make_person(session, far, "Gus Lind", *tom.roles)
    make_expert(session, far, gus)
    question = make_question(session, place, ana)
    make_invitation(session, far, question, gus)
    held = make_answer(session, place, question, ben)
    session.get_one(Contribution, held.contribution_id).state = Visible.HELD
    question.state = State.OPEN
    assert queries.said(session, gus, seen(session, gus, question.id)) == []
    with pytest.raises(NotAllowed):
        service.take_back(session, gus, held.contribution_id)
    assert answer(session, gus, question).state is Visible.HELD
    acts = queries.conversation(session, gus, seen(session, gus, question.id)).acts
    assert acts.own_answer_id is not None
    assert not acts.may_answer


def test_what_was_said_costs_the_same_however_much_it_is(
    session: Session, place: Place, far: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    gus = make_person(session, far, "Gus Lind")
    question = make_question(session, place, ana, level=Level.EVERYBODY)
    make_invitation(session, far, question, gus)

    def cost() -> int:
        asked = seen(session, ana, question.id)
        with counted_queries() as queries_seen:
            queries.conversation(session, ana, asked)
        return len(queries_seen)

    make_answer(session, place, question, gus)
    few = cost()
    for person in (ben, tom):
        make_answer(session, place, question, person)
        service.say(session, let_pass, person, question.id, WordsDraft(source="One more thing."))
    session.flush()
    assert cost() == few <= 3
