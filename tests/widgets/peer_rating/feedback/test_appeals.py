"""Authors ask for another look at their score; somebody takes it, decides, and says why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Appointment
from lmssocial.social.gradebook.models import Score
from lmssocial.widgets.peer_rating.clockwork import moving
from lmssocial.widgets.peer_rating.feedback import appealing, deciding
from lmssocial.widgets.peer_rating.feedback.appealing import AppealDraft
from lmssocial.widgets.peer_rating.models import Activity, Edge, Phase, Review, Work
from lmssocial.widgets.peer_rating.releasing import service as releasing
from lmssocial.widgets.peer_rating.scoring import overriding
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring_models import Appeal, AppealState, Override, Result
from tests.conftest import TestClock
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.peer_scores import make_release, make_result
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]
WHY = "The second criterion was read as if sources were asked for, and they were not."


def released(session: Session, place: Place, author: Actor, *reviewers: Actor, **settings: object) -> Work:
    """Work whose score was released just now: five points of ten by each of ``reviewers``."""
    set_up(session, place, Phase.RELEASED, **{"least": 1, **settings})
    work = make_work(session, place, author)
    for one in reviewers:
        make_review(session, place, work, one, levels=(1, 1))
    make_release(session, place)
    make_result(session, work, 5, count=len(reviewers), lowest=5, highest=5)
    return work


def draft(text: str = WHY, *criteria: int) -> AppealDraft:
    return AppealDraft(criteria=criteria or (1,), text=text)


def names(session: Session) -> list[str]:
    """What is told of appeals: what is in the log, and what goes there with this transaction."""
    rows = [*session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id))]
    rows += [row.name for row in session.info.get("lmssocial_add_last", [])]
    return [name.removeprefix("peer_rating.") for name in rows if "appeal" in name]


def edges(session: Session) -> list[str]:
    rows = session.scalars(select(Edge.edge).where(Edge.edge.startswith("appeal")).order_by(Edge.id))
    return [edge.partition(":")[0] for edge in rows]


@pytest.mark.one_database
def test_an_author_appeals_once_and_takes_it_back(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    assert (made.state, made.points_before, made.criteria) == (AppealState.OPEN, 5.0, {"criteria": [1]})
    with pytest.raises(Conflict):
        appealing.appeal(session, ana, place.placement.id, draft())

    assert appealing.withdraw(session, ana, place.placement.id)
    assert not appealing.withdraw(session, ana, place.placement.id)
    assert made.state is AppealState.WITHDRAWN
    assert names(session) == ["appeal_made"]
    assert edges(session) == ["appeal-made", "appeal-withdrawn"]


@pytest.mark.one_database
@pytest.mark.parametrize("bad", [draft("x" * 39), draft(" " * 80), draft(WHY, 7)])
def test_an_appeal_says_what_it_is_about(
    session: Session, place: Place, ana: Actor, ben: Actor, bad: AppealDraft
) -> None:
    released(session, place, ana, ben)
    with pytest.raises(Invalid):
        appealing.appeal(session, ana, place.placement.id, bad)


@pytest.mark.one_database
def test_an_appeal_that_comes_too_late_is_not_lost(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Callable[[Actor], Seat]
) -> None:
    released(session, place, ana, ben, appeal_days=7)
    browser = seat(ana)
    form = browser.form(browser.open("/appeal"), "/appeal")
    set_up(session, place, Phase.CLOSED, appeal_days=7)
    session.commit()

    page = browser.send(form, text="The second reviewer speaks of another page than mine, I am sure.")

    assert page.status_code == 410
    assert "The second reviewer speaks of another page" in text_of(page)


@pytest.mark.one_database
def test_there_is_a_time_for_appeals(
    session: Session, place: Place, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    released(session, place, ana, ben, appeal_days=7)
    clock.tick(days=7)
    appealing.appeal(session, ana, place.placement.id, draft())
    session.delete(session.scalars(select(Appeal)).one())
    session.flush()
    clock.tick(minutes=2)
    with pytest.raises(Gone):
        appealing.appeal(session, ana, place.placement.id, draft())


@pytest.mark.one_database
def test_who_has_no_score_has_nothing_to_appeal_against(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    released(session, place, ana, ben)
    make_result(session, make_work(session, place, ben), None, count=0)
    for one in (ben, cleo):
        with pytest.raises(NotFound):
            appealing.appeal(session, one, place.placement.id, draft())
    set_up(session, place, Phase.RELEASED, appeal_days=0)
    with pytest.raises(Gone):
        appealing.appeal(session, ana, place.placement.id, draft())


@pytest.mark.one_database
def test_staff_hand_an_appeal_to_an_expert_and_to_nobody_else(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    expert = expert_in(session, place)
    with pytest.raises(NotFound):
        appealing.decide(session, expert, place.placement.id, made.id, reason="No.", points=None)
    with pytest.raises(NotAllowed):
        appealing.assign(session, expert, place.placement.id, made.id, expert.user_id)
    with pytest.raises(Invalid):
        appealing.assign(session, tom, place.placement.id, made.id, ben.user_id)

    appealing.assign(session, tom, place.placement.id, made.id, expert.user_id)
    appealing.assign(session, tom, place.placement.id, made.id, expert.user_id)
    appealing.decide(session, expert, place.placement.id, made.id, reason="It is right.", points=None)
    assert (made.state, made.decided_by_id) == (AppealState.REJECTED, expert.user_id)
    assert names(session) == ["appeal_made", "appeal_assigned", "appeal_decided"]
    assert edges(session) == ["appeal-made", "appeal-assigned", "appeal-decided"]


def expert_in(session: Session, place: Place) -> Actor:
    """A learner of the course who is an SME of its community."""
    plain = make_person(session, place, "Eva Sand")
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=plain.user_id,
            offices=Office.SME,
            appointed_by_id=plain.user_id,
            appointed_at=place.placement.created_at,
        )
    )
    session.flush()
    return Actor(**{**vars(plain), "offices": frozenset({Office.SME})})


def test_of_two_who_decide_one_does(
    session: Session, engine: Engine, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    second = make_person(session, place, "Second", *tom.roles)
    appeal_id, placement_id = made.id, place.placement.id
    session.commit()

    def decide(actor: Actor) -> bool:
        try:
            with Session(engine) as own, unit_of_work(own):
                appealing.decide(own, actor, placement_id, appeal_id, reason=actor.name, points=None)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, [tom, second])) == [False, True]
    session.rollback()
    assert edges(session) == ["appeal-made", "appeal-decided"]


@pytest.mark.one_database
def test_an_appeal_from_its_form_to_another_score(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    work = released(session, place, ana, ben)
    author, instructor, appeals = seat(ana), seat(tom), f"/w/{place.placement.id}/peer_rating/appeals"
    page = author.open("/feedback")
    assert "Appeal against the score" in text_of(page)

    form = author.form(author.open("/appeal"), "/appeal")
    page = author.send(form, criteria="1", text="Too short.")
    assert "30 characters more, please" in text_of(page)
    page = author.fill_in("/appeal", "/appeal", criteria="1", text=WHY)
    assert "Waits for an instructor" in text_of(page)
    assert "The instructors of your course decide about it. They want to decide by" in text_of(page)
    assert "Appeal against the score" not in text_of(page)

    page = instructor.open("/appeals")
    assert "Ana Ruiz Waits for an instructor" in text_of(page)
    session.rollback()
    appeal_id = session.scalars(select(Appeal.id)).one()
    detail = f"{appeals}/{appeal_id}"
    said = text_of(instructor.open(detail))
    assert WHY in said
    assert "My work." in said
    assert "Ben Okoro 5 of 10" in said
    page = instructor.fill_in(detail, f"/{appeal_id}/assign", to=str(tom.user_id))
    assert "You look at this appeal now." in text_of(page)
    assert "Tom Berg looks at it." in text_of(author.open("/feedback"))

    form = instructor.form(instructor.open(detail), f"/{appeal_id}")
    page = instructor.send(form, outcome="other", reason="Sources were not asked for.")
    assert "Say how many points it gets." in text_of(page)
    page = instructor.fill_in(
        detail, f"/{appeal_id}", outcome="other", points="8", reason="Sources were not asked for."
    )
    assert "Decided: there is another score." in text_of(page)

    said = text_of(author.open("/feedback"))
    assert "Decided by Tom Berg" in said
    assert "from 5 to 8 of 10" in said
    assert "Sources were not asked for." in said
    session.rollback()
    assert session.scalars(select(Result.released_points)).all() == [8.0]
    assert session.scalars(select(Review.points)).all() == [5.0]  # nobody's review was touched
    assert session.scalars(select(Override.appeal_id)).all() == [appeal_id]
    assert session.scalars(select(Score.given).where(Score.user_id == ana.user_id)).all() == [64.0]
    assert session.get_one(Work, work.id).completed == 1


@pytest.mark.one_database
def test_an_expert_who_was_asked_gives_other_points_and_nobody_else_does(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    work = released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    expert = expert_in(session, place)
    with pytest.raises(NotAllowed):
        overriding.override(session, expert, work.id, 9.0, "Because.", appeal_id=made.id)

    appealing.assign(session, tom, place.placement.id, made.id, expert.user_id)
    scorings = {one.name: one for one in SCORINGS}
    deciding.decide(
        session, scorings, expert, place.placement.id, made.id, reason="It says so on page two.", points=9.0
    )
    assert (made.state, made.points_after) == (AppealState.UPHELD, 9.0)
    assert session.get_one(Result, work.id).released_points == 9.0
    with pytest.raises(NotAllowed):
        overriding.override(session, expert, work.id, 1.0, "Because.")


@pytest.mark.one_database
def test_a_decision_while_staff_look_at_the_scores_again_releases_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    work = released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    expert = expert_in(session, place)
    appealing.assign(session, tom, place.placement.id, made.id, expert.user_id)
    moving.move(session, tom, place.placement.id, Phase.EVALUATE, "Two reviews look wrong.")
    scorings = {one.name: one for one in SCORINGS}

    deciding.decide(session, scorings, expert, place.placement.id, made.id, reason="Page two.", points=9.0)

    assert (made.state, made.points_after) == (AppealState.UPHELD, 9.0)
    assert session.get_one(Activity, place.placement.id).phase is Phase.EVALUATE
    assert session.get_one(Result, work.id).released_points == 5.0
    releasing.release(session, scorings, tom, place.placement.id, "They are right now.")
    assert session.get_one(Result, work.id).released_points == 9.0


@pytest.mark.one_database
def test_learners_see_no_appeals_of_others(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    released(session, place, ana, ben)
    made = appealing.appeal(session, ana, place.placement.id, draft())
    browser = seat(ben)
    assert browser.open("/appeals").status_code == 403
    assert browser.open(f"/appeals/{made.id}").status_code == 404
    assert WHY not in text_of(browser.open("/feedback"))


@pytest.mark.one_database
def test_the_list_takes_as_many_statements_for_many_as_for_few(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit, clock: TestClock
) -> None:
    released(session, place, ana)
    browser = seat(tom)

    def statements(number: int) -> int:
        for _ in range(number):
            author = make_person(session, place)
            make_result(session, make_work(session, place, author), 5)
            appealing.appeal(session, author, place.placement.id, draft())
        session.commit()
        browser.open("/appeals")
        with counted_queries() as queries:
            assert browser.open("/appeals").status_code == 200
        return len(queries)

    clock.now += timedelta(hours=1)
    assert statements(1) == statements(4)
