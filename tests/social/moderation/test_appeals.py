"""A second look: once, by another person, at words that still stand as they were judged."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import appeals, flags
from lmssocial.social.moderation.decisions import Decision, decide
from lmssocial.social.moderation.models import Case, CaseState, Deed, Flag, FlagReason, FlagState, Origin
from tests.social.moderation.conftest import Shelf, book, held
from tests.support.people import Place, make_person


@pytest.fixture
def words(session: Session, place: Place, author: Actor) -> Contribution:
    """What the author wrote."""
    return book(session, author, place)


@pytest.fixture
def rejected(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, words: Contribution
) -> Case:
    """A case that was decided against the author."""
    case = held(session, author, place, words.id)
    ruled(session, moderator, shelf, case, Deed.REJECTED)
    return case


def ruled(session: Session, actor: Actor, shelf: Shelf, case: Case, deed: Deed) -> None:
    """Decide a case."""
    decision = Decision(deed=deed, seen_version=case.version, message="See the rules.")
    decide(session, actor, shelf, case.id, decision)
    session.flush()


def test_a_second_look_has_the_reasons_and_the_plea(session: Session, author: Actor, rejected: Case) -> None:
    second = appeals.appeal(session, author, rejected.id, "The link is our own intranet.")

    assert (second.origin, second.state, second.appeal_of_id) == (
        Origin.APPEAL,
        CaseState.OPEN,
        rejected.id,
    )
    assert second.verdicts == rejected.verdicts
    assert second.plea == "The link is our own intranet."


def test_who_decided_first_does_not_take_the_second_look(
    session: Session, author: Actor, moderator: Actor, shelf: Shelf, rejected: Case
) -> None:
    second = appeals.appeal(session, author, rejected.id, "")
    session.flush()
    with pytest.raises(NotAllowed, match="somebody else takes the second look"):
        ruled(session, moderator, shelf, second, Deed.APPROVED)


def test_another_moderator_may_let_it_through(
    session: Session, place: Place, author: Actor, shelf: Shelf, rejected: Case
) -> None:
    second = appeals.appeal(session, author, rejected.id, "")
    session.flush()
    ruled(session, make_person(session, place, "Olu Ade", LmsRole.INSTRUCTOR), shelf, second, Deed.APPROVED)

    assert second.state is CaseState.APPROVED
    assert shelf.decided[-1][0] == "published"


def test_nobody_takes_the_second_look_at_their_own(
    session: Session, place: Place, moderator: Actor, shelf: Shelf
) -> None:
    teacher = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    case = held(session, teacher, place, book(session, teacher, place).id)
    ruled(session, moderator, shelf, case, Deed.REJECTED)
    second = appeals.appeal(session, teacher, case.id, "")
    session.flush()
    with pytest.raises(NotAllowed, match="your own post"):
        ruled(session, teacher, shelf, second, Deed.APPROVED)


def test_there_is_one_second_look(
    session: Session, place: Place, author: Actor, shelf: Shelf, rejected: Case
) -> None:
    second = appeals.appeal(session, author, rejected.id, "")
    session.flush()
    with pytest.raises(Conflict, match="already"):
        appeals.appeal(session, author, rejected.id, "")
    ruled(session, make_person(session, place, "", LmsRole.INSTRUCTOR), shelf, second, Deed.REJECTED)
    with pytest.raises(Conflict, match="This was the second look"):
        appeals.appeal(session, author, second.id, "")


def test_only_the_author_asks(session: Session, moderator: Actor, rejected: Case) -> None:
    with pytest.raises(NotFound):
        appeals.appeal(session, moderator, rejected.id, "")


def test_another_wording_is_another_matter(
    session: Session, author: Actor, rejected: Case, words: Contribution
) -> None:
    words.source = "other words"
    with pytest.raises(Conflict, match="no decision about this wording"):
        appeals.appeal(session, author, rejected.id, "")


def test_what_its_author_removed_is_looked_at_by_nobody(
    session: Session, author: Actor, rejected: Case, words: Contribution
) -> None:
    words.state = State.REMOVED
    with pytest.raises(Conflict):
        appeals.appeal(session, author, rejected.id, "")


def test_what_was_let_through_needs_no_second_look(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, words: Contribution
) -> None:
    case = held(session, author, place, words.id)
    ruled(session, moderator, shelf, case, Deed.APPROVED)
    with pytest.raises(Conflict):
        appeals.appeal(session, author, case.id, "")


def test_a_decision_overturned_takes_the_flags_back(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, words: Contribution
) -> None:
    flags.flag(session, make_person(session, place), shelf, words.id, FlagReason.UNKIND)
    session.flush()
    case = session.scalars(select(Case)).one()
    ruled(session, moderator, shelf, case, Deed.REJECTED)
    assert _state(session) is FlagState.UPHELD
    second = appeals.appeal(session, author, case.id, "")
    session.flush()
    ruled(session, make_person(session, place, "", LmsRole.INSTRUCTOR), shelf, second, Deed.APPROVED)

    assert _state(session) is FlagState.DISMISSED


def _state(session: Session) -> FlagState:
    session.expire_all()
    return session.scalars(select(Flag.state)).one()
