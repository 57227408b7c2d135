"""Opening cases, claiming them, and closing them because their author moved on."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Concern, Moment, Ruling, Span, Stance, Verdict
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.moderation import access, cases
from lmssocial.social.moderation.models import Case, CaseState, Deed, Entry, Origin, PolicyVerdict
from lmssocial.social.moderation.screening import Screening, Vote
from tests.conftest import TestClock
from tests.social.moderation.conftest import held, hold, submission_of
from tests.support.people import Place, make_person, make_place


def log_of(session: Session, case: Case) -> list[tuple[Deed, int | None]]:
    """What the log tells about a case."""
    rows = session.scalars(select(Entry).where(Entry.case_id == case.id).order_by(Entry.id))
    return [(row.deed, row.actor_id) for row in rows]


def test_a_case_keeps_every_reason_with_its_marks(
    session: Session, place: Place, author: Actor, clock: TestClock
) -> None:
    verdict = Verdict(
        ruling=Ruling.REDACT,
        reason="mail",
        message="An address stands in it.",
        rule="Be kind.",
        spans=(Span(3, 8),),
        suggestion="Leave it out.",
        confidence=0.9,
        concern=Concern.PERSONAL_DATA,
        approvals=1,
    )
    votes = (hold("strict", "Wait."), Vote("mail", verdict, Stance.ENFORCE, Ruling.HOLD, "1.2"))
    case = held(session, author, place, 5, "shelf.book", *votes)

    assert (case.state, case.author_id, case.opened_at) == (CaseState.OPEN, author.user_id, clock.now)
    assert (case.tenant_id, case.community_id) == (author.tenant_id, author.community_id)
    assert case.due_at == clock.now + timedelta(hours=48)
    assert case.verdicts["verdicts"][1] == {
        "policy": "mail",
        "version": "1.2",
        "ruling": "redact",
        "effective": "hold",
        "reason": "mail",
        "message": "An address stands in it.",
        "rule": "Be kind.",
        "spans": [[3, 8]],
        "suggestion": "Leave it out.",
        "confidence": 0.9,
        "concern": "personal_data",
    }
    assert log_of(session, case) == [(Deed.OPENED, None)]


def test_opening_a_case_is_told_to_the_log(session: Session, place: Place, author: Actor) -> None:
    with unit_of_work(session):
        case = held(session, author, place)
    event = session.scalars(select(ActivityEvent)).one()

    assert (event.name, event.version) == ("moderation.case_opened", 2)
    assert event.payload == {
        "case_id": case.id,
        "kind": "shelf.book",
        "origin": "policy",
        "policies": ["linklimit"],
    }


def test_nobody_hands_in_for_somebody_else(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    other_course = make_person(session, make_place(session, beside=place))
    for submission in (
        submission_of(moderator),
        submission_of(author, community_id=other_course.community_id),
    ):
        with pytest.raises(NotAllowed):
            cases.settle(
                session,
                author,
                submission,
                Screening(),
                placement_id=place.placement.id,
                contribution_id=1,
                held=True,
            )


def test_every_verdict_is_kept_also_what_counted_for_nothing(
    session: Session, place: Place, author: Actor
) -> None:
    shadow = Vote("quiet", hold("quiet").verdict, Stance.SHADOW, Ruling.ALLOW)
    nothing = Vote("content", Verdict(ruling=Ruling.ALLOW, reason="", message=""))
    case = cases.settle(
        session,
        author,
        submission_of(author),
        Screening((nothing,), (shadow,)),
        placement_id=place.placement.id,
        contribution_id=3,
        held=False,
    )
    session.flush()
    kept = session.scalars(select(PolicyVerdict)).one()

    assert case is None
    assert (kept.policy, kept.stance, kept.would_hold, kept.effective) == ("quiet", Stance.SHADOW, True, 0)


def test_what_could_not_be_checked_is_published_with_a_case(
    session: Session, place: Place, author: Actor
) -> None:
    case = cases.settle(
        session,
        author,
        submission_of(author),
        Screening(look_later=True),
        placement_id=place.placement.id,
        contribution_id=3,
        held=False,
    )

    assert case is not None
    assert case.origin is Origin.LATER


def test_a_new_wording_withdraws_the_case_about_the_former_one(
    session: Session, place: Place, author: Actor
) -> None:
    first, other = held(session, author, place, 1), held(session, author, place, 2)
    second = held(session, author, place, 1, moment=Moment.EDIT)

    assert first.state is CaseState.WITHDRAWN
    assert first.decided_at is not None
    assert (other.state, second.state) == (CaseState.OPEN, CaseState.OPEN)
    assert log_of(session, first)[-1] == (Deed.WITHDRAWN, author.user_id)


def test_a_new_wording_does_not_answer_the_flags_of_others(
    session: Session, place: Place, author: Actor
) -> None:
    flagged = held(session, author, place, 1)
    flagged.origin = Origin.FLAG
    session.flush()
    held(session, author, place, 1, moment=Moment.EDIT)

    assert flagged.state is CaseState.OPEN
    assert cases.is_flagged(session, author, 1)


def test_a_claim_keeps_others_off_for_a_quarter_of_an_hour(
    session: Session, place: Place, author: Actor, moderator: Actor, clock: TestClock
) -> None:
    case = held(session, author, place)
    other = make_person(session, place, "Olu Ade", LmsRole.INSTRUCTOR)
    cases.claim(session, moderator, case.id)
    session.flush()
    with pytest.raises(Conflict, match="Somebody else has taken this case"):
        cases.claim(session, other, case.id)
    clock.tick(minutes=16)
    cases.claim(session, other, case.id)

    assert case.claimed_by_id == other.user_id
    assert [deed for deed, _ in log_of(session, case)] == [Deed.OPENED, Deed.CLAIMED, Deed.CLAIMED]


def test_who_claimed_a_case_can_give_it_back(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    case = held(session, author, place)
    cases.claim(session, moderator, case.id)
    session.flush()
    cases.release(session, make_person(session, place, "", LmsRole.INSTRUCTOR), case.id)
    assert case.claimed_by_id == moderator.user_id
    cases.release(session, moderator, case.id)

    assert case.claimed_by_id is None


@pytest.mark.parametrize("beside", [True, False])
def test_a_case_of_another_course_or_tenant_is_not_there(
    session: Session, place: Place, author: Actor, *, beside: bool
) -> None:
    case = held(session, author, place)
    elsewhere = make_place(session, beside=place if beside else None)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR)
    with pytest.raises(NotFound):
        cases.claim(session, stranger, case.id)


def test_the_question_and_the_filter_who_may_moderate_agree(
    session: Session, place: Place, author: Actor
) -> None:
    held(session, author, place)
    elsewhere = make_place(session, beside=place)
    for somewhere in (place, elsewhere):
        for role in LmsRole:
            actor = make_person(session, somewhere, "", role)
            seen = session.scalars(select(Case).where(access.cases_of(actor))).all()
            assert bool(seen) is (access.can_moderate(actor) and somewhere is place), (somewhere, role)


@pytest.mark.parametrize(
    "deed", ["UPDATE moderation_entry SET note = 'never happened'", "DELETE FROM moderation_entry"]
)
def test_the_log_of_moderation_cannot_be_edited(
    session: Session, place: Place, author: Actor, deed: str
) -> None:
    held(session, author, place)
    with pytest.raises(DatabaseError, match="cannot be changed"), session.begin_nested():
        session.execute(text(deed))

    assert session.scalars(select(Entry)).all() != []
