"""What the moderators' desk shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.moderation import queries, service
from lmssocial.social.moderation.models import CaseState
from lmssocial.social.moderation.screening import Screening
from tests.social.moderation.conftest import Shelf, held, hold, submission_of
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


def test_what_waits_is_shown_oldest_first_with_its_reasons(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    held(session, author, place, 1)
    service.open_case(
        session,
        author,
        submission_of(author),
        Screening((hold("a", "One."), hold("b", "Two."), hold("c", "One."), hold("d", ""))),
        placement_id=place.placement.id,
        contribution_id=2,
    )
    waiting = queries.waiting(session, moderator, {"shelf": shelf})

    assert [case.subject.title for case in waiting] == ["Title 1", "Title 2"]
    assert [(one.message, one.policies) for one in waiting[1].objections] == [
        ("One.", ("a", "c")),
        ("Two.", ("b",)),
    ]


def test_what_was_decided_or_withdrawn_no_longer_waits(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    for contribution_id, end in ((1, CaseState.APPROVED), (2, CaseState.REJECTED)):
        case = held(session, author, place, contribution_id)
        service.decide(session, moderator, shelf, case.id, end)
    held(session, author, place, 3)
    service.withdraw(session, 3)
    session.flush()

    assert queries.waiting(session, moderator, {"shelf": shelf}) == []
    assert queries.waiting_count(session, moderator) == 0


def test_what_comes_again_says_with_what_words_it_was_declined(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    for message in ("Leave the name out.", "And the price."):
        case = held(session, author, place, 1)
        service.decide(session, moderator, shelf, case.id, CaseState.REJECTED, message)
    held(session, author, place, 1)
    held(session, author, place, 2)
    session.flush()

    again, new = queries.waiting(session, moderator, {"shelf": shelf})
    assert again.declined_with == "And the price."
    assert new.declined_with is None


def test_a_moderator_sees_the_cases_of_their_course_only(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    elsewhere = make_place(session, beside=place)
    held(session, make_person(session, elsewhere), elsewhere, 1)
    held(session, author, place, 2)

    assert [
        case.subject.contribution_id for case in queries.waiting(session, moderator, {"shelf": shelf})
    ] == [2]
    assert queries.waiting_count(session, moderator) == 1
    assert queries.waiting_count(session, make_person(session, elsewhere, "", LmsRole.ADMINISTRATOR)) == 1


def test_a_learner_sees_no_case_and_no_number(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    held(session, author, place)

    assert queries.waiting_count(session, author) == 0
    with pytest.raises(NotAllowed):
        queries.waiting(session, author, {"shelf": shelf})


def test_each_widget_is_asked_once_about_its_own(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    shelf, board = Shelf(), Shelf()
    held(session, author, place, 1, "shelf.book")
    held(session, author, place, 2, "board.note")
    held(session, author, place, 3, "shelf.map")
    queries.waiting(session, moderator, {"shelf": shelf, "board": board})

    assert shelf.asked == [(1, 3)]
    assert board.asked == [(2,)]


def test_content_that_is_gone_and_widgets_that_are_gone_leave_no_hole(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    held(session, author, place, 1)
    held(session, author, place, 2)
    held(session, author, place, 3, "uninstalled.thing")
    shelf.gone = {1}

    assert [
        case.subject.contribution_id for case in queries.waiting(session, moderator, {"shelf": shelf})
    ] == [2]


def test_many_cases_take_as_many_statements_as_one(
    session: Session,
    place: Place,
    author: Actor,
    moderator: Actor,
    shelf: Shelf,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    held(session, author, place, 1)
    with count_queries() as one:
        queries.waiting(session, moderator, {"shelf": shelf})
    for contribution_id in range(2, 40):
        held(session, author, place, contribution_id)
    with count_queries() as many:
        found = queries.waiting(session, moderator, {"shelf": shelf})

    assert len(one) == len(many) == 1
    assert len(found) == queries.PAGE


def test_the_owner_of_a_case_is_told_to_its_moderators_only(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    case = held(session, author, place, 1, "shelf.book")

    assert queries.kind_of(session, moderator, case.id) == "shelf"
    assert queries.kind_of(session, author, case.id) is None
    assert queries.kind_of(session, moderator, case.id + 1) is None
