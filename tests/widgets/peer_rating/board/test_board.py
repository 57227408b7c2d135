"""The instructor's board: what it counts, whom it lists, what can be done from it, and that nobody else gets there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Appointment
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.board.choosing import people_for
from lmssocial.widgets.peer_rating.board.people import Which, people
from lmssocial.widgets.peer_rating.board.pulse import stamp_of
from lmssocial.widgets.peer_rating.board.tallies import tallies_of
from lmssocial.widgets.peer_rating.models import (
    Author,
    Conflict,
    Edge,
    Extension,
    Phase,
    Review,
    ReviewState,
    Source,
    WorkState,
)
from lmssocial.widgets.peer_rating.scoring_models import ReviewerResult
from lmssocial.widgets.peer_rating.settings import Identity, Mode
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of
from tests.support.visitor import forms_of

Sit = Callable[[Actor], Seat]


def names(session: Session, place: Place, tom: Actor, which: Which | None, called: str = "") -> list[str]:
    """Who is listed."""
    found = running(session, tom, place.placement.id)
    asked = tallies_of(session, tom, found).asked
    return [row.name for row in people(session, tom, found, asked=asked, which=which, called=called).rows]


def test_each_filter_chooses_those_it_means(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, asked=1, least=2)
    dee = make_person(session, place, "Dee Lind")
    hers, his, theirs = (make_work(session, place, one) for one in (ana, ben, cleo))
    make_review(session, place, hers, ben, levels=(0, 0))
    make_review(session, place, hers, cleo, levels=(2, 2))
    make_review(session, place, his, ana, levels=(0, 0))
    make_review(session, place, his, tom, source=Source.STAFF)
    make_review(session, place, theirs, dee, levels=None, state=ReviewState.STARTED)
    session.add(
        ReviewerResult(
            placement_id=place.placement.id, user_id=ana.user_id, straight=True, computed_at=clock.now()
        )
    )
    session.flush()
    assert names(session, place, tom, None) == ["Ana Ruiz", "Ben Okoro", "Cleo Maas", "Dee Lind"]
    assert names(session, place, tom, Which.HANDED_IN) == ["Ana Ruiz", "Ben Okoro", "Cleo Maas"]
    assert names(session, place, tom, Which.NOTHING) == ["Dee Lind"]
    assert names(session, place, tom, Which.OWES) == []
    assert names(session, place, tom, Which.FEW) == ["Cleo Maas"]
    assert names(session, place, tom, Which.APART) == ["Ana Ruiz"]
    assert names(session, place, tom, Which.FLAGGED) == ["Ana Ruiz"]
    assert names(session, place, tom, None, called="oko") == ["Ben Okoro"]


def test_the_numbers_are_those_of_the_lists(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, wanted=2, least=1, review_due_at=clock.now())
    hers, _his = make_work(session, place, ana, is_late=True), make_work(session, place, ben)
    make_review(session, place, hers, ben, levels=(0, 0))
    make_review(session, place, hers, cleo, levels=None, state=ReviewState.OFFERED)
    found = tallies_of(session, tom, running(session, tom, place.placement.id))
    assert (found.people, found.handed_in, found.works, found.late) == (3, 2, 2, 1)
    assert (found.reviews, found.wanted, found.under_way) == (1, 4, 1)
    assert (found.few, found.stuck, found.asked) == (1, 1, 1)


def stuck(session: Session, place: Place, tom: Actor) -> tuple[int, int, bool]:
    """Works short of reviews, those of them that are stuck, and whether that alarms."""
    found = tallies_of(session, tom, running(session, tom, place.placement.id))
    return found.few, found.stuck, found.runs_out


def test_a_work_that_somebody_can_still_be_given_is_not_stuck(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    soon = clock.now() + timedelta(days=3)
    set_up(session, place, Phase.REVIEW, asked=1, least=1, review_due_at=soon)
    make_work(session, place, ana)
    make_work(session, place, ben)
    assert stuck(session, place, tom) == (2, 0, False)
    page = seat(tom).open("/board")
    assert "2 still short of reviews" in text_of(page)
    assert "is-warn" not in page.get_data(as_text=True)


def test_within_a_day_of_the_date_a_work_that_nobody_is_on_is_stuck(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    soon = clock.now() + timedelta(hours=23)
    set_up(session, place, Phase.REVIEW, asked=1, least=1, review_due_at=soon)
    hers = make_work(session, place, ana)
    make_work(session, place, ben)
    make_review(session, place, hers, ben, levels=None, state=ReviewState.STARTED)
    assert stuck(session, place, tom) == (2, 1, True)
    assert "1 of them stuck: nobody is on them" in text_of(seat(tom).open("/board"))


@pytest.mark.parametrize("why", ["own", "done", "declined", "conflict", "groups", "staff", "gone"])
def test_a_work_is_stuck_once_nobody_is_left_who_owes_a_review_and_may_have_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, why: str
) -> None:
    """Ben could review Ana's work, and the one thing that is named stands in the way."""
    groups = GroupScope.WITHIN if why == "groups" else GroupScope.ANYBODY
    set_up(session, place, Phase.REVIEW, asked=1, least=1, groups=groups, needs_own=False)
    hers = make_work(session, place, ana)
    done = make_work(session, place, cleo)
    make_review(session, place, done, cleo)  # Cleo owes nothing
    if why == "done":
        make_review(session, place, done, ben)
    elif why == "declined":
        make_review(session, place, hers, ben, levels=None, state=ReviewState.DECLINED)
    elif why == "conflict":
        low, high = sorted((ana.user_id, ben.user_id))
        session.add(
            Conflict(
                placement_id=place.placement.id,
                user_id=low,
                other_id=high,
                declared_by_id=tom.user_id,
                declared_at=clock.now(),
            )
        )
    elif why == "staff":
        hers.state = WorkState.EXCLUDED
    elif why == "own":
        session.add(Author(work_id=hers.id, user_id=ben.user_id, placement_id=place.placement.id))
    elif why == "gone":
        member = session.scalars(select(Membership).where(Membership.user_id == ben.user_id)).one()
        member.active = False
    session.flush()
    assert stuck(session, place, tom) == (1, 1, False)


