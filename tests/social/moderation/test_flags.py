"""Flags: whose word weighs how much, what they hide, and what a storm of them does not."""

import itertools

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import State
from lmssocial.social.moderation import cases, flags
from lmssocial.social.moderation.decisions import Decision, decide
from lmssocial.social.moderation.models import Case, CaseState, Deed, Flag, FlagReason, FlagState, Origin
from tests.social.moderation.conftest import Shelf, book
from tests.support.people import Place, make_person, make_place


def flag_by(session: Session, actor: Actor, shelf: Shelf, contribution_id: int) -> Case:
    """Flag as spam."""
    case = flags.flag(session, actor, shelf, contribution_id, FlagReason.SPAM)
    session.flush()
    return case


def judged(
    session: Session, actor: Actor, place: Place, author: Actor, *, upheld: int, dismissed: int
) -> None:
    """Give ``actor`` a past of flags."""
    contribution = book(session, author, place)
    case = cases.open_for(session, actor, contribution, Origin.FLAG)
    states = [FlagState.UPHELD] * upheld + [FlagState.DISMISSED] * dismissed
    for number, state in enumerate(states):
        session.add(
            Flag(
                tenant_id=actor.tenant_id,
                community_id=actor.community_id,
                contribution_id=10_000 + contribution.id * 100 + number,
                author_id=author.user_id,
                case_id=case.id,
                flagger_id=actor.user_id,
                reason=FlagReason.SPAM,
                weight=1,
                state=state,
                at=the_clock.now().replace(year=2020),
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("moderates", "upheld", "judged_flags", "weight"),
    [
        (False, 0, 0, 1.0),
        (True, 0, 0, 6.0),
        (False, 5, 5, 1.0),  # too few to know anything
        (False, 0, 5, 1.0),
        (False, 16, 16, 1 + 0.3 * 2 * 5),  # log4(16) is 2
        (False, 8, 16, 0.0),  # 1 - 0.2 * 2 * 5 would be negative
        (True, 0, 64, 0.0),
        (True, 64, 64, 6 + 0.3 * 3 * 5),
    ],
)
def test_a_word_weighs_by_how_often_it_was_right(
    *, moderates: bool, upheld: int, judged_flags: int, weight: float
) -> None:
    assert flags.weight(moderates=moderates, upheld=upheld, judged=judged_flags) == pytest.approx(weight)


def test_more_upheld_flags_never_weigh_less() -> None:
    for judged_flags in range(30):
        weights = [
            flags.weight(moderates=False, upheld=upheld, judged=judged_flags)
            for upheld in range(judged_flags + 1)
        ]
        assert weights == sorted(weights)


def test_the_first_flag_is_at_once_before_the_moderators(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    case = flag_by(session, make_person(session, place), shelf, contribution.id)

    assert (case.origin, case.state, case.score) == (Origin.FLAG, CaseState.OPEN, 1.0)
    assert case.author_id == author.user_id
    assert shelf.decided == []


def test_nine_members_hide_it_until_a_moderator_has_looked(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    for _ in range(8):
        flag_by(session, make_person(session, place), shelf, contribution.id)
    assert shelf.decided == []
    flag_by(session, make_person(session, place), shelf, contribution.id)

    assert [(what, which) for what, which, _ in shelf.decided] == [("hidden", contribution.id)]


def test_two_moderators_hide_it(session: Session, place: Place, author: Actor, shelf: Shelf) -> None:
    contribution = book(session, author, place)
    for _ in range(2):
        flag_by(session, make_person(session, place, "", LmsRole.INSTRUCTOR), shelf, contribution.id)

    assert len(shelf.decided) == 1


def test_all_flags_stand_in_one_case(session: Session, place: Place, author: Actor, shelf: Shelf) -> None:
    contribution = book(session, author, place)
    found = {flag_by(session, make_person(session, place), shelf, contribution.id).id for _ in range(3)}

    assert len(found) == 1


def test_a_storm_of_people_whose_flags_were_wrong_hides_nothing(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    for _ in range(12):
        crier = make_person(session, place)
        judged(session, crier, place, author, upheld=4, dismissed=12)
        flag_by(session, crier, shelf, contribution.id)

    assert shelf.decided == []


def test_flags_alone_do_not_hide_what_a_person_let_stand(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    case = flag_by(session, make_person(session, place), shelf, contribution.id)
    decide(session, moderator, shelf, case.id, Decision(deed=Deed.APPROVED, seen_version=case.version))
    session.flush()
    for _ in range(12):
        second = flag_by(session, make_person(session, place), shelf, contribution.id)

    assert second.id != case.id
    assert [what for what, _, _ in shelf.decided] == ["published"]


def test_a_new_wording_of_what_a_person_let_stand_can_be_hidden(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    case = flag_by(session, make_person(session, place), shelf, contribution.id)
    decide(session, moderator, shelf, case.id, Decision(deed=Deed.APPROVED, seen_version=case.version))
    contribution.source = "something else altogether"
    session.flush()
    for _ in range(9):
        flag_by(session, make_person(session, place), shelf, contribution.id)

    assert [what for what, _, _ in shelf.decided] == ["published", "hidden"]


@pytest.mark.parametrize(
    ("deed", "state"), [(Deed.APPROVED, FlagState.DISMISSED), (Deed.REJECTED, FlagState.UPHELD)]
)
def test_a_decision_says_whether_the_flags_were_right(
    session: Session,
    place: Place,
    author: Actor,
    moderator: Actor,
    shelf: Shelf,
    deed: Deed,
    state: FlagState,
) -> None:
    contribution = book(session, author, place)
    case = flag_by(session, make_person(session, place), shelf, contribution.id)
    decision = Decision(deed=deed, seen_version=case.version, message="See the rules.")
    decide(session, moderator, shelf, case.id, decision)
    session.expire_all()

    assert session.scalars(select(Flag.state)).one() is state


def test_one_person_flags_a_post_once(session: Session, place: Place, author: Actor, shelf: Shelf) -> None:
    contribution, member = book(session, author, place), make_person(session, place)
    flag_by(session, member, shelf, contribution.id)
    with pytest.raises(Conflict, match="already"):
        flag_by(session, member, shelf, contribution.id)


def test_nobody_flags_their_own(session: Session, place: Place, author: Actor, shelf: Shelf) -> None:
    with pytest.raises(NotAllowed, match="your own post"):
        flag_by(session, author, shelf, book(session, author, place).id)


def test_what_waits_already_needs_no_flag(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    contribution.state = State.HELD
    with pytest.raises(Conflict, match="already looks"):
        flag_by(session, make_person(session, place), shelf, contribution.id)


def test_nobody_flags_what_they_cannot_see(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    contribution = book(session, author, place)
    stranger = make_person(session, make_place(session, beside=place))
    with pytest.raises(NotFound):
        flag_by(session, stranger, shelf, contribution.id)
    shelf.gone.add(contribution.id)
    with pytest.raises(NotFound):
        flag_by(session, make_person(session, place), shelf, contribution.id)


def test_one_person_cannot_flag_a_whole_course_away(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    crier = make_person(session, place)
    for _ in itertools.repeat(None, flags.AN_HOUR):
        flag_by(session, crier, shelf, book(session, author, place).id)
    with pytest.raises(Invalid, match="within an hour"):
        flag_by(session, crier, shelf, book(session, author, place).id)
