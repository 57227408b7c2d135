"""Course groups and subscriptions to notices."""

from collections.abc import Callable

import pytest

from lmssocial.lms.lti.services.groups import CourseGroup, GroupSet, fetch_group_sets, fetch_groups
from lmssocial.lms.lti.services.subscriptions import subscribe
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from tests.fakes.hostile_lms import Group, canvas, plain
from tests.lms.lti.services.conftest import Line

pytestmark = pytest.mark.one_database

Connect = Callable[..., Line]


def test_all_groups_of_a_course_are_read(line: Connect) -> None:
    here = line(canvas(), groups=[Group(id=str(n), name=f"Group {n}", set_id="project") for n in range(25)])
    groups = fetch_groups(here.caller, here.endpoint, here.lms.groups_url)
    assert groups[3] == CourseGroup(id="3", name="Group 3", set_id="project")
    assert len(groups) == 25
    sets_url = here.lms.groups_url.replace("/groups", "/group-sets")
    assert fetch_group_sets(here.caller, here.endpoint, sets_url) == [GroupSet(id="project", name="project")]


def test_groups_without_an_id_are_left_out_and_numbers_are_ids(line: Connect) -> None:
    here = line(plain())
    here.lms.answer(
        "groups", b'{"groups": [{"id": 7, "set_id": 3}, {"name": "x"}, null, {"id": "7", "name": "A  b"}]}'
    )
    [group] = fetch_groups(here.caller, here.endpoint, here.lms.groups_url)
    assert group == CourseGroup(id="7", name="A b")


def test_a_notice_is_subscribed_to_and_given_up(line: Connect) -> None:
    here = line(plain())
    handler = "http://localhost:8000/lti/notices/abc"
    for _ in range(2):
        subscribe(here.caller, here.endpoint, here.lms.notices_url, "LtiContextCopyNotice", handler)
    assert here.lms.subscriptions() == {"LtiContextCopyNotice": handler}
    subscribe(here.caller, here.endpoint, here.lms.notices_url, "LtiContextCopyNotice", "")
    assert here.lms.subscriptions() == {}


def test_a_notice_the_platform_does_not_know_is_rejected(line: Connect) -> None:
    here = line(plain())
    with pytest.raises(ServiceTrouble) as caught:
        subscribe(
            here.caller, here.endpoint, here.lms.notices_url, "LtiOtherNotice", "http://localhost:8000/x"
        )
    assert caught.value.kind is Kind.REJECTED
