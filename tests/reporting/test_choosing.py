"""Whom one asks about one's own skills: out of a list of few, by a part of the name out of many."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial_reporting.mine.choosing import FEW, LEFT_ALONE, MOST_FOUND
from lmssocial_reporting.mine.models import Assessment
from tests.conftest import TestClock
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

PAGE = "/mine/assess"
ASK = "/mine/assess/ask"


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """Who asks."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def many(session: Session, place: Place) -> list[Actor]:
    """So many others that no list shows all of them."""
    return [make_person(session, place, f"Kim Lund {number}") for number in range(FEW + 1)]


def offered(page: TestResponse) -> list[str]:
    """The names to choose from, in order."""
    html = page.get_data(as_text=True)
    return [part.split("</option>")[0].split(">")[1] for part in html.split("<option ")[1:]]


def test_in_a_small_course_everybody_else_stands_in_one_list_and_nothing_is_looked_for(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor
) -> None:
    for number in range(FEW):
        make_person(session, place, f"Kim Lund {number:02}")
    page = sit(ana).open(PAGE)
    assert offered(page) == [f"Kim Lund {number:02}" for number in range(FEW)]
    assert 'type="search"' not in page.get_data(as_text=True)


def test_in_a_large_course_a_colleague_is_found_by_parts_of_their_name_and_asked(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    ana: Actor,
    many: list[Actor],  # noqa: ARG001 – they are there
) -> None:
    ben = make_person(session, place, "Ben Okoro")
    seat = sit(ana)
    empty = seat.open(PAGE)
    assert not offered(empty)
    assert 'type="search"' in empty.get_data(as_text=True)
    page = seat.open(f"{PAGE}?q=oko+BEN")
    assert offered(page) == ["Ben Okoro"]
    seat.follow(seat.send(seat.form(page, f"{ASK}?q=oko+BEN"), colleague=str(ben.user_id)))
    session.rollback()
    row = session.scalars(select(Assessment)).one()
    assert (row.about, row.by, row.state) == (ana.user_id, ben.user_id, "asked")
    again = seat.open(f"{PAGE}?q=Okoro")
    assert not offered(again), "whoever was asked already is not offered again"
    assert "Nobody of that name can be asked here." in text_of(again)


def test_no_more_are_shown_than_can_be_read_and_a_sign_that_stands_for_others_is_a_letter(
    sit: Callable[[Actor], Seat],
    ana: Actor,
    many: list[Actor],  # noqa: ARG001 – they are there
) -> None:
    seat = sit(ana)
    page = seat.open(f"{PAGE}?q=Lund")
    assert len(offered(page)) == MOST_FOUND
    assert "More people are called like that." in text_of(page)
    for nobody in ("%25", "_", "Ruiz"):
        assert not offered(seat.open(f"{PAGE}?q={nobody}")), "not all, and not oneself"
    assert not offered(seat.open(f"{PAGE}?q=+")), "no name is nobody's"


def test_nobody_of_another_course_is_found_or_asked_nor_who_left_nor_a_test_user(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    ana: Actor,
    many: list[Actor],
) -> None:
    elsewhere = make_person(session, make_place(session, beside=place), "Otto Elsewhere")
    foreign = make_person(session, make_place(session), "Otto Foreign")
    gone, tester, former = (make_person(session, place, f"Otto {word}") for word in ("A", "B", "C"))
    session.execute(
        update(Membership)
        .where(Membership.user_id == gone.user_id)
        .values(active=False, left_at=Membership.joined_at)
    )
    session.execute(update(User).where(User.id == tester.user_id).values(is_test=True))
    session.execute(update(User).where(User.id == former.user_id).values(is_former=True))
    seat = sit(ana)
    page = seat.open(f"{PAGE}?q=Otto")
    assert not offered(page)
    assert "Otto" not in text_of(page)
    form = seat.form(seat.open(f"{PAGE}?q=Lund"), "?q=Lund")
    for one in (elsewhere, foreign, gone, tester, former, ana):
        refused = seat.send(form, colleague=str(one.user_id))
        assert refused.status_code == 422
        assert one is ana or one.name not in text_of(refused)
    for nonsense in ("", "x", "-1", "9" * 40, "٣"):
        assert seat.send(form, colleague=nonsense).status_code == 422
    session.rollback()
    assert not session.scalars(select(Assessment)).all()
    seat.follow(seat.send(form, colleague=str(many[0].user_id)))


def test_who_would_rather_not_is_offered_again_after_a_while(
    sit: Callable[[Actor], Seat], session: Session, place: Place, ana: Actor, clock: TestClock
) -> None:
    ben = make_person(session, place, "Ben Okoro")
    seat, other = sit(ana), sit(ben)
    assert offered(seat.open(PAGE)) == ["Ben Okoro"]
    seat.fill_in(PAGE, ASK, colleague=str(ben.user_id))
    assert "You have asked everybody who is here." in text_of(seat.open(PAGE))
    other.follow(other.send(other.form(other.open(PAGE), "/decline")))
    assert not offered(seat.open(PAGE))
    session.rollback()
    session.execute(update(Assessment).values(asked_at=clock.now - LEFT_ALONE - timedelta(seconds=1)))
    session.commit()
    assert offered(seat.open(PAGE)) == ["Ben Okoro"]


def test_however_many_there_are_it_takes_as_many_queries(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    ana: Actor,
    many: list[Actor],  # noqa: ARG001 – they are there
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    seat = sit(ana)
    seat.open(f"{PAGE}?q=Lund")
    counted = []
    for _time in range(2):
        with count_queries() as seen:
            seat.open(f"{PAGE}?q=Lund")
        counted.append(len(seen))
        for number in range(10):
            make_person(session, place, f"Bo Lund {number}")
        session.commit()
    assert counted[0] == counted[1]
