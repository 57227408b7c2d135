"""What the LMS's gradebook is told of released scores."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content import references
from lmssocial.social.gradebook.models import Column, Score
from lmssocial.widgets.peer_rating import columns
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.models import Phase, WorkState
from lmssocial.widgets.peer_rating.releasing.grades import send
from tests.support.peer_rating import make_work, set_up
from tests.support.peer_scores import make_release, make_result, make_reviewer_result
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def nowhere() -> Iterator[None]:
    """Nobody has said under which address the tool is; an application that was made before has."""
    references.we_are_at("")
    yield
    references.we_are_at("")


def sent(session: Session, place: Place, tag: str = "") -> dict[int, tuple[float | None, str, str]]:
    """What shall stand in a column: points, grading progress and comment of each person."""
    rows = session.scalars(
        select(Score)
        .join(Column, Column.id == Score.column_id)
        .where(Column.placement_id == place.placement.id, Column.tag == tag)
    )
    return {row.user_id: (row.given, row.grading_progress, row.comment) for row in rows}


def found(session: Session, place: Place, actor: Actor) -> Running:
    return running(session, actor, place.placement.id)


def test_each_author_gets_the_score_in_points_of_the_gradebook_and_in_words(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.RELEASED, points=80.0)
    make_result(session, make_work(session, place, ana, ben), 7.4)  # of the ten that the rubric gives
    make_result(session, make_work(session, place, cleo), None, count=0)

    assert send(session, found(session, place, ana), make_release(session, place)) == 3

    team = (59.2, "FullyGraded", "7.4 of 10, from 4 reviews between 6.4 and 8.4.")
    waits = (None, "PendingManual", "")
    assert sent(session, place) == {ana.user_id: team, ben.user_id: team, cleo.user_id: waits}


def test_reviewing_has_a_column_of_its_own(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    set_up(session, place, Phase.RELEASED, reviewing_points=20.0)
    make_reviewer_result(session, place, ana, 1.0)
    make_reviewer_result(session, place, ben, 0.75)

    send(session, found(session, place, ana), make_release(session, place))

    assert sent(session, place, columns.REVIEWING) == {
        ana.user_id: (20.0, "FullyGraded", "4 of the 4 reviews that were asked for."),
        ben.user_id: (15.0, "FullyGraded", "3 of the 4 reviews that were asked for."),
    }
    label = session.scalars(select(Column.label).where(Column.tag == columns.REVIEWING)).one()
    assert label == f"{place.placement.title}: reviewing"


def test_no_points_no_column(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place, Phase.RELEASED, points=0.0, reviewing_points=0.0)
    make_result(session, make_work(session, place, ana), 7)
    make_reviewer_result(session, place, ana, 1.0)

    columns.handed_in(session, found(session, place, ana), [ana.user_id], place.placement.created_at)
    assert send(session, found(session, place, ana), make_release(session, place)) == 0
    assert session.scalars(select(Column)).all() == []


def test_a_release_that_changes_one_score_sends_one(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, Phase.RELEASED)
    works = [make_work(session, place, one) for one in (ana, ben)]
    for work in works:
        make_result(session, work, 5)
    assert send(session, found(session, place, ana), make_release(session, place)) == 2

    make_result(session, works[1], 8)
    assert send(session, found(session, place, ana), make_release(session, place, 2)) == 1
    assert [given for given, *_ in sent(session, place).values()] == [40.0, 64.0]


def test_what_cannot_be_scored_any_more_is_erased_and_so_is_what_was_cancelled(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, Phase.RELEASED)
    first, second = (make_work(session, place, one) for one in (ana, ben))
    for work in (first, second):
        make_result(session, work, 5)
    send(session, found(session, place, ana), make_release(session, place))

    make_result(session, first, None)
    second.state = WorkState.CANCELLED
    assert send(session, found(session, place, ana), make_release(session, place, 2)) == 2
    assert [given for given, *_ in sent(session, place).values()] == [None, None]


def test_who_left_and_who_is_a_test_user_are_left_alone(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.RELEASED)
    make_result(session, make_work(session, place, ana, ben, cleo), 5)
    session.execute(update(Membership).where(Membership.user_id == ben.user_id).values(active=False))
    session.execute(update(User).where(User.id == cleo.user_id).values(is_test=True))

    send(session, found(session, place, ana), make_release(session, place))
    assert sent(session, place).keys() == {ana.user_id}


def test_who_handed_in_twice_gets_the_score_of_the_last(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place, Phase.RELEASED)
    make_result(session, make_work(session, place, ana, round=1, state=WorkState.CANCELLED), 2)
    make_result(session, make_work(session, place, ana, round=2), 9)

    send(session, found(session, place, ana), make_release(session, place))
    assert sent(session, place)[ana.user_id][0] == 72.0


def test_the_gradebook_hears_that_somebody_handed_in_and_that_they_took_it_back(
    session: Session, place: Place, ana: Actor
) -> None:
    set_up(session, place)
    work = make_work(session, place, ana)

    columns.handed_in(session, found(session, place, ana), [ana.user_id], work.submitted_at)
    assert sent(session, place)[ana.user_id] == (None, "Pending", "")
    columns.taken_back(session, found(session, place, ana), [ana.user_id])
    assert sent(session, place)[ana.user_id] == (None, "FullyGraded", "")  # goes out as one that nobody began


def test_the_comment_leads_to_the_reviews_where_the_tool_knows_its_address(
    session: Session, place: Place, ana: Actor
) -> None:
    set_up(session, place, Phase.RELEASED)
    make_result(session, make_work(session, place, ana), 7)
    references.we_are_at("https://tool.example/")
    send(session, found(session, place, ana), make_release(session, place))
    assert sent(session, place)[ana.user_id][2] == (
        "7 of 10, from 4 reviews between 6 and 8. "
        f"What they say: https://tool.example/w/{place.placement.id}/peer_rating/feedback"
    )


def test_a_release_takes_as_many_statements_for_many_as_for_few(session: Session, place: Place) -> None:
    def release(people: int) -> int:
        for _ in range(people):
            make_result(session, make_work(session, place, make_person(session, place)), 5)
        made, there = make_release(session, place, people), found(session, place, anybody)
        send(session, there, made)
        for work in session.scalars(select(Score)):
            work.given = 1.0
        session.flush()
        session.expire_all()
        there = found(session, place, anybody)
        with counted_queries() as queries:
            assert send(session, there, made) > 0
        return len([one for one in queries.statements if not one.startswith(("UPDATE", "INSERT"))])

    set_up(session, place, Phase.RELEASED)
    anybody = make_person(session, place)
    assert release(2) == release(7)
