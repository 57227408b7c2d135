"""Scores in lists: in order, page by page, with as many questions for ten works as for three."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.releasing.service import release
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.overriding import override
from lmssocial.widgets.peer_rating.scoring.queries import (
    Sort,
    WorkScore,
    releases_of,
    result_of,
    results_of,
    reviewers_of,
)
from lmssocial.widgets.peer_rating.scoring.reliability import of
from lmssocial.widgets.peer_rating.scoring.spreads import bars, spread
from lmssocial.widgets.peer_rating.scoring.working_out import work_out
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries

OURS = {one.name: one for one in SCORINGS}


def _class(session: Session, place: Place, works: int) -> list[int]:
    """Works whose reviews lie further and further apart."""
    set_up(session, place, Phase.EVALUATE, least=1)
    people = [make_person(session, place, f"Person {number:02}") for number in range(works + 2)]
    made = []
    for number, author in enumerate(people[:works]):
        work = make_work(session, place, author)
        make_review(session, place, work, people[-1], levels=(0, 0))
        if number:
            make_review(session, place, work, people[-2], levels=(min(number, 2), min(number // 2, 2)))
        made.append(work.id)
    work_out(session, OURS, locked(session, place.placement.id))
    return made


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_every_work_once_and_in_order(session: Session, place: Place, sort: Sort) -> None:
    works = _class(session, place, 7)
    running = locked(session, place.placement.id)
    rows: list[WorkScore] = []
    after = None
    while True:
        page = results_of(session, running, sort, after=after, limit=3)
        rows += page.rows
        after = page.after
        if after is None:
            break
    assert sorted(row.work_id for row in rows) == works
    apart = [(row.highest or 0) - (row.lowest or 0) for row in rows]
    if sort is Sort.DISAGREEMENT:
        assert apart == sorted(apart, reverse=True)
        assert apart[0] > 0
    elif sort is Sort.COUNT:
        assert [row.count for row in rows] == [1, 2, 2, 2, 2, 2, 2]
    else:
        assert [row.alias for row in rows] == sorted(row.alias for row in rows)


def test_lists_ask_as_much_for_many_as_for_few(session: Session, place: Place) -> None:
    _class(session, place, 8)
    session.commit()
    running = locked(session, place.placement.id)
    asked = []
    for limit in (2, 8):
        with counted_queries() as queries:
            results_of(session, running, limit=limit)
            reviewers_of(session, running, limit=limit)
            spread(session, running)
            of(session, place.placement.id)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 6


def test_a_score_says_what_the_next_release_will_show(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, least=1)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))
    release(session, OURS, tom, place.placement.id)
    running = locked(session, place.placement.id)
    found = result_of(session, running, work.id)
    assert found is not None
    assert (found.final, found.released_points, found.differs) == (10.0, 10.0, False)
    assert found.authors == ("Ana Ruiz",)
    override(session, tom, work.id, 8.0, "Not all of it is hers.")
    found = result_of(session, running, work.id)
    assert found is not None
    assert (found.points, found.override, found.final, found.differs) == (10.0, 8.0, 8.0, True)
    assert result_of(session, running, work.id + 1) is None
    (line,) = releases_of(session, place.placement.id)
    assert (line.number, line.made_by, line.method) == (1, "Tom Berg", "mean")


def test_reviewers_are_listed_by_name_page_by_page(session: Session, place: Place) -> None:
    _class(session, place, 5)
    running = locked(session, place.placement.id)
    names, after = [], None
    while True:
        rows, after = reviewers_of(session, running, after=after, limit=2)
        names += [row.name for row in rows]
        if after is None:
            break
    assert names == [f"Person {number:02}" for number in range(7)]


@pytest.mark.one_database
def test_bars_hold_both_ends() -> None:
    assert [bar.works for bar in bars([0.0, 1.0, 9.99, 10.0], 0.0, 10.0, 2)] == [2, 2]
    assert bars([1.0], 3.0, 3.0) == ()
