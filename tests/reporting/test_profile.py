"""The profile of a course: what it says, what it leaves out, and what it says instead."""

import html
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Evidence
from lmssocial_reporting.store.sql import SqlStore
from lmssocial_reporting.targets.models import TargetBand, TargetRow
from lmssocial_reporting.targets.values import Stage
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries
from tests.support.reporting import WINDOW, acting
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it

TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEPTEMBER = datetime(2025, 9, 1, 9, tzinfo=UTC)
BEGIN = SEPTEMBER.date()
PURPOSE = "We learn to read statistics by explaining them to each other."
BANDS = {
    Role.CONSUMER: (20, 70),
    Role.CREATOR: (5, 10),
    Role.CONNECTOR: (30, 60),
    Role.CARRIER: (0, 20),
    Role.CARETAKER: (0, 100),
}
Sit = Callable[[Actor], Seat]


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:
    """A course that began in September, in which the report is on."""
    clock.move_to(SEPTEMBER)
    found = make_place(session)
    reporting.turn_on(session, found)
    return found


@pytest.fixture
def learners(session: Session, place: Place, clock: TestClock) -> list[Actor]:
    """Forty of them, on the Monday after the window."""
    found = [make_person(session, place, f"Learner {number}") for number in range(1, 41)]
    clock.move_to(TODAY)
    return found


@pytest.fixture
def tom(session: Session, place: Place, clock: TestClock) -> Actor:
    """The one instructor. He and the learners came in September."""
    clock.move_to(SEPTEMBER)
    found = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    clock.move_to(TODAY)
    return found


def follow(session: Session, place: Place, begins_on: date = BEGIN) -> None:
    """The log of the course was read, and its first day was ``begins_on``."""
    session.add(
        FollowedCourse(
            course_id=place.course.id,
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            zone="UTC",
            definition="roles/1",
            has_news=False,
            begins_on=begins_on,
            looked_at=TODAY,
        )
    )


def do(
    session: Session, place: Place, who: Sequence[Actor], kind: Kind, window: Window = WINDOW, days: int = 4
) -> None:
    """Let some people act in the role of ``kind`` in a window."""
    store, by_day = SqlStore(session), dict[date, list[Evidence]]()
    for actor in who:
        for piece in acting(
            actor.user_id, kind, days=days, others=3, window=window, course_id=place.course.id
        ):
            by_day.setdefault(piece.day, []).append(piece)
    for day, pieces in by_day.items():
        there = store.evidence_between([place.course.id], day, day, list(Kind))
        store.replace_day(place.course.id, day, [*there, *pieces])


def term(session: Session, place: Place, learners: Sequence[Actor]) -> None:
    """Three windows: ever more write, in the last one half of them; 6 connect; 2 carry."""
    follow(session, place)
    window = WINDOW
    for creators in (20, 8, 7):
        do(session, place, learners[:creators], Kind.REPLY_POSTED, window)
        do(session, place, learners[:15], Kind.ITEM_OPENED, window)
        window = window.before()
    do(session, place, learners[:6], Kind.ITEM_POINTED)
    do(session, place, learners[:2], Kind.ITEM_SHARED)


def agree(session: Session, place: Place) -> None:
    """A target that is in force."""
    row = TargetRow(
        tenant_id=place.tenant.id,
        scope=f"course-{place.course.id}",
        course_id=place.course.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        stage=Stage.RATIFIED.value,
        purpose=PURPOSE,
        speaks_of="all",
        review_on=date(2026, 12, 1),
        written_by=0,
        created_at=TODAY,
        asked={},
        ratified_at=TODAY,
        ratified_by=0,
    )
    session.add(row)
    session.flush()
    for role, (low, high) in BANDS.items():
        session.add(TargetBand(target_id=row.id, role=role.value, low=low, high=high))


