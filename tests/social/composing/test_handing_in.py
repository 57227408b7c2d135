"""What a text goes through until it is a contribution, whatever the widget."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Span, Submission, Verdict
from lmssocial.core.kernel.errors import Invalid
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.handing_in import Rejected, hand_in, settle, store
from lmssocial.social.composing.saved import saved_draft
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.screening import Screen, Screening, Vote
from tests.support.discussion import HOLD, REJECT, let_pass
from tests.support.people import Place, make_person, make_place

KIND = "anything.note"


@pytest.fixture
def place(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


def handed_over(
    session: Session, place: Place, actor: Actor, source: str, screen: Screen = let_pass
) -> Contribution:
    """The whole way of a text."""
    handed_in = hand_in(screen, actor, KIND, Writing(source=source))
    words = store(session, actor, handed_in, place.placement.id)
    settle(session, actor, words, handed_in, held=handed_in.held_because is not None)
    return words


def redacting(submission: Submission) -> Screening:
    """A policy that takes the first word out."""
    verdict = Verdict(
        ruling=Ruling.REDACT,
        reason="name",
        message="A name was taken out.",
        spans=(Span(0, submission.source.index(" ")),),
    )
    return Screening((Vote("names", verdict),))


def test_what_nobody_objects_to_is_published(session: Session, place: Place, ana: Actor) -> None:
    words = handed_over(session, place, ana, "Some *words*.")
    assert (words.state, words.kind, words.author_id) == (State.PUBLISHED, KIND, ana.user_id)
    assert "<em>words</em>" in words.html
    assert session.scalars(select(Case)).all() == []


def test_what_is_held_waits_with_a_case_that_says_why(session: Session, place: Place, ana: Actor) -> None:
    words = handed_over(session, place, ana, "Many links.", HOLD)
    case = session.scalars(select(Case)).one()
    assert (words.state, words.note) == (State.HELD, "Too many links.")
    assert (case.contribution_id, case.state, case.placement_id) == (
        words.id,
        CaseState.OPEN,
        place.placement.id,
    )


def test_words_that_may_not_be_read_are_taken_out(session: Session, place: Place, ana: Actor) -> None:
    words = handed_over(session, place, ana, "Somebody was here.", redacting)
    assert (words.state, words.source, words.note) == (
        State.PUBLISHED,
        "[…] was here.",
        "A name was taken out.",
    )


@pytest.mark.one_database
@pytest.mark.parametrize("source", ["", " \n\u200b ", "a" * (MAX_SOURCE + 1)])
def test_nothing_and_too_much_are_not_taken(ana: Actor, source: str) -> None:
    with pytest.raises(Invalid):
        hand_in(let_pass, ana, KIND, Writing(source=source))


@pytest.mark.one_database
def test_a_refused_text_names_the_policy_in_the_log_alone(ana: Actor) -> None:
    with pytest.raises(Rejected, match="refused by linklimit") as refusal:
        hand_in(REJECT, ana, KIND, Writing(source="Words."))
    assert refusal.value.message == "Too many links."


@pytest.mark.one_database
def test_words_without_a_place_are_not_settled(session: Session, ana: Actor, place: Place) -> None:
    words = handed_over(session, place, ana, "Words.")
    words.placement_id = None
    with pytest.raises(ValueError, match="no placement"):
        settle(session, ana, words, hand_in(let_pass, ana, KIND, Writing(source="Words.")), held=False)


@pytest.mark.one_database
def test_an_empty_draft_is_none() -> None:
    assert saved_draft(None) is None
    assert saved_draft(Draft(title="", source=" \n", sequence=3)) is None
    kept = saved_draft(Draft(title="T", source="", sequence=3))
    assert kept is not None
    assert (kept.title, kept.sequence) == ("T", 3)
