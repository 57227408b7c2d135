"""What the services of a Moodle 4.5 answer, written by hand after what one answered; its people are invented."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lmssocial.lms.identity.role_mapping import lms_roles
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.services.grades import ScorePayload, find_line_items, results, send_score
from lmssocial.lms.lti.services.roster import fetch_page, first_page_url
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from tests.fakes.hostile_lms import moodle
from tests.lms.lti.services.conftest import Line

pytestmark = pytest.mark.one_database


def member(user_id: str, name: str, **more: object) -> dict[str, object]:
    """Somebody as Moodle lists them: with a short role, and things of its own."""
    return {
        "status": "Active",
        "roles": ["Learner"],
        "user_id": user_id,
        "lis_person_sourcedid": "",
        "name": name,
        "ext_user_username": name.lower(),
        **more,
    }


def test_its_roster_calls_assistants_learners_and_says_of_nobody_more_than_it_may(
    line: Callable[..., Line],
) -> None:
    moodle_line = line(moodle())
    listed = [
        member("5", "Tomas Assist", email="tomas@example.edu"),
        member("41", "Inge Moreau", given_name="Inge", family_name="Moreau"),
        member("3", "Vera Prof", roles=["Instructor"]),
        {"status": "Active", "roles": ["Learner"], "user_id": "44"},
    ]
    body = {"id": moodle_line.lms.memberships_url, "context": {"id": "12"}, "members": listed}
    moodle_line.lms.answer("roster", json.dumps(body).encode())
    url = first_page_url(moodle_line.lms.memberships_url, moodle_line.endpoint.profile)
    page = fetch_page(moodle_line.caller, moodle_line.endpoint, url)
    assert [(one.sub, one.full_name, *lms_roles(one.roles)) for one in page.members] == [
        ("5", "Tomas Assist", LmsRole.LEARNER),
        ("41", "Inge Moreau", LmsRole.LEARNER),
        ("3", "Vera Prof", LmsRole.INSTRUCTOR),
        ("44", "", LmsRole.LEARNER),
    ]
    assert (page.next_url, page.differences_url, page.skipped) == ("", "", 0)


def test_its_line_items_keep_their_query_in_front_of_which_scores_and_results_go(
    line: Callable[..., Line],
) -> None:
    moodle_line = line(moodle())
    lms = moodle_line.lms
    lms.add_link("77")
    column = lms.open_column("77", maximum=20)
    assert "?type_id=1" in column
    first = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    score = ScorePayload(
        user_sub=lms.learners[0],
        timestamp=first,
        activity_progress="Completed",
        grading_progress="FullyGraded",
        given=80,
        maximum=100,
    )
    send_score(moodle_line.caller, moodle_line.endpoint, column, score)
    asked = lms.asked("scores")[-1]
    assert asked.path.endswith("/scores")
    assert asked.query == {"type_id": "1"}
    assert lms.grades(column) == {lms.learners[0]: 16}
    with pytest.raises(ServiceTrouble) as trouble:
        send_score(moodle_line.caller, moodle_line.endpoint, column, score)
    assert trouble.value.kind is Kind.CONFLICT


def test_a_line_item_and_a_result_are_read_though_they_carry_more_and_less_than_the_standard(
    line: Callable[..., Line],
) -> None:
    moodle_line = line(moodle())
    lms = moodle_line.lms
    lms.add_link("77")
    column = lms.open_column("77", maximum=20)
    item = {"id": column, "label": "Week 3", "scoreMaximum": 20, "resourceId": "4d0c", "tag": "grade"}
    lms.answer("items", json.dumps([{**item, "resourceLinkId": "77", "ltiLinkId": "77"}]).encode())
    (found,) = find_line_items(
        moodle_line.caller, moodle_line.endpoint, lms.line_items_url, resource_link_id="77"
    )
    assert (found.url, found.maximum, found.resource_id, found.tag) == (column, 20, "4d0c", "grade")
    erased, graded = {"id": f"{column}&user_id=41", "userId": "41"}, {"userId": "44", "resultScore": 0}
    lms.answer("results", json.dumps([erased, {**graded, "resultMaximum": 20, "comment": "none"}]).encode())
    one, two = results(moodle_line.caller, moodle_line.endpoint, column)
    assert (one.user_sub, one.score) == ("41", None)
    assert (two.user_sub, two.score, two.maximum) == ("44", 0, 20)
