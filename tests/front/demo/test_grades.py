"""The gradebook of the demo LMS through Assignment and Grade Services."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.tools import AGS
from tests.front.demo.academy import ISSUER, Browser, Service

ITEMS = "/lti/courses/neg-201/line-items"
ALL = f"{AGS}lineitem {AGS}score {AGS}result.readonly"


@pytest.fixture
def service(service_for: Callable[[str], Service]) -> Service:
    """A tool that may do everything with grades."""
    return service_for(ALL)


def opened(service: Service, **fields: Any) -> dict[str, Any]:
    """A new column of ten points."""
    answer = service.call("POST", ITEMS, {"label": "Discussion", "scoreMaximum": 10} | fields)
    assert answer.status_code == 201, answer.text
    item: dict[str, Any] = json.loads(answer.text)
    assert answer.headers["Location"] == item["id"]
    return item


def score(campus: Campus, person: str = "ana.ruiz", **fields: Any) -> dict[str, Any]:
    """A full score for ``person``, except for what is given."""
    good = {
        "userId": campus.cast.person(person).sub,
        "scoreGiven": 4,
        "scoreMaximum": 5,
        "timestamp": "2026-03-02T09:00:00.500Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    return {name: value for name, value in (good | fields).items() if value is not ...}


def results(service: Service, item: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """The results of a column."""
    answer = service.call("GET", f"{item['id']}/results{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.text)
    return found


def test_a_column_is_opened_changed_and_removed(service: Service) -> None:
    item = opened(service, tag="posts", resourceId="r-1", resourceLinkId="link-1")
    assert item["resourceLinkId"] == "link-1"
    answer = service.call("PUT", item["id"], {"label": "Posts", "scoreMaximum": 20, "tag": "posts"})
    assert json.loads(answer.text)["scoreMaximum"] == 20
    assert json.loads(service.call("GET", item["id"]).text)["label"] == "Posts"
    assert service.call("DELETE", item["id"]).status_code == 204
    assert service.call("GET", item["id"]).status_code == 404


def test_columns_are_found_by_link_resource_and_tag(service: Service) -> None:
    one = opened(service, tag="a", resourceId="r-1", resourceLinkId="link-1")
    two = opened(service, tag="b", resourceId="r-1")
    for query, expected in [
        ("", [one, two]),
        ("?tag=b", [two]),
        ("?resource_id=r-1", [one, two]),
        ("?resource_link_id=link-1", [one]),
        ("?resource_id=r-1&tag=a", [one]),
        ("?tag=c", []),
    ]:
        found = json.loads(service.call("GET", ITEMS + query).text)
        assert [item["id"] for item in found] == [item["id"] for item in expected]


def test_many_columns_come_in_pages(service: Service) -> None:
    for number in range(3):
        opened(service, label=f"Column {number}")
    first = service.call("GET", f"{ITEMS}?limit=2")
    assert len(json.loads(first.text)) == 2
    rest = service.call("GET", first.headers["Link"].partition(">")[0].removeprefix("<"))
    assert [item["label"] for item in json.loads(rest.text)] == ["Column 2"]
    assert "Link" not in rest.headers


@pytest.mark.parametrize(
    "fields",
    [
        {"label": ""},
        {"label": 7},
        {"scoreMaximum": 0},
        {"scoreMaximum": True},
        {"scoreMaximum": "10"},
        {"startDateTime": "tomorrow"},
        {"endDateTime": "2026-03-02T09:00:00"},
        {"resourceLinkId": "link-9"},
        {"tag": 5},
    ],
)
def test_a_column_that_breaks_a_rule_is_refused(service: Service, fields: dict[str, Any]) -> None:
    answer = service.call("POST", ITEMS, {"label": "Discussion", "scoreMaximum": 10} | fields)
    assert answer.status_code == 400
    assert json.loads(answer.text)["error_description"]


def test_a_score_becomes_a_result_on_the_scale_of_its_column(
    campus: Campus, service: Service, browser_of: Callable[[str], Browser]
) -> None:
    item = opened(service)
    assert (
        service.call("POST", f"{item['id']}/scores", score(campus, comment="Well argued.")).status_code == 204
    )
    (result,) = results(service, item)
    assert result["resultScore"] == 8
    assert result["resultMaximum"] == 10
    assert result["comment"] == "Well argued."
    assert result["userId"] == campus.cast.person("ana.ruiz").sub
    assert "<td>8</td>" in browser_of("ana.ruiz").get("/course/grades").text


def test_a_score_that_is_not_final_is_no_result_yet(
    campus: Campus, service: Service, browser_of: Callable[[str], Browser]
) -> None:
    item = opened(service)
    assert (
        service.call(
            "POST", f"{item['id']}/scores", score(campus, gradingProgress="PendingManual")
        ).status_code
        == 204
    )
    assert "resultScore" not in results(service, item)[0]
    assert "being graded" in browser_of("tom.berg").get("/course/grades").text


def test_a_score_without_a_number_takes_the_grade_back(campus: Campus, service: Service) -> None:
    item = opened(service)
    service.call("POST", f"{item['id']}/scores", score(campus))
    later = score(campus, timestamp="2026-03-02T09:00:01Z", scoreGiven=..., gradingProgress="NotReady")
    assert service.call("POST", f"{item['id']}/scores", later).status_code == 204
    assert "resultScore" not in results(service, item)[0]


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        ("2026-03-02T09:00:00.500Z", 409),
        ("2026-03-02T09:00:00.499Z", 409),
        ("2026-03-02T10:00:00.400+01:00", 409),
        ("2026-03-02T09:00:00.501Z", 204),
        ("2026-03-02T10:00:00.600+01:00", 204),
    ],
)
def test_a_score_must_be_newer_than_the_one_before(
    campus: Campus, service: Service, timestamp: str, status: int
) -> None:
    item = opened(service)
    service.call("POST", f"{item['id']}/scores", score(campus))
    answer = service.call("POST", f"{item['id']}/scores", score(campus, timestamp=timestamp, scoreGiven=5))
    assert answer.status_code == status
    assert results(service, item)[0]["resultScore"] == (10 if status == 204 else 8)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"userId": "nobody"}, 404),
        ({"userId": ...}, 404),
        ({"scoreMaximum": ...}, 400),
        ({"scoreMaximum": 0}, 400),
        ({"scoreGiven": -1}, 400),
        ({"scoreGiven": "4"}, 400),
        ({"timestamp": "2026-03-02T09:00:00"}, 400),
        ({"timestamp": ...}, 400),
        ({"activityProgress": "Done"}, 400),
        ({"gradingProgress": ...}, 400),
    ],
)
def test_a_score_that_breaks_a_rule_is_refused(
    campus: Campus, service: Service, fields: dict[str, Any], status: int
) -> None:
    item = opened(service)
    assert service.call("POST", f"{item['id']}/scores", score(campus, **fields)).status_code == status
    assert results(service, item) == []


def test_results_are_narrowed_to_one_person(campus: Campus, service: Service) -> None:
    item = opened(service)
    for person in ("ana.ruiz", "ben.okoro"):
        service.call("POST", f"{item['id']}/scores", score(campus, person))
    ben = campus.cast.person("ben.okoro").sub
    assert [result["userId"] for result in results(service, item, f"?user_id={ben}")] == [ben]
    assert len(results(service, item)) == 2


def test_a_tool_that_may_only_read_changes_nothing(
    service_for: Callable[[str], Service], campus: Campus
) -> None:
    item = opened(service_for(ALL))
    reader = service_for(f"{AGS}lineitem.readonly")
    assert reader.call("GET", item["id"]).status_code == 200
    assert reader.call("PUT", item["id"], {"label": "Mine", "scoreMaximum": 1}).status_code == 403
    assert reader.call("DELETE", item["id"]).status_code == 403
    assert reader.call("POST", f"{item['id']}/scores", score(campus)).status_code == 403


def test_the_link_of_a_column_cannot_change(service: Service) -> None:
    item = opened(service, resourceLinkId="link-1")
    changed = {"label": "Discussion", "scoreMaximum": 10, "resourceLinkId": "link-2"}
    assert service.call("PUT", item["id"], changed).status_code == 400


def test_a_learner_sees_their_own_grades_only(
    campus: Campus, service: Service, browser_of: Callable[[str], Browser]
) -> None:
    item = opened(service)
    service.call("POST", f"{item['id']}/scores", score(campus, "ben.okoro"))
    assert "Ben Okoro" not in browser_of("ana.ruiz").get("/course/grades").text
    assert "Ben Okoro" in browser_of("tom.berg").get("/course/grades").text


def test_addresses_of_columns_begin_with_the_issuer(service: Service) -> None:
    assert opened(service)["id"].startswith(f"{ISSUER}{ITEMS}/")


def test_a_grade_leads_its_graders_and_its_owner_to_the_work(
    campus: Campus, service: Service, browser_of: Callable[[str], Browser]
) -> None:
    item = opened(service, resourceLinkId="link-1")
    service.call("POST", f"{item['id']}/scores", score(campus, "ben.okoro"))
    work = f"/course/grades/{item['id'].rsplit('/', 1)[1].partition('?')[0]}/ben.okoro/review"
    assert work in browser_of("tom.berg").get("/course/grades").text
    assert browser_of("ben.okoro").get(work).status_code == 200
    assert browser_of("ana.ruiz").get(work).status_code == 404