def test_works_are_stuck_where_nobody_has_two_to_compare(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, mode=Mode.PAIRS)
    make_work(session, place, ana)
    make_work(session, place, ben)
    assert stuck(session, place, tom) == (2, 2, False)
    make_work(session, place, cleo)
    assert stuck(session, place, tom) == (3, 0, False)


def test_a_work_that_a_moderator_holds_is_not_stuck(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, least=1)
    work = make_work(session, place, ana)
    session.get_one(Contribution, work.contribution_id).state = State.HELD
    session.flush()
    assert stuck(session, place, tom) == (1, 0, False)


def test_who_joined_an_older_work_after_theirs_was_cancelled_is_listed_with_that(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, teams=True)
    older = make_work(session, place, ana)
    make_work(session, place, ben, state=WorkState.CANCELLED)
    session.add(Author(work_id=older.id, user_id=ben.user_id, placement_id=place.placement.id, round=2))
    session.flush()
    found = people(session, tom, running(session, tom, place.placement.id), asked=3)
    assert {row.name: row.work_id for row in found.rows} == {"Ana Ruiz": older.id, "Ben Okoro": older.id}


def test_the_board_says_what_comes_next_and_lists_everybody(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, submit_due_at=clock.now() + timedelta(days=1))
    work = make_work(session, place, ana)
    page = seat(tom).open("/board")
    said = text_of(page)
    assert "People hand in. Reviewing begins by itself when the date is over." in said
    assert "1 of 2 handed in" in said
    assert f"Submission {work.alias}" in said
    assert ben.name in said


def test_reminding_reaches_those_who_owe_and_says_how_many(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, submit_due_at=clock.now() + timedelta(days=1))
    make_work(session, place, ana)
    sitting = seat(tom)
    form = sitting.form(sitting.open("/board"), "/board/remind")
    page = sitting.follow(sitting.send(form, button=str(ben.user_id)))
    assert "One person is reminded." in text_of(page)
    session.rollback()
    facts = session.scalars(select(Edge.facts).where(Edge.edge == "reminded:work")).one()
    assert facts["user_ids"] == [ben.user_id]
    again = sitting.follow(sitting.send(sitting.form(page, "/board/remind"), button="everybody"))
    assert "One was reminded within a day, and is not again." in text_of(again)


def test_a_person_gets_other_dates_and_loses_them_again(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, submit_due_at=clock.now() + timedelta(days=1))
    sitting, path = seat(tom), f"/board/people/{ana.user_id}/extend"
    page = sitting.fill_in(path, "/extend", submit_due_at="2099-01-02T10:00", reason="Ill.")
    assert "They have dates of their own." in text_of(page)
    sitting.follow(sitting.send(sitting.form(sitting.open(path), "/extend"), button="back"))
    session.rollback()
    assert session.get(Extension, (place.placement.id, ana.user_id)) is None


