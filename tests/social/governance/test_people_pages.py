"""The page of members: who is in the course, whether they ever came or not, and how the LMS's list stands."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.lms.roster.ports import Belonging
from lmssocial.social.communities import lms_groups
from tests.social.governance.conftest import SitDown
from tests.support.people import Place, make_person
from tests.support.queries import Queries


def from_roster(session: Session, place: Place, name: str, *, active: bool = True, **user: object) -> Actor:
    """Somebody whom only the roster knows."""
    actor = make_person(session, place, name)
    row = session.get_one(User, actor.user_id)
    row.last_seen_at = None
    for field, value in user.items():
        setattr(row, field, value)
    membership = session.scalars(select(Membership).where(Membership.user_id == actor.user_id)).one()
    membership.last_launch_at, membership.active, membership.roster_run_id = None, active, 1
    session.flush()
    return actor


def offers_roster(session: Session, place: Place) -> None:
    """Let a launch have said where the roster is."""
    session.add(
        CourseServices(
            course_id=place.course.id, memberships_url="https://lms.example/members", noted_at=the_clock.now()
        )
    )
    session.flush()


def ran(session: Session, place: Place, outcome: Outcome, *, error: str = "", **fields: object) -> RosterRun:
    """Let a run have happened."""
    now = the_clock.now()
    run = RosterRun(
        course_id=place.course.id, began_at=now - timedelta(hours=2), next_url="", next_at=now, outcome=outcome,
        last_error=error,
    )  # fmt: skip
    for field, value in fields.items():
        setattr(run, field, value)
    session.add(run)
    source = schedule.source_of(session, place.course.id)
    source.last_error = error
    source.next_at = now + timedelta(hours=4)
    if outcome is Outcome.COMPLETE:
        source.completed_at = now
    session.flush()
    return run


@pytest.mark.usefixtures("ben", "stella")
def test_staff_read_who_is_in_the_course_with_what_is_known_of_them(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    newcomer = from_roster(session, place, "Nora New")
    from_roster(session, place, "Participant 7F3", has_real_name=False)
    from_roster(session, place, "Tess Trial", is_test=True)
    from_roster(session, place, "Gil Gone", active=False)
    lms_groups.belong(
        session, place.course.id, {newcomer.user_id: Belonging(sections=frozenset({"Monday", "Evening"}))}
    )
    chair = sit(iris)

    page = chair.reads("/members")

    assert "In the course 6" in page
    assert "Not here yet 3" in page
    assert "Left 1" in page
    assert "Nora New" in page
    assert "Evening Monday" in page
    assert "has not been here yet" in page
    assert "Test user" in page
    assert "keeps the name to itself" in page
    assert "Stella Steward" in page
    assert "Gil Gone" not in page
    left = chair.reads("/members?show=left")
    assert "Gil Gone" in left
    assert "left the course" in left
    assert "Ben Okoro" not in chair.reads("/members?show=new")
    assert "Nora New" in chair.reads("/members?q=nor")
    assert "Nobody here is called that" in chair.reads("/members?q=nobody")
    assert "6 people are in the course. 3 of them have not been here yet." in chair.reads("/")


def test_learners_and_stewards_do_not_see_it(sit: SitDown, ben: Actor, stella: Actor) -> None:
    for somebody in (ben, stella):
        chair = sit(somebody)
        assert chair.open("/members").status_code in {403, 404}
        assert chair.send("/members/read").status_code in {403, 404}
        assert "/members" not in chair.open("/").get_data(as_text=True)


def test_a_large_course_is_read_in_pages_with_the_same_number_of_statements(
    session: Session,
    place: Place,
    sit: SitDown,
    iris: Actor,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    chair = sit(iris)
    chair.open("/members")
    with count_queries() as few:
        chair.open("/members")
    for number in range(120):
        from_roster(session, place, f"Learner {number:03}")
    session.commit()
    with count_queries() as many:
        first = chair.open("/members")
    assert len(many) == len(few)

    names, page = [], first
    for _ in range(3):
        text = page.get_data(as_text=True)
        names += [name for name in (f"Learner {number:03}" for number in range(120)) if f">{name}<" in text]
        links = [one for one in text.split('"') if "after=" in one]
        if not links:
            break
        page = chair.seat.open(links[-1].replace("&amp;", "&"))
    assert names == [f"Learner {number:03}" for number in range(120)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("outcome", "fields", "said"),
    [
        (Outcome.COMPLETE, {"members": 41, "joined": 2, "left": 1}, "41 people in it, 2 new, 1 left."),
        (Outcome.RUNNING, {"members": 150}, "is being read: 150 people so far."),
        (Outcome.DOUBTED, {"members": 1, "left": 40}, "so few people that 40 people would have left"),
        (Outcome.FAILED, {"error": "forbidden: 403"}, "Your LMS does not let this tool read"),
        (Outcome.FAILED, {"error": "not_found: 404"}, "no list of members at the place it named"),
        (Outcome.FAILED, {"error": "away: timed out"}, "Your LMS did not answer. Next attempt:"),
        (
            Outcome.COMPLETE,
            {"last_error": "groups: forbidden: 403"},
            "What its groups are called the LMS did not",
        ),
        (Outcome.FAILED, {"error": "unreadable: <h1>"}, "something this tool does not understand"),
        (Outcome.RUNNING, {"error": "too_many: 429", "attempts": 1}, "asked us to wait"),
    ],
)
def test_what_became_of_the_list_is_said_in_words(
    session: Session,
    place: Place,
    sit: SitDown,
    iris: Actor,
    outcome: Outcome,
    fields: dict[str, object],
    said: str,
) -> None:
    offers_roster(session, place)
    ran(session, place, outcome, **fields)  # type: ignore[arg-type]
    page = sit(iris).reads("/members")
    assert said in page
    assert "403" not in page, "what the LMS said word for word is for administrators"


def test_the_list_is_read_when_staff_ask_and_not_twice_in_a_minute(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    offers_roster(session, place)
    chair = sit(iris)
    assert "was not read to its end yet" in chair.reads("/members")

    assert "is being read" in chair.press("/members", "/members/read")

    session.rollback()
    source = session.get_one(RosterSource, place.course.id)
    assert source.next_at is not None
    assert source.next_at <= the_clock.now()
    ran(session, place, Outcome.COMPLETE, began_at=the_clock.now())
    source.next_at = None
    session.commit()
    assert "less than a minute ago" in chair.press("/members", "/members/read")
    session.rollback()
    assert session.get_one(RosterSource, place.course.id, populate_existing=True).next_at is None


def test_an_lms_without_a_roster_is_not_asked(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    chair = sit(iris)
    assert "does not tell this tool who is in the course" in chair.reads("/members")
    assert chair.send("/members/read").status_code == 409
    session.rollback()
    assert session.get(RosterSource, place.course.id) is None
