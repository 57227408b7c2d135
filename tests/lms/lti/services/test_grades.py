"""Line items, scores and results, against platforms that each have a will of their own."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from lmssocial.lms.lti.profiles import MOODLE, PLAIN
from lmssocial.lms.lti.services import grades
from lmssocial.lms.lti.services.grades import LineItem, Result, ScorePayload, score_json
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from tests.fakes.hostile_lms import HostileLms, blackboard, brightspace, canvas, moodle, plain
from tests.lms.lti.services.conftest import Line

pytestmark = pytest.mark.one_database

Connect = Callable[..., Line]

NOON = datetime(2026, 3, 2, 12, 0, 0, 123_456, tzinfo=UTC)


def score(sub: str, **changes: Any) -> ScorePayload:
    """Eight of ten, given now."""
    usual: dict[str, Any] = {
        "user_sub": sub,
        "timestamp": datetime.now(UTC),
        "activity_progress": "Completed",
        "grading_progress": "FullyGraded",
        "given": 8,
        "maximum": 10,
    }
    return ScorePayload(**(usual | changes))


def trouble(line: Line, url: str, payload: ScorePayload) -> ServiceTrouble:
    """How the platform refuses a score."""
    with pytest.raises(ServiceTrouble) as caught:
        grades.send_score(line.caller, line.endpoint, url, payload)
    return caught.value


@pytest.mark.parametrize("profile", [plain, moodle, canvas, blackboard, brightspace])
def test_a_column_is_made_found_changed_graded_read_and_removed(
    line: Connect, profile: Callable[[], Any]
) -> None:
    here = line(profile())
    here.lms.add_link("link-1")
    call = (here.caller, here.endpoint)
    draft = LineItem(label="Round 1", maximum=20, resource_id="d-1", tag="grade", resource_link_id="link-1")
    made = grades.create_line_item(*call, here.lms.line_items_url, draft)
    assert (made.label, made.maximum, made.resource_id, made.tag, made.resource_link_id) == (
        "Round 1",
        20.0,
        "d-1",
        "grade",
        "link-1",
    )
    assert grades.find_line_items(*call, here.lms.line_items_url, resource_link_id="link-1") == [made]
    assert grades.find_line_items(*call, here.lms.line_items_url, resource_id="d-2", can_write=False) == []
    changed = grades.update_line_item(
        *call, LineItem(url=made.url, label="Round one", maximum=10, resource_id="d-1", tag="grade")
    )
    assert (changed.url, changed.label) == (made.url, "Round one")
    assert grades.read_line_item(*call, made.url).label == "Round one"
    sub = here.lms.learners[0]
    grades.send_score(*call, made.url, score(sub, comment="Well argued"))
    assert here.lms.grades(made.url) == {sub: 8.0}
    assert grades.results(*call, made.url, user_sub=sub) == [
        Result(user_sub=sub, score=8.0, maximum=10.0, comment="Well argued")
    ]
    grades.delete_line_item(*call, made.url)
    with pytest.raises(ServiceTrouble) as caught:
        grades.read_line_item(*call, made.url)
    assert caught.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize(("profile", "pages"), [(moodle, 1), (canvas, 3)])
def test_all_pages_of_line_items_are_read(line: Connect, profile: Callable[[], Any], pages: int) -> None:
    here = line(profile())
    urls = [here.lms.open_column(tag=f"t{number}") for number in range(101)]
    found = grades.find_line_items(here.caller, here.endpoint, here.lms.line_items_url)
    assert [item.url for item in found] == urls
    assert len(here.lms.asked("items")) == pages


def test_pages_that_moodle_links_in_its_own_way_are_read_to_the_end(line: Connect) -> None:
    here = line(replace(moodle(), largest_page=2))
    urls = [here.lms.open_column(tag=f"t{number}") for number in range(5)]
    asks_for_pages = replace(here.endpoint, profile=PLAIN)
    found = grades.find_line_items(here.caller, asks_for_pages, here.lms.line_items_url)
    assert [item.url for item in found] == urls
    assert len(here.lms.asked("items")) == 3


def test_all_pages_of_results_are_read(line: Connect) -> None:
    here = line(replace(canvas(), largest_page=5), members=12)
    url = here.lms.open_column()
    for sub in here.lms.learners:
        grades.send_score(here.caller, here.endpoint, url, score(sub))
    assert {result.user_sub for result in grades.results(here.caller, here.endpoint, url)} == set(
        here.lms.learners
    )
    assert len(here.lms.asked("results")) == 3


def test_a_score_goes_below_the_line_item_and_before_its_query(line: Connect) -> None:
    here = line(moodle())
    url = here.lms.open_column()
    grades.send_score(here.caller, here.endpoint, url, score(here.lms.learners[0]))
    [asked] = here.lms.asked("scores")
    assert asked.path.endswith("/1/scores")
    assert asked.query == {"type_id": "1"}
    assert asked.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"


def test_moodle_refuses_a_second_score_of_one_second_and_takes_the_next_stamp(line: Connect) -> None:
    here = line(moodle())
    url, sub = here.lms.open_column(), here.lms.learners[0]
    before = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=10)
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=before))
    same = score(sub, timestamp=before + timedelta(milliseconds=900), given=9)
    assert trouble(here, url, same).kind is Kind.CONFLICT
    after = MOODLE.next_stamp(before, before)
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=after, given=9))
    assert here.lms.grades(url) == {sub: 90.0}
    assert (
        trouble(here, url, score(sub, timestamp=datetime.now(UTC) + timedelta(minutes=5))).kind
        is Kind.CONFLICT
    )


def test_a_platform_by_the_book_tells_milliseconds_apart(line: Connect) -> None:
    here = line(plain())
    url, sub = here.lms.open_column(), here.lms.learners[0]
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=NOON))
    later = PLAIN.next_stamp(NOON, NOON)
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=later, given=9))
    assert here.lms.grades(url) == {sub: 90.0}
    assert trouble(here, url, score(sub, timestamp=NOON, given=1)).kind is Kind.CONFLICT


def test_a_stale_score_is_a_conflict_where_canvas_says_400(line: Connect) -> None:
    here = line(canvas())
    url, sub = here.lms.open_column(), here.lms.learners[0]
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=NOON))
    stale = trouble(here, url, score(sub, timestamp=NOON))
    assert (stale.kind, stale.status) == (Kind.CONFLICT, 400)


def test_canvas_is_told_that_a_grade_is_no_new_attempt(line: Connect) -> None:
    here = line(canvas())
    grades.send_score(here.caller, here.endpoint, here.lms.open_column(), score(here.lms.learners[0]))
    sent = json.loads(here.lms.asked("scores")[0].body)
    assert sent["https://canvas.instructure.com/lti/submission"] == {"new_submission": False}


def test_moodle_wipes_out_a_grade_at_anything_but_fully_graded(line: Connect) -> None:
    here = line(moodle())
    url, sub = here.lms.open_column(), here.lms.learners[0]
    past = datetime.now(UTC) - timedelta(seconds=10)
    grades.send_score(here.caller, here.endpoint, url, score(sub, timestamp=past))
    assert here.lms.grades(url) == {sub: 80.0}
    grades.send_score(here.caller, here.endpoint, url, score(sub, grading_progress="PendingManual"))
    assert here.lms.grades(url) == {}


@pytest.mark.parametrize(
    ("profile", "status", "kind", "says"),
    [
        (plain, 404, Kind.NOT_FOUND, "nobody"),
        (moodle, 400, Kind.REJECTED, "Incorrect score"),
        (canvas, 422, Kind.REJECTED, "User not found"),
        (blackboard, 400, Kind.REJECTED, "User could not be found"),
        (brightspace, 403, Kind.FORBIDDEN, "not enrolled"),
    ],
)
def test_a_score_for_a_stranger_is_refused_in_the_platforms_words(
    line: Connect, profile: Callable[[], Any], status: int, kind: Kind, says: str
) -> None:
    here = line(profile())
    refused = trouble(here, here.lms.open_column(), score("4711"))
    assert (refused.kind, refused.status) == (kind, status)
    assert says in refused.says


def test_a_score_whose_answer_was_lost_is_stored_and_may_be_sent_again(line: Connect) -> None:
    here = line(plain())
    url, sub = here.lms.open_column(), here.lms.learners[0]
    here.lms.drop("scores", times=1)
    payload = score(sub)
    assert trouble(here, url, payload).kind is Kind.AWAY
    assert here.lms.grades(url) == {sub: 80.0}
    assert trouble(here, url, payload).kind is Kind.CONFLICT  # which says that it is there


def test_a_login_page_is_no_sign_that_a_score_was_taken(line: Connect) -> None:
    here = line(plain())
    url = here.lms.open_column()
    here.lms.answer_html("scores", times=1)
    assert trouble(here, url, score(here.lms.learners[0])).kind is Kind.UNREADABLE
    here.lms.answer("scores", b"OK", "text/plain", times=1)
    grades.send_score(here.caller, here.endpoint, url, score(here.lms.learners[0]))


def test_a_lost_line_item_is_not_found(line: Connect) -> None:
    here = line(plain())
    url = here.lms.open_column()
    here.lms.lose(url)
    assert trouble(here, url, score(here.lms.learners[0])).kind is Kind.NOT_FOUND


@pytest.mark.parametrize(
    "harm",
    [
        lambda lms: lms.link_next("items", "https://evil.example/items"),
        lambda lms: lms.link_next("items", f"{lms.line_items_url}?page=a"),
        lambda lms: lms.answer(
            "items", b'[{"id": "https://evil.example/1", "label": "x", "scoreMaximum": 1}]'
        ),
        lambda lms: lms.answer("items", b'{"items": []}'),
    ],
    ids=["a foreign page", "a circle", "a foreign item", "no list"],
)
def test_line_items_elsewhere_in_circles_or_in_no_list_are_not_believed(
    line: Connect, harm: Callable[[HostileLms], object]
) -> None:
    here = line(plain())
    here.lms.open_column()
    harm(here.lms)
    with pytest.raises(ServiceTrouble) as caught:
        grades.find_line_items(here.caller, here.endpoint, here.lms.line_items_url)
    assert caught.value.kind in {Kind.UNREADABLE, Kind.REJECTED}
    assert len(here.lms.asked("items")) <= 2


def test_a_line_item_that_is_only_told_by_its_location_is_found(line: Connect) -> None:
    here = line(plain())
    here.lms.answer("items", b"", status=201, headers={"Location": f"{here.lms.line_items_url}/9"}, times=1)
    draft = LineItem(label="Grade", maximum=5)
    made = grades.create_line_item(here.caller, here.endpoint, here.lms.line_items_url, draft)
    assert made == LineItem(url=f"{here.lms.line_items_url}/9", label="Grade", maximum=5)
    here.lms.answer("items", b"", status=201, times=1)
    with pytest.raises(ServiceTrouble) as caught:
        grades.create_line_item(here.caller, here.endpoint, here.lms.line_items_url, draft)
    assert caught.value.kind is Kind.UNREADABLE


def test_a_score_says_what_the_standard_wants_and_no_more() -> None:
    zone = timezone(timedelta(hours=2))
    payload = score(
        "7", timestamp=NOON.astimezone(zone), submitted_at=NOON - timedelta(hours=1), comment="Good"
    )
    assert score_json(payload, PLAIN) == {
        "userId": "7",
        "timestamp": "2026-03-02T12:00:00.123Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 8,
        "scoreMaximum": 10,
        "comment": "Good",
        "submission": {"submittedAt": "2026-03-02T11:00:00.123Z"},
    }
    assert score_json(payload, MOODLE)["timestamp"] == "2026-03-02T12:00:00Z"
    taken_back = score_json(score("7", given=None, grading_progress="NotReady"), PLAIN)
    assert not {"scoreGiven", "scoreMaximum", "comment", "submission"} & set(taken_back)
    json.dumps(taken_back)


@pytest.mark.parametrize(
    "wrong",
    [
        {"maximum": None},
        {"maximum": 0},
        {"given": float("nan")},
        {"given": float("inf")},
        {"maximum": float("nan")},
        {"timestamp": datetime(2026, 3, 2)},  # noqa: DTZ001 -- it is about times without a zone
    ],
)
def test_what_is_no_score_is_not_sent(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"score|zone"):
        score_json(score("7", **wrong), PLAIN)