def role_part(page: str, role: str) -> str:
    """What the page says below the heading of a role."""
    found = re.search(rf"<h3>{role}</h3>(.*?)</li>\s*(?:<li><div|</ul>\s*</section>)", page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_profile_says_shares_ranges_verdicts_and_the_purpose_above_them(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    agree(session, place)
    answer = sit(tom).open("/")
    page = answer.get_data(as_text=True)
    said = text_of(answer)
    assert said.index(PURPOSE) < said.index("20 of 40 learners acted as Creator")
    creator = role_part(page, "Creator")
    assert "would plausibly lie between 35 % and 65 %" in creator.replace("\xa0", " ")
    assert "▲ above the target" in creator
    assert "Target: 5 to 10 %; 40 points above it" in creator
    assert "● within the target" in role_part(page, "Consumer")
    assert "▼ below the target" in role_part(page, "Connector")
    assert "Too few to say" in role_part(page, "Carrier")
    assert "2 of 40" not in said
    assert "all of this is about the learners" in said, "one teacher would be told from a number about all"
    assert "of 41 members" not in said
    assert "do not add up to 100 %" in said
    assert "20 points more" not in said
    assert "more acted as Creator" in said, "half of them instead of a fifth is a change that is sure"


def test_a_target_that_nobody_agreed_on_is_missed_and_compared_with_nothing(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    said = text_of(sit(tom).open("/"))
    assert "No target agreed yet" in said
    assert "Set a target" in said
    assert "the target." not in said.split("Role by role")[1].split("Of whom this speaks")[0]
    assert "Would the verdict change?" not in said
    assert "How a target is set" in text_of(sit(learners[0]).open("/"))


def test_a_course_of_three_and_a_young_one_say_what_was_done_and_when_more_is_said(
    session: Session, place: Place, clock: TestClock, sit: Sit
) -> None:
    few = [make_person(session, place, f"Learner {number}") for number in range(3)]
    clock.move_to(TODAY)
    follow(session, place)
    do(session, place, few, Kind.REPLY_POSTED)
    said = text_of(sit(few[0]).open("/"))
    assert "fewer than 10 members" in said
    assert "Most was done as Creator." in said
    assert "%" not in said.split("What was done in the five roles")[1].split("What this rests on")[0]
    session.get_one(FollowedCourse, place.course.id).begins_on = date(2026, 2, 11)
    session.commit()
    assert "The first four weeks end on March 15, 2026" in text_of(sit(few[0]).open("/"))


def test_a_log_that_was_not_read_yet_is_said(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    course = session.get_one(FollowedCourse, place.course.id)
    course.has_news, course.looked_at = True, TODAY - timedelta(hours=2)
    said = text_of(sit(tom).open("/"))
    assert "The newest things were not read yet" in said
    assert "20 of 40 learners acted as Creator" in said
    course.looked_at = None
    session.commit()
    said = text_of(sit(tom).open("/"))
    assert "still being read" in said
    assert "learners acted as" not in said, "a share of half the acts is a wrong one"
    assert sit(tom).open("/chart/acts.svg").status_code == 404


def test_no_shares_are_said_of_days_of_another_time_zone(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    session.get_one(FollowedCourse, place.course.id).zone = "Asia/Tokyo"
    session.commit()
    said = text_of(sit(tom).open("/"))
    assert "still being read" in said
    assert "learners acted as" not in said


def test_beside_a_target_there_are_no_shares_where_the_profile_says_none(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    agree(session, place)
    course = session.get_one(FollowedCourse, place.course.id)
    assert "no figure yet" not in text_of(sit(tom).open("/target"))
    course.looked_at = None
    assert text_of(sit(tom).open("/target")).count("no figure yet") == 5, "the log is still being read"
    course.looked_at, course.begins_on = TODAY, date(2026, 2, 11)
    assert text_of(sit(tom).open("/target")).count("no figure yet") == 5, "the first four weeks are not over"


def test_flags_are_for_those_who_look_after_the_community(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)  # everything in it happens in the thread t1
    said = text_of(sit(tom).open("/"))
    assert "Creator: more than half of what counts comes from a single thread." in said
    assert "between the same few people" not in said
    assert "single thread" not in text_of(sit(learners[0]).open("/"))
    ring = [actor.user_id for actor in learners[:7]]
    store = SqlStore(session)
    day = WINDOW.last - timedelta(days=2)
    pieces = [
        reporting.a_piece(
            course_id=place.course.id, day=day, member=one, other=other, thread=f"t{one}{number}"
        )
        for one in ring
        for other in ring
        for number in range(3)
        if one != other
    ]
    store.replace_day(place.course.id, day, pieces)
    session.commit()
    said = text_of(sit(tom).open("/"))
    assert "Creator: more than half of what counts went back and forth between the same few people." in said
    assert "Creator: more than half of what counts comes from a single thread." not in said
    assert not [actor.name for actor in learners if f"{actor.name} " in said], "it names nobody"


def test_the_page_asks_as_often_for_one_window_as_for_many(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    agree(session, place)
    seat = sit(tom)
    seat.open("/")
    with counted_queries() as few:
        seat.open("/")
    for number in range(60):
        make_person(session, place, f"Later {number}")
    do(session, place, learners[:30], Kind.ITEM_KEPT)
    session.commit()
    with counted_queries() as many:
        seat.open("/")
    assert len(many) == len(few)
    assert len(few) < 60


def test_a_picture_by_itself_needs_no_style_sheet_and_is_sent_once(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    term(session, place, learners)
    seat = sit(tom)
    answer = seat.open("/chart/trend.svg")
    root = ET.fromstring(answer.data)  # noqa: S314 – our own picture
    assert root.get("viewBox")
    shapes = [one for one in root.iter() if one.tag.rpartition("}")[2] in {"line", "circle", "text", "path"}]
    assert shapes
    assert all(one.get("fill") or one.get("stroke") for one in shapes)
    assert not any("%" in value for one in root.iter() for value in one.attrib.values())
    assert seat.open("/chart/trend.svg", If_None_Match=answer.headers["ETag"]).status_code == 304
    assert seat.open("/chart/nothing.svg").status_code == 404
    for path in (
        "/",
        "/monitors/widgets",
        "/monitors/network",
        "/monitors/sharing",
        "/monitors/threads",
        "/skills",
    ):
        page = seat.open(path).get_data(as_text=True)
        for link in re.findall(r'href="([^"]+/chart/[^"]+)"', page):
            assert seat.open(html.unescape(link)).status_code == 200, link
    assert sit(learners[0]).open("/chart/writing.svg").status_code == 403


def test_the_definition_is_written_down_for_everybody_with_every_kind(
    learners: list[Actor], sit: Sit
) -> None:
    said = text_of(sit(learners[0]).open("/definition"))
    assert "roles/1" in said
    assert "on 3 days or more, for 2 people or more" in said, "Consumers"
    assert "At least 40 characters of something changed, or 10 % of it." in said
    assert said.count("Weak:") == 1
    assert said.count("⇒") == 1 + 7, "the sentence that explains it, and seven kinds"


def test_only_those_who_may_read_it_read_it(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    follow(session, place)
    reporting.turn_on(session, place, readers="stewards")
    elsewhere = sit(learners[0]).open("/")  # where the bar leads
    assert (elsewhere.status_code, elsewhere.location.rpartition("/")[2]) == (303, "mine")
    assert sit(learners[0]).open("/?of=course").status_code == 403
    assert sit(learners[0]).open("/chart/roles.svg").status_code == 403
    assert sit(tom).open("/").status_code == 200
    assert sit(tom).open("/?of=all").status_code == 403


def test_who_began_and_stopped_is_said_with_the_two_windows_it_is_about(
    session: Session, place: Place, learners: list[Actor], tom: Actor, sit: Sit
) -> None:
    follow(session, place)
    before = WINDOW.before()
    for window, first in ((before.before(), 0), (before, 10), (WINDOW, 0)):
        do(session, place, learners[first : first + 20], Kind.REPLY_POSTED, window)
    seat = sit(tom)
    for path in ("/", "/reports/draft/trends"):
        said = text_of(seat.open(path))
        assert (
            "from Dec 8, 2025 to Jan 4, 2026 to those from Jan 5, 2026 to Feb 1, 2026, the newest that are"
            in said
        )
        assert "Creator: 10 began, 10 stopped, 10 went on." in said
