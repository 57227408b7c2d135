"""Opening cases and deciding them, each once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.moderation import access, service
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.screening import Screening
from tests.conftest import TestClock
from tests.social.moderation.conftest import Shelf, held, hold, submission_of
from tests.support.people import Place, make_person, make_place


def events(session: Session) -> list[tuple[str, dict[str, object]]]:
    """What the log says happened, oldest first."""
    rows = session.scalars(select(ActivityEvent).order_by(ActivityEvent.id))
    return [(row.name, row.payload) for row in rows]


def test_a_case_keeps_who_wrote_it_and_every_reason(
    session: Session, place: Place, author: Actor, clock: TestClock
) -> None:
    screening = Screening((hold("strict", "Not here.", Ruling.REJECT), hold("wary", "Wait.")))
    with unit_of_work(session):
        case = service.open_case(
            session,
            author,
            submission_of(author),
            screening,
            placement_id=place.placement.id,
            contribution_id=5,
        )

    assert (case.state, case.author_id, case.opened_at) == (CaseState.OPEN, author.user_id, clock.now)
    assert (case.tenant_id, case.community_id) == (author.tenant_id, author.community_id)
    assert case.verdicts["verdicts"] == [
        {"policy": "strict", "ruling": "reject", "reason": "strict-reason", "message": "Not here."},
        {"policy": "wary", "ruling": "hold", "reason": "wary-reason", "message": "Wait."},
    ]
    assert events(session) == [
        ("moderation.case_opened", {"case_id": case.id, "kind": "shelf.book", "policies": ["strict", "wary"]})
    ]


def test_nobody_hands_in_for_somebody_else(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    other_course = make_person(session, make_place(session, beside=place))
    for submission in (
        submission_of(moderator),
        submission_of(author, community_id=other_course.community_id),
    ):
        with pytest.raises(NotAllowed):
            service.open_case(
                session, author, submission, Screening(), placement_id=place.placement.id, contribution_id=1
            )


def test_a_new_wording_withdraws_the_case_about_the_former_one(
    session: Session, place: Place, author: Actor
) -> None:
    first, other = held(session, author, place, 1), held(session, author, place, 2)
    second = held(session, author, place, 1)
    session.expire_all()

    assert first.state is CaseState.WITHDRAWN
    assert first.decided_at is not None
    assert (other.state, second.state) == (CaseState.OPEN, CaseState.OPEN)


def test_what_was_decided_is_not_withdrawn(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    service.decide(session, moderator, shelf, case.id, CaseState.REJECTED, "Please say more.")
    session.flush()
    service.withdraw(session, case.contribution_id)
    session.expire_all()

    assert case.state is CaseState.REJECTED


def test_publishing_reaches_the_content_and_the_log(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, clock: TestClock
) -> None:
    with unit_of_work(session):
        case = held(session, author, place, 9)
    clock.tick(60)
    with unit_of_work(session):
        service.decide(session, moderator, shelf, case.id, CaseState.APPROVED)

    assert shelf.decided == [("published", 9, "Iris Prado")]
    assert (case.state, case.decided_at, case.decided_by_id) == (
        CaseState.APPROVED,
        clock.now,
        moderator.user_id,
    )
    assert events(session)[-1] == (
        "moderation.case_decided",
        {"case_id": case.id, "kind": "shelf.book", "decision": "published"},
    )


def test_declining_carries_the_moderators_words(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place, 9)
    service.decide(session, moderator, shelf, case.id, CaseState.REJECTED, "Please leave the shop out.")

    assert shelf.decided == [("declined", 9, "Please leave the shop out.")]
    assert case.message == "Please leave the shop out."


def test_a_case_is_decided_once(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    case = held(session, author, place)
    service.decide(session, moderator, shelf, case.id, CaseState.APPROVED)
    session.flush()
    with pytest.raises(Conflict, match="already decided"):
        service.decide(session, moderator, shelf, case.id, CaseState.REJECTED, "No.")

    assert len(shelf.decided) == 1


def test_when_the_content_cannot_be_published_nothing_is_decided(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    class Stuck(Shelf):
        def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
            del session, actor, contribution_id
            raise Conflict("Its thread is locked.")

    with unit_of_work(session):
        case_id = held(session, author, place).id
    with pytest.raises(Conflict), unit_of_work(session):
        service.decide(session, moderator, Stuck(), case_id, CaseState.APPROVED)
    session.expire_all()

    assert session.get_one(Case, case_id).state is CaseState.OPEN
    assert session.scalar(select(func.count(ActivityEvent.id))) == 1


@pytest.mark.parametrize(
    "role",
    [LmsRole.LEARNER, LmsRole.MENTOR, LmsRole.TEACHING_ASSISTANT, LmsRole.CONTENT_DEVELOPER],
)
def test_nobody_but_staff_decides(
    session: Session, place: Place, author: Actor, shelf: Shelf, role: LmsRole
) -> None:
    case = held(session, author, place)
    with pytest.raises(NotAllowed):
        service.decide(session, make_person(session, place, "", role), shelf, case.id, CaseState.APPROVED)

    assert not shelf.decided


@pytest.mark.parametrize("beside", [True, False])
def test_a_case_of_another_course_or_tenant_is_not_there(
    session: Session, place: Place, author: Actor, shelf: Shelf, *, beside: bool
) -> None:
    case = held(session, author, place)
    elsewhere = make_place(session, beside=place if beside else None)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR)
    with pytest.raises(NotFound):
        service.decide(session, stranger, shelf, case.id, CaseState.APPROVED)

    assert not shelf.decided


def test_the_question_and_the_filter_who_may_decide_agree(
    session: Session, place: Place, author: Actor
) -> None:
    held(session, author, place)
    elsewhere = make_place(session, beside=place)
    for somewhere in (place, elsewhere):
        for role in LmsRole:
            actor = make_person(session, somewhere, "", role)
            seen = session.scalars(select(Case).where(access.cases_of(actor))).all()
            assert bool(seen) is (access.can_moderate(actor) and somewhere is place), (somewhere, role)