def test_work_is_given_out_by_hand_and_to_somebody_else(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, needs_own=False)
    work = make_work(session, place, ana)
    sitting = seat(tom)
    sitting.fill_in(f"/board/works/{work.id}/give", "/give", chosen=str(ben.user_id))
    session.rollback()
    review = session.scalars(select(Review).where(Review.reviewer_id == ben.user_id)).one()
    assert review.source is Source.MANUAL
    page = sitting.open(f"/board/reviews/{review.id}/reassign")
    assert "Ben Okoro holds submission" in text_of(page)
    forms = forms_of(page.get_data(as_text=True), page.request.url)
    to_one = next(form for form in forms if "chosen" in form.names())
    sitting.follow(sitting.send(to_one, chosen=str(cleo.user_id)))
    session.rollback()
    states = {one.reviewer_id: one.state for one in session.scalars(select(Review))}
    assert states == {ben.user_id: ReviewState.REVOKED, cleo.user_id: ReviewState.OFFERED}


def test_those_who_handed_in_are_offered_first(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    make_work(session, place, cleo)
    offered = people_for(session, tom, running(session, tom, place.placement.id), work.id)
    assert [user_id for user_id, _words in offered] == [cleo.user_id, ben.user_id]


def test_staff_review_what_has_too_few_reviews(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    page = seat(tom).open("/board/works?show=few")
    assert "Review these yourself" in text_of(page)
    assert f"/works/{work.id}/staff-review" in page.get_data(as_text=True)


def test_a_steward_reviews_works_without_learning_hidden_names(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, identity=Identity.DOUBLE_BLIND, identity_reason="Fairness.")
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=cleo.user_id,
            offices=Office.SME,
            appointed_by_id=cleo.user_id,
            appointed_at=clock.now(),
        )
    )
    page = seat(cleo).open("/board/works")
    assert f"Submission {work.alias}" in text_of(page)
    html = page.get_data(as_text=True)
    assert "Ana Ruiz" not in html
    assert "Ben Okoro" not in html
    assert f"people/{ben.user_id}" not in html


def test_the_pulse_is_silent_until_something_changes(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place)
    sitting = seat(tom)
    first = sitting.open("/board/pulse")
    assert first.status_code == 200
    etag = first.headers["ETag"]
    assert sitting.open("/board/pulse", If_None_Match=etag).status_code == 304
    make_work(session, place, ana)
    session.commit()
    changed = sitting.open("/board/pulse", If_None_Match=etag)
    assert "Something has changed" in text_of(changed)
    assert "1 of 1 handed in" in text_of(changed)


def test_the_stamp_is_one_statement(session: Session, place: Place, tom: Actor) -> None:
    set_up(session, place)
    found = running(session, tom, place.placement.id)
    with counted_queries() as seen:
        stamp_of(session, tom, found)
    assert len(seen) == 1


PAGES = ("/board", "/board/pulse", "/board/history", "/board/works", "/board/conflicts")


@pytest.mark.one_database
@pytest.mark.parametrize("path", PAGES)
def test_learners_get_nowhere(session: Session, place: Place, ana: Actor, seat: Sit, path: str) -> None:
    set_up(session, place, Phase.REVIEW)
    assert seat(ana).open(path).status_code == 403


@pytest.mark.one_database
def test_learners_do_nothing_either(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ben)
    sitting, person = seat(ana), f"/board/people/{ben.user_id}"
    for path in (person, f"{person}/extend", f"{person}/give", f"/board/works/{work.id}/give"):
        assert sitting.open(path).status_code == 403, path
    for path in ("/board/remind", f"{person}/extend", f"{person}/give", "/board/conflicts"):
        assert sitting.client.post(sitting.address(path), data={}).status_code == 403, path


@pytest.mark.one_database
def test_pages_cost_the_same_for_three_and_for_three_hundred(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    own = make_work(session, place, ana)
    sitting = seat(tom)
    paths = ("/board", "/board/works", f"/board/people/{ana.user_id}", "/board/conflicts")
    spent: list[list[int]] = []
    for more in (3, 297):
        for number in range(more):
            other = make_person(session, place, f"Person {number:03d}")
            work = make_work(session, place, other)
            if number < 60:
                make_review(session, place, own, other)
                make_review(session, place, work, ana)
        session.commit()
        sitting.open("/board")
        costs = []
        for path in paths:
            with counted_queries() as seen:
                assert sitting.open(path).status_code == 200
            costs.append(len(seen))
        spent.append(costs)
    assert spent[0] == spent[1]
    assert max(spent[1]) <= 20


def test_what_is_missing_is_given_to_those_who_owe_and_the_rest_is_said(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, asked=1, wanted=2, least=2)
    works = [make_work(session, place, one) for one in (ana, ben, cleo)]
    board = seat(tom)

    page = board.open("/board/works?show=few")
    done = board.follow(board.send(board.form(page, "/board/works/top-up")))

    assert "3 reviews are given out" in text_of(done)
    assert "3 reviews are still missing" in text_of(done)
    session.rollback()
    assert [work.live for work in works] == [1, 1, 1]
