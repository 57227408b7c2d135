"""Policies take their time: what they say is known before a transaction begins, and not asked for again within it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Submission
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion.knowing import KnownPosts
from lmssocial.widgets.experts.answering import service as answering
from lmssocial.widgets.experts.desk import deeds
from lmssocial.widgets.experts.introducing import service as introducing
from lmssocial.widgets.experts.inviting import referring
from lmssocial.widgets.experts.models import How, Reach
from lmssocial.widgets.experts.publishing import service as publishing
from lmssocial.widgets.experts.publishing.service import PublishDraft
from tests.support.experts import bring_together, make_answer, make_expert, make_invitation, make_question
from tests.support.people import Place, make_person, make_place, make_placement

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("settings")]


class Listening:
    """A screen that lets everything pass, and within a transaction is asked only what it was asked before."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.asked: set[Submission] = set()
        self.locked = False

    def __call__(self, submission: Submission) -> Screening:
        """Let it pass."""
        same = replace(submission, reply_to=None)
        assert not self.locked or same in self.asked
        self.asked.add(same)
        return Screening()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """From here on nothing new."""
        assert self.asked
        self.locked = True
        yield
        self.locked = False


def test_what_stands_beside_a_deed_is_judged_before_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana)
    for person in (ben, cleo):
        make_expert(session, place, person)
    words, screen = " You did  this last year. ", Listening()
    deeds.fit(screen, tom, deeds.NOTE, words)
    with screen.transaction():
        deeds.expert_invite(session, screen, tom, question.id, ben.user_id, words)
        deeds.reassign(session, screen, tom, question.id, cleo.user_id, words)
    screen = Listening()
    deeds.fit(screen, tom, deeds.REASON, words)
    with screen.transaction():
        deeds.close(session, screen, tom, question.id, words)
    draft = introducing.IntroductionDraft(first_id=ana.user_id, second_id=ben.user_id, why=words)
    screen = Listening()
    introducing.consider(screen, tom, draft)
    with screen.transaction():
        introducing.introduce(session, screen, tom, place.placement.id, draft)


def test_a_guest_is_judged_before_as_within(session: Session, place: Place, ana: Actor) -> None:
    place.placement.settings = {"reach": "community"}
    question, elsewhere = (
        make_question(session, place, ana),
        make_place(session, widget="experts", beside=place),
    )
    bring_together(session, place, elsewhere)
    elsewhere.placement.settings = {"reach": "community"}
    guest, other = make_person(session, elsewhere, "Gil Far"), make_person(session, elsewhere, "Ola Far")
    for person in (guest, other):
        make_expert(session, elsewhere, person, reach=Reach.COMMUNITY)
    make_invitation(session, elsewhere, question, guest)
    words, screen = "You did this last year.", Listening()
    referring.consider(session, screen, guest, question.id, words)
    with screen.transaction():
        referring.refer(session, screen, guest, question.id, other.user_id, words)


def test_both_texts_of_what_becomes_knowledge_are_judged_before_it_is_published(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question, home = make_question(session, place, ana), make_placement(session, place.community)
    answer = make_answer(session, place, question, ben)
    answering.resolve(session, ana, question.id, How.ANSWER, answer.contribution_id)
    draft = PublishDraft(home_id=home.id, title="How do I read it?", question="How?", answer="From the left.")
    asked, said = (
        session.get_one(Contribution, one) for one in (question.contribution_id, question.solution_id)
    )
    asked.title, asked.source, said.source = draft.title, draft.question, draft.answer
    screen, ports = Listening(), [KnownPosts()]
    publishing.consider(session, screen, ports, tom, question.id, draft)
    assert len(screen.asked) == 2
    with screen.transaction():
        assert publishing.publish(session, screen, ports, tom, question.id, draft).is_visible
