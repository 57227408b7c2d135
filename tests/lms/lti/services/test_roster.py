"""Rosters: every page of them, whatever the platform does, and nothing believed that makes no sense."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lmssocial.lms.lti.profiles import CANVAS, MOODLE, PLAIN
from lmssocial.lms.lti.roles import LtiRole, RoleScope
from lmssocial.lms.lti.services.roster import Member, RosterPage, fetch_page, first_page_url
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from tests.fakes.hostile_lms import SELF, Group, canvas, moodle, on_page, plain
from tests.lms.lti.services.conftest import Line

pytestmark = pytest.mark.one_database

Connect = Callable[..., Line]

LEARNER = LtiRole(RoleScope.CONTEXT, "Learner")


def pages(line: Line, url: str = "", **asked: Any) -> list[RosterPage]:
    """The whole roster."""
    url = url or first_page_url(line.lms.memberships_url, line.endpoint.profile, **asked)
    read = []
    while url:
        read.append(fetch_page(line.caller, line.endpoint, url))
        url = read[-1].next_url
    return read


def members(read: list[RosterPage]) -> dict[str, Member]:
    """Everybody on these pages, by sub."""
    return {member.sub: member for page in read for member in page.members}


def test_a_large_roster_comes_in_pages_of_fifty(line: Connect) -> None:
    here = line(canvas(), members=1_000)
    read = pages(here)
    assert len(members(read)) == 1_002
    assert {len(page.members) for page in read[:-1]} == {50}


def test_a_reader_that_ignores_case_would_lose_pages(line: Connect) -> None:
    """The negative control of the next-page rule: with lower-cased links the second page is refused."""
    here = line(canvas(), members=120)
    assert len(members(pages(here))) == 122
    here.lms.lower_links("roster")
    with pytest.raises(ServiceTrouble) as caught:
        pages(here)
    assert caught.value.kind is Kind.REJECTED


def test_a_next_page_on_another_server_is_never_asked(line: Connect) -> None:
    here, elsewhere = line(plain(), members=120), line(plain())
    here.lms.link_next("roster", f"{elsewhere.lms.memberships_url}?page=2")
    with pytest.raises(ServiceTrouble) as caught:
        pages(here)
    assert caught.value.kind is Kind.UNREADABLE
    assert "not on the same server" in caught.value.says
    assert elsewhere.lms.seen == []


def test_a_page_that_names_itself_as_the_next_is_not_read_for_ever(line: Connect) -> None:
    here = line(plain())
    here.lms.link_next("roster", SELF)
    with pytest.raises(ServiceTrouble) as caught:
        pages(here)
    assert caught.value.kind is Kind.UNREADABLE
    assert len(here.lms.asked("roster")) == 1


def test_one_failing_page_says_which_and_reading_goes_on_from_it(line: Connect) -> None:
    here = line(canvas(), members=200)
    fault = here.lms.fail("roster", 429, retry_after="30", when=on_page(3), times=1)
    first = first_page_url(here.lms.memberships_url, CANVAS)
    third = fetch_page(
        here.caller, here.endpoint, fetch_page(here.caller, here.endpoint, first).next_url
    ).next_url
    with pytest.raises(ServiceTrouble) as caught:
        fetch_page(here.caller, here.endpoint, third)
    assert (caught.value.kind, fault.struck) == (Kind.TOO_MANY, 1)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 30
    assert len(members(pages(here, third))) == 102


def test_differences_tell_who_came_left_and_was_suspended(line: Connect) -> None:
    here = line(plain(), members=60)
    [*_, last] = pages(here)
    gone, suspended = here.lms.learners[:2]
    here.lms.leave(gone)
    here.lms.suspend(suspended)
    here.lms.join("9001", name="Late Comer")
    changed = members(pages(here, last.differences_url))
    assert {sub: member.status for sub, member in changed.items()} == {
        gone: "Deleted",
        suspended: "Inactive",
        "9001": "Active",
    }
    assert gone not in members(pages(here))


def test_moodles_short_roles_are_roles_in_the_course_and_its_assistants_learners(line: Connect) -> None:
    read = members(pages(line(moodle(), members=250)))
    assert len(read) == 252
    assert read["2"].roles == {LtiRole(RoleScope.CONTEXT, "Instructor")}
    assert read["3"].roles == {LEARNER}


def test_customs_and_groups_of_members_are_read_as_the_platform_writes_them(line: Connect) -> None:
    here = line(canvas(), groups=[Group(id="7", name="Red")])
    first, second, third = here.lms.learners[:3]
    here.lms.add_link("link-1")
    here.lms.enrol(
        first, groups=("7",), custom={"section_names": '["Monday", "Tuesday"]', "section_ids": "11,12"}
    )
    here.lms.enrol(second, custom={"section_ids": "11", "group_ids": "7"})  # Canvas sends numbers
    here.lms.enrol(
        third, custom={"section_names": "$com.instructure.User.sectionNames", "section_ids": "11, 12"}
    )
    read = members(pages(here, rlid="link-1", groups=True))
    assert (read[first].groups, read[first].sections) == (("7",), ("Monday", "Tuesday"))
    assert (read[second].groups, read[second].sections) == (("7",), ("11",))
    assert read[third].sections == ("11", "12")


def test_canvas_tells_sections_of_everybody_when_it_is_asked_by_the_course(line: Connect) -> None:
    here = line(canvas())
    sub = here.lms.learners[0]
    here.lms.enrol(sub, custom={"section_ids": "11,12"})
    assert members(pages(here))[sub].sections == ()
    read = members(pages(here, course="course-1"))
    assert (len(read), read[sub].sections) == (12, ("11", "12"))


def test_a_roster_is_asked_for_as_large_a_page_as_the_platform_gives() -> None:
    assert first_page_url("https://x.edu/r", PLAIN, course="c") == "https://x.edu/r?limit=100"
    assert (
        first_page_url("https://x.edu/r?a=1", CANVAS, rlid="l 1") == "https://x.edu/r?a=1&rlid=l+1&limit=50"
    )
    assert first_page_url("https://x.edu/r", MOODLE, groups=True) == "https://x.edu/r?limit=100&groups=true"


RUBBISH: list[Any] = [
    None,
    "somebody",
    [],
    {},
    {"user_id": ""},
    {"user_id": "x" * 256},
    {"user_id": ["7"]},
    {"user_id": True},
    {"user_id": "with\u0000nul"},
]
ODD: list[Any] = [
    {"user_id": 7, "roles": "Learner", "status": None, "name": 5},
    {
        "user_id": "8",
        "roles": ["Learner", None, "foo/bar#Instructor"],
        "status": "inactive",
        "name": "A\u0000 \n B",
    },
    {"user_id": "9", "roles": None, "message": "none", "group_enrollments": [{"group_id": 4}, {}, "x"]},
    {
        "user_id": "10",
        "status": "Sleeping",
        "message": [[], {"https://purl.imsglobal.org/spec/lti/claim/custom": 3}],
    },
    {"user_id": "11", "email": "\ud800", "given_name": "Ada", "family_name": "Lovelace"},
]


def test_rubbish_is_counted_and_what_can_be_understood_is_kept(line: Connect) -> None:
    here = line(plain())
    here.lms.answer("roster", json.dumps({"members": [*RUBBISH, *ODD]}).encode())
    [page] = pages(here)
    read = members([page])
    assert (page.skipped, list(read)) == (len(RUBBISH), ["7", "8", "9", "10", "11"])
    assert (read["7"].status, read["7"].roles, read["7"].name) == ("Active", frozenset(), "")
    assert (read["8"].status, read["8"].roles, read["8"].name) == ("Inactive", frozenset({LEARNER}), "A B")
    assert read["9"].groups == ("4",)
    assert read["10"].status == "Active"
    assert (read["11"].email, read["11"].full_name) == ("", "Ada Lovelace")


@pytest.mark.parametrize(
    "body", [b"[]", b'{"members": null}', b'{"members": {}}', b'"members"', b"{}", b"nonsense"]
)
def test_an_answer_that_is_no_roster_is_unreadable(line: Connect, body: bytes) -> None:
    here = line(plain())
    here.lms.answer("roster", body)
    with pytest.raises(ServiceTrouble) as caught:
        pages(here)
    assert caught.value.kind is Kind.UNREADABLE
