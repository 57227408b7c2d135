"""What moderators decide: once, with reasons, never about themselves."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Ruling, Span, Verdict
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Tier
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.decisions import Decision, decide, restore
from lmssocial.social.moderation.models import Case, CaseState, Deed, Entry
from lmssocial.social.moderation.screening import Vote
from tests.conftest import TestClock
from tests.social.moderation.conftest import Shelf, held
from tests.support.people import Place, make_person, make_place


def say(case: Case, deed: Deed = Deed.APPROVED, message: str = "", **more: Any) -> Decision:
    """A decision about what was seen just now."""
    return Decision(deed=deed, seen_version=case.version, message=message, **more)


def test_approving_reaches_the_content_and_the_log(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, clock: TestClock
) -> None:
    with unit_of_work(session):
        case = held(session, author, place, 9)
    clock.tick(3600)
    with unit_of_work(session):
        decide(session, moderator, shelf, case.id, say(case))
    event = session.scalars(select(ActivityEvent).order_by(ActivityEvent.id.desc())).first()

    assert shelf.decided == [("published", 9, "Iris Prado")]
    assert (case.state, case.decided_at, case.decided_by_id) == (
        CaseState.APPROVED,
        clock.now,
        moderator.user_id,
    )
    assert event is not None
    assert event.payload == {
        "case_id": case.id,
        "contribution_id": 9,
        "author_id": author.user_id,
        "kind": "shelf.book",
        "origin": "policy",
        "decision": "approved",
        "policies": ["linklimit"],
        "hours": 1.0,
    }


@pytest.mark.parametrize(
    ("deed", "state"),
    [(Deed.REJECTED, CaseState.REJECTED), (Deed.CHANGE_ASKED, CaseState.CHANGE_ASKED)],
)
def test_deciding_against_it_carries_the_moderators_words(
    session: Session,
    place: Place,
    author: Actor,
    moderator: Actor,
    shelf: Shelf,
    deed: Deed,
    state: CaseState,
) -> None:
    case = held(session, author, place, 9)
    decide(session, moderator, shelf, case.id, say(case, deed, "Please leave the shop out."))

    assert shelf.decided == [("declined", 9, "Please leave the shop out.")]
    assert (case.state, case.message) == (state, "Please leave the shop out.")


def test_redacting_takes_the_chosen_words_out(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place, 9)
    spans = (Span(0, 3), Span(5, 9))
    decide(session, moderator, shelf, case.id, say(case, Deed.REDACTED, "Addresses.", spans=spans))

    assert shelf.decided == [("redacted 0-3 5-9", 9, "Addresses.")]
    assert case.state is CaseState.REDACTED


@pytest.mark.parametrize("deed", [Deed.REJECTED, Deed.CHANGE_ASKED, Deed.REDACTED])
def test_no_author_is_left_without_a_sentence(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, deed: Deed
) -> None:
    case = held(session, author, place)
    with pytest.raises(Invalid, match="Write a sentence"):
        decide(session, moderator, shelf, case.id, say(case, deed, "  ", spans=(Span(0, 1),)))

    assert case.state is CaseState.OPEN


def test_redacting_nothing_is_no_decision(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    with pytest.raises(Invalid, match="which words"):
        decide(session, moderator, shelf, case.id, say(case, Deed.REDACTED, "Some words."))


def test_a_case_is_decided_once(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    decide(session, moderator, shelf, case.id, say(case))
    session.flush()
    with pytest.raises(Conflict, match="already decided"):
        decide(session, moderator, shelf, case.id, say(case, Deed.REJECTED, "No."))

    assert len(shelf.decided) == 1


def test_who_saw_an_earlier_state_of_the_case_decides_nothing(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    seen = say(case)
    case.score = 3.0  # somebody flagged it meanwhile
    session.flush()
    with pytest.raises(Conflict, match="changed while you were reading"):
        decide(session, moderator, shelf, case.id, seen)

    assert case.state is CaseState.OPEN


def test_nobody_decides_what_somebody_else_has_claimed(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    cases.claim(session, make_person(session, place, "", LmsRole.INSTRUCTOR), case.id)
    session.flush()
    with pytest.raises(Conflict, match="Somebody else"):
        decide(session, moderator, shelf, case.id, say(case))


def test_nobody_decides_about_their_own(session: Session, place: Place, shelf: Shelf) -> None:
    teacher = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    case = held(session, teacher, place)
    with pytest.raises(NotAllowed, match="your own post"):
        decide(session, teacher, shelf, case.id, say(case))


def test_two_approvals_come_from_two_people(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    wanted = Verdict(ruling=Ruling.HOLD, reason="procedure", message="Two look first.", approvals=2)
    case = held(session, author, place, 9, "shelf.book", Vote("approval", wanted))
    other = make_person(session, place, "Olu Ade", LmsRole.INSTRUCTOR)
    decide(session, moderator, shelf, case.id, say(case))
    session.flush()
    decide(session, moderator, shelf, case.id, say(case))
    session.flush()
    assert (case.state, shelf.decided) == (CaseState.OPEN, [])
    decide(session, other, shelf, case.id, say(case))

    assert case.state is CaseState.APPROVED
    assert shelf.decided == [("published", 9, "Olu Ade")]


def test_one_no_is_enough_where_two_approvals_are_needed(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    wanted = Verdict(ruling=Ruling.HOLD, reason="procedure", message="Two look first.", approvals=2)
    case = held(session, author, place, 9, "shelf.book", Vote("approval", wanted))
    decide(session, moderator, shelf, case.id, say(case, Deed.REJECTED, "Step three is dangerous."))

    assert case.state is CaseState.REJECTED


@pytest.mark.parametrize(
    ("office", "tier", "allowed"),
    [
        (Office.STEWARD, Tier.OPEN, True),
        (Office.STEWARD, Tier.REVIEWED, True),
        (Office.STEWARD, Tier.ASSURED, False),
        (Office.SME, Tier.ASSURED, True),
    ],
)
def test_in_assured_who_knows_the_matter_decides(
    session: Session,
    place: Place,
    author: Actor,
    shelf: Shelf,
    office: Office,
    tier: Tier,
    *,
    allowed: bool,
) -> None:
    place.community.tier = tier
    case = held(session, author, place)
    actor = replace(make_person(session, place), offices=frozenset({office}))
    if not allowed:
        with pytest.raises(NotAllowed, match="an SME or an instructor"):
            decide(session, actor, shelf, case.id, say(case))
        return
    decide(session, actor, shelf, case.id, say(case))
    assert case.state is CaseState.APPROVED


def test_a_decision_can_be_taken_back(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place, 9)
    decide(session, moderator, shelf, case.id, say(case, Deed.REJECTED, "No."))
    session.flush()
    restore(session, moderator, shelf, case.id, case.version)
    session.flush()

    assert (case.state, shelf.decided[-1][0]) == (CaseState.APPROVED, "published")
    with pytest.raises(Conflict, match="no decision here any more"):
        restore(session, moderator, shelf, case.id, case.version)


def test_when_the_content_cannot_be_published_nothing_is_decided(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    class Stuck(Shelf):
        def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
            del session, actor, contribution_id
            raise Conflict("Its thread is locked.")

    with unit_of_work(session):
        case = held(session, author, place)
    with pytest.raises(Conflict), unit_of_work(session):
        decide(session, moderator, Stuck(), case.id, say(case))
    session.expire_all()

    assert session.get_one(Case, case.id).state is CaseState.OPEN
    assert session.scalar(select(func.count(Entry.id)).where(Entry.deed == Deed.APPROVED)) == 0


@pytest.mark.parametrize(
    "role",
    [LmsRole.LEARNER, LmsRole.MENTOR, LmsRole.TEACHING_ASSISTANT, LmsRole.CONTENT_DEVELOPER],
)
def test_nobody_but_staff_stewards_and_smes_decides(
    session: Session, place: Place, author: Actor, shelf: Shelf, role: LmsRole
) -> None:
    case = held(session, author, place)
    with pytest.raises(NotAllowed):
        decide(session, make_person(session, place, "", role), shelf, case.id, say(case))

    assert not shelf.decided


@pytest.mark.parametrize("beside", [True, False])
def test_a_case_of_another_course_or_tenant_is_not_there(
    session: Session, place: Place, author: Actor, shelf: Shelf, *, beside: bool
) -> None:
    case = held(session, author, place)
    elsewhere = make_place(session, beside=place if beside else None)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR)
    with pytest.raises(NotFound):
        decide(session, stranger, shelf, case.id, say(case))

    assert not shelf.decided
