"""The page of scores: what it previews, the release, other points, and what it costs."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Activity, Phase
from lmssocial.widgets.peer_rating.scoring_models import Override, Release, Result
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of
from tests.support.visitor import forms_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


def test_the_release_says_what_it_does_and_does_it(
    session: Session, place: Place, tom: Actor, seat: Sit, reviewed: int
) -> None:
    sitting = seat(tom)
    page = sitting.follow(sitting.send(sitting.form(sitting.open("/scores"), "/scores/work-out")))
    said = text_of(page)
    assert "1 work gets a score" in said
    assert "1 work has no score: too few people reviewed it." in said
    assert (
        "Grades go to the gradebook of your LMS: up to 80 points for the work, up to 20 for reviewing."
        in said
    )
    form = sitting.form(page, "/scores/release")
    refused = sitting.send(form)
    assert refused.status_code == 409
    assert "One work has no score yet" in text_of(refused)
    released = sitting.follow(sitting.send(sitting.form(refused, "/scores/release"), others="y"))
    assert "Released: one work has a score" in text_of(released)
    session.rollback()
    assert session.get_one(Activity, place.placement.id).phase is Phase.RELEASED
    assert session.get_one(Result, reviewed).released_points == 5.0


@pytest.mark.usefixtures("reviewed")
def test_nothing_is_said_about_scores_that_are_not_worked_out(tom: Actor, seat: Sit) -> None:
    said = text_of(seat(tom).open("/scores"))
    assert "Nothing is worked out yet." in said
    assert "too few people reviewed" not in said
    assert "0 works get a score" not in said


def test_what_authors_see_is_not_worked_out_anew_under_their_eyes(
    session: Session, tom: Actor, seat: Sit, reviewed: int
) -> None:
    sitting = seat(tom)
    work_out = sitting.form(sitting.fill_in("/scores", "/scores/work-out"), "/scores/work-out")
    sitting.send(sitting.form(sitting.open("/scores"), "/scores/release"), others="y")
    session.rollback()
    before = session.scalars(select(Result.computed_at).where(Result.work_id == reviewed)).one()
    session.rollback()

    answer = sitting.follow(sitting.send(work_out))

    assert "Scores are released, so they stay" in text_of(answer)
    assert "/scores/work-out" not in answer.get_data(as_text=True)
    assert session.scalars(select(Result.computed_at).where(Result.work_id == reviewed)).one() == before


def test_releasing_again_needs_a_reason(session: Session, tom: Actor, seat: Sit, reviewed: int) -> None:
    sitting = seat(tom)
    assert sitting.open(f"/works/{reviewed}/score").status_code == 200
    sitting.fill_in("/scores", "/scores/work-out")
    page = sitting.follow(sitting.send(sitting.form(sitting.open("/scores"), "/scores/release"), others="y"))
    assert "Why again (optional)" not in text_of(page)
    again = sitting.send(sitting.form(page, "/scores/release"), others="y")
    assert again.status_code == 422
    assert "Say why they are released again." in text_of(again)
    done = sitting.follow(
        sitting.send(sitting.form(again, "/scores/release"), others="y", reason="A review came in.")
    )
    assert "2 releases" in text_of(done)
    session.rollback()
    assert session.scalars(select(Release.reason).order_by(Release.number)).all() == ["", "A review came in."]


def test_points_by_an_instructor_stand_beside_the_reviews_and_go_again(
    session: Session, tom: Actor, seat: Sit, reviewed: int
) -> None:
    sitting, path = seat(tom), f"/works/{reviewed}/score"
    sitting.fill_in("/scores", "/scores/work-out")
    refused = sitting.send(sitting.form(sitting.open(path), path), points="11", reason="Too low.")
    assert refused.status_code == 422
    assert "Give between 0 and 10 points." in text_of(refused)
    saved = sitting.fill_in(path, path, points="7.5", reason="The reviews missed the appendix.")
    assert "7.5 of 10" in text_of(saved)
    assert "The reviews missed the appendix." in text_of(saved)
    forms = forms_of(saved.get_data(as_text=True), saved.request.url)
    back = next(form for form in forms if ("back", "1") in form.buttons)
    assert "5 of 10" in text_of(sitting.follow(sitting.send(back)))
    session.rollback()
    assert session.scalars(select(Override.withdrawn_at)).one() is not None


def test_what_disagrees_stands_first_and_numbers_stand_beside_pictures(
    tom: Actor, seat: Sit, reviewed: int
) -> None:
    sitting = seat(tom)
    page = sitting.fill_in("/scores", "/scores/work-out")
    html = page.get_data(as_text=True)
    assert html.index(f'id="work-{reviewed}"') < html.index(f'id="work-{reviewed + 1}"')
    assert '<svg class="pr-bars"' in html
    assert "The same in numbers" in html
    assert "too few to say how far reviews agree" in text_of(page)


@pytest.mark.parametrize("path", ["/scores", "/scores/reviewers", "/export/csv", "/export/json"])
def test_learners_see_no_scores_of_others(ana: Actor, seat: Sit, reviewed: int, path: str) -> None:
    sitting = seat(ana)
    assert sitting.open(path).status_code == 403
    assert sitting.open(f"/works/{reviewed}/score").status_code == 403
    assert sitting.client.post(sitting.address("/scores/release"), data={}).status_code == 403


def test_pages_of_scores_cost_the_same_for_three_and_for_three_hundred(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.EVALUATE)
    own = make_work(session, place, ana)
    sitting = seat(tom)
    paths = ("/scores", "/scores/reviewers", f"/works/{own.id}/score")
    spent: list[list[int]] = []
    for more in (3, 297):
        for _number in range(more):
            other = make_person(session, place)
            make_review(session, place, make_work(session, place, other), ana)
        session.commit()
        sitting.fill_in("/scores", "/scores/work-out")
        costs = []
        for path in paths:
            with counted_queries() as seen:
                assert sitting.open(path).status_code == 200
            costs.append(len(seen))
        spent.append(costs)
    assert spent[0] == spent[1]
    assert max(spent[1]) <= 16
