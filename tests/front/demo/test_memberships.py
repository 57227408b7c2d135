"""The roster of the demo LMS through Names and Roles."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.memberships import MEDIA_TYPE
from lmssocial.front.demo.lms.tools import NRPS_SCOPE
from tests.front.demo.academy import ISSUER, Service

ROSTER = "/lti/courses/neg-201/memberships"


def everybody(service: Service, url: str) -> tuple[list[dict[str, Any]], int]:
    """All members by following the Link header, and how many pages that took."""
    members: list[dict[str, Any]] = []
    pages = 0
    following: str | None = url
    while following:
        answer = service.call("GET", following)
        assert answer.status_code == 200
        members += json.loads(answer.text)["members"]
        pages += 1
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        following = link[1] if link else None
    return members, pages


def test_the_roster_comes_in_pages_and_is_complete(
    campus: Campus, service_for: Callable[[str], Service]
) -> None:
    members, pages = everybody(service_for(NRPS_SCOPE), ROSTER)
    assert pages == -(-len(campus.cast.people) // 20) == 10
    assert [member["user_id"] for member in members] == [person.sub for person in campus.cast.people]


def test_a_smaller_limit_makes_more_pages(campus: Campus, service_for: Callable[[str], Service]) -> None:
    members, pages = everybody(service_for(NRPS_SCOPE), f"{ROSTER}?limit=7")
    assert pages == -(-len(campus.cast.people) // 7)
    assert len({member["user_id"] for member in members}) == len(campus.cast.people)


def test_the_container_says_which_course_it_is_about(service_for: Callable[[str], Service]) -> None:
    answer = service_for(NRPS_SCOPE).call("GET", ROSTER)
    container = json.loads(answer.text)
    assert answer.content_type == MEDIA_TYPE
    assert container["id"] == ISSUER + ROSTER
    assert container["context"]["title"] == "Negotiation Skills"


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("Instructor", ["Tom Berg", "Sofia Lind"]),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor", ["Mei Ono", "Lars Holm"]),
        ("Nothing", []),
    ],
)
def test_a_role_narrows_the_roster(
    service_for: Callable[[str], Service], role: str, names: list[str]
) -> None:
    members, _ = everybody(service_for(NRPS_SCOPE), f"{ROSTER}?role={role.replace('#', '%23')}")
    assert [member["name"] for member in members] == names


def test_a_role_stays_on_the_next_page(service_for: Callable[[str], Service]) -> None:
    members, pages = everybody(service_for(NRPS_SCOPE), f"{ROSTER}?role=Learner&limit=10")
    assert pages > 2
    assert all("membership#Learner" in member["roles"][0] for member in members)


def test_a_page_mark_in_another_case_is_refused(service_for: Callable[[str], Service]) -> None:
    service = service_for(NRPS_SCOPE)
    following = service.call("GET", ROSTER).headers["Link"].partition(">")[0].removeprefix("<")
    assert service.call("GET", following).status_code == 200
    assert service.call("GET", following.replace("page=", "page=x")).status_code == 400
    assert service.call("GET", following.lower()).status_code == 400


@pytest.mark.parametrize(
    ("query", "status"), [("rlid=link-1", 200), ("rlid=link-9", 404), ("limit=0", 400), ("limit=many", 400)]
)
def test_links_and_limits_are_checked(service_for: Callable[[str], Service], query: str, status: int) -> None:
    assert service_for(NRPS_SCOPE).call("GET", f"{ROSTER}?{query}").status_code == status


def test_another_course_is_not_here(service_for: Callable[[str], Service]) -> None:
    assert service_for(NRPS_SCOPE).call("GET", "/lti/courses/neg-202/memberships").status_code == 404
