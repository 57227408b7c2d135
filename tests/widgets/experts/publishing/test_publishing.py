"""Making a resolved question knowledge: found by search, with both names, and in private only with both consents."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.knowledge.models import Item
from lmssocial.widgets.discussion.knowing import KnownPosts
from lmssocial.widgets.experts.answering import service as answering
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.models import Audience, How, Proposal, Question, State
from lmssocial.widgets.experts.publishing import queries, service
from lmssocial.widgets.experts.publishing.cutting import is_cut
from lmssocial.widgets.experts.publishing.service import PublishDraft, PutIn
from lmssocial.widgets.experts.questions import seen
from tests.support.discussion import HOLD, let_pass
from tests.support.experts import make_answer, make_invitation, make_question
from tests.support.people import Place, make_person, make_place, make_placement
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]
PORTS = [KnownPosts()]


@pytest.fixture
def home(session: Session, place: Place) -> Placement:
    """A discussion of the same course."""
    return make_placement(session, place.community)


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, ben: Actor) -> Question:
    """A question of Ana's that an answer of Ben's resolved."""
    question = make_question(session, place, ana)
    answer = make_answer(session, place, question, ben)
    answering.resolve(session, ana, question.id, How.ANSWER, answer.contribution_id)
    return question


def draft_of(session: Session, about: Question, home: Placement, /, **other: str) -> PublishDraft:
    """What would be published as it stands, but for ``other``."""
    asked = session.get_one(Contribution, about.contribution_id)
    answered = session.get_one(Contribution, about.solution_id)
    texts = {"title": asked.title, "question": asked.source, "answer": answered.source} | other
    return PublishDraft(home_id=home.id, **texts)


@pytest.mark.one_database
def test_words_can_be_taken_out_of_a_text_and_none_put_in() -> None:
    original = "Ask Mrs Miller, she knows Cpk."
    assert is_cut(original, original)
    assert is_cut(original, "Ask […], she knows Cpk!")
    assert not is_cut(original, "Ask Mr Miller, she knows Cpk.")
    assert not is_cut(original, "She knows Cpk. Ask Mrs Miller.")


def test_a_published_answer_is_found_by_the_search_of_the_discussion_with_both_names(
    session: Session, home: Placement, question: Question, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    session.commit()
    asker, reader, at = seat(ana), seat(cleo), f"/questions/{question.id}"
    assert "Publish it as knowledge" in text_of(asker.open(at))
    assert "Publish it as knowledge" not in text_of(reader.open(at))
    page = asker.fill_in(f"{at}/publish", f"{at}/publish")
    assert all(name in text_of(page) for name in (ana.name, ben.name))
    found = reader.open(f"/w/{home.id}/discussion/search?q=capability")
    assert "How do I read a capability study?" in text_of(found)
    session.rollback()
    item = session.scalars(select(Item)).one()
    assert (item.asker_id, item.answerer_id) == (ana.user_id, ben.user_id)
    assert item.origin_path == f"{asker.base}{at}"
    assert "Read question and answer there" in text_of(reader.open(at))
    again = asker.follow(asker.open(f"{at}/publish"))
    assert "published already" in text_of(again)


def test_only_those_concerned_publish_once_it_is_resolved_and_never_twice(
    session: Session, place: Place, home: Placement, question: Question, ana: Actor, cleo: Actor, tom: Actor
) -> None:
    draft = draft_of(session, question, home)
    with pytest.raises(NotAllowed):
        service.publish(session, let_pass, PORTS, cleo, question.id, draft)
    unresolved = make_question(session, place, ana)
    with pytest.raises(Conflict):
        service.publish(session, let_pass, PORTS, ana, unresolved.id, draft)
    other = draft_of(session, question, home, answer="No: below 1 it is not.")
    with pytest.raises(PutIn):
        service.publish(session, let_pass, PORTS, tom, question.id, other)
    assert service.publish(session, let_pass, PORTS, tom, question.id, draft).is_visible
    with pytest.raises(Conflict):
        service.publish(session, let_pass, PORTS, ana, question.id, draft)


def test_a_publication_that_a_policy_holds_says_so(
    session: Session, home: Placement, question: Question, ana: Actor
) -> None:
    done = service.publish(session, HOLD, PORTS, ana, question.id, draft_of(session, question, home))
    assert done.contribution_id is not None
    assert not done.is_visible


@pytest.fixture
def private(session: Session, place: Place, question: Question, ben: Actor) -> Question:
    """The same question, as one for experts only, of whom Ben was one."""
    make_invitation(session, place, question, ben, state=InvitationState.ACCEPTED)
    question.audience = Audience.EXPERTS
    session.flush()
    return question


def test_what_was_for_experts_only_is_published_once_both_agree_to_the_same_words(
    session: Session, home: Placement, private: Question, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question = private

    def publish(actor: Actor, **other: str) -> int | None:
        draft = draft_of(session, question, home, **other)
        return service.publish(session, let_pass, PORTS, actor, question.id, draft).contribution_id

    def waits_for(actor: Actor) -> tuple[bool, bool]:
        offer = queries.offered(session, actor, seen(session, actor, question.id))
        assert offer is not None
        return offer.waits_for_me, offer.waits_for_other

    assert publish(tom) is None
    assert publish(ana) is None
    assert waits_for(ana) == (False, True)
    shorter = {"question": "The report says Cpk 0.8."}
    assert publish(ben, **shorter) is None
    assert (waits_for(ana), waits_for(ben)) == ((True, False), (False, True))
    assert publish(ana) is None
    assert publish(tom, **shorter) is None
    assert publish(ana, **shorter) is None
    assert session.scalars(select(Item)).all() == []
    assert waits_for(ben) == (True, False)
    assert publish(ben, **shorter) is not None
    item = session.scalars(select(Item)).one()
    assert not item.origin_is_open
    assert session.get_one(Contribution, item.contribution_id).source == "The report says Cpk 0.8."
    assert session.get(Proposal, question.id) is None


def test_a_no_to_a_proposal_keeps_everything_private(
    session: Session, home: Placement, private: Question, ana: Actor, ben: Actor
) -> None:
    question = private
    service.publish(session, let_pass, PORTS, ana, question.id, draft_of(session, question, home))
    service.refuse(session, ben, question.id)
    assert session.get(Proposal, question.id) is None
    other = draft_of(session, question, home, title="How do I read a study?")
    assert service.publish(session, let_pass, PORTS, ben, question.id, other).contribution_id is None
    assert session.scalars(select(Item)).all() == []
    assert question.state is State.RESOLVED


def test_a_guest_who_answered_publishes_too_and_reads_no_names_of_that_course(
    session: Session, place: Place, home: Placement, ana: Actor
) -> None:
    far = make_place(session, widget="experts", beside=place)
    gus = make_person(session, far, "Gus Lind")
    question = make_question(session, place, ana)
    make_invitation(session, far, question, gus, state=InvitationState.ACCEPTED)
    answer = make_answer(session, place, question, gus)
    answering.resolve(session, ana, question.id, How.ANSWER, answer.contribution_id)
    page = queries.publication(session, PORTS, gus, question.id)
    assert [one.placement_id for one in page.homes] == [home.id]
    assert home.title not in {one.title for one in page.homes}
    draft = draft_of(session, question, home, question="How?")
    with pytest.raises(PutIn):
        service.publish(session, let_pass, PORTS, gus, question.id, draft)
    draft = draft_of(session, question, home, answer="Yes, below 1 it is.")
    assert service.publish(session, let_pass, PORTS, gus, question.id, draft).is_visible
    item = session.scalars(select(Item)).one()
    assert (item.answerer_id, item.community_id) == (gus.user_id, place.community.id)
