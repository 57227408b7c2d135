"""Launches for what is not there any more: a deleted activity, a deployment that was switched off."""

import pytest
from sqlalchemy import delete, func, select

from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Deployment, ResourceLink, Standing, User
from lmssocial.lms.identity.refusals import DEPLOYMENT_DISABLED
from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Placement, PlacementLink
from tests.fakes.platform import INSTRUCTOR
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_refused, outcome

NAMED = {claims.CUSTOM: {"placement": "8c5f0a9e-0000-4000-8000-000000000000"}}
"""What a link says whose placement was made by deep linking and is nowhere now."""


def link(name: str) -> dict[str, object]:
    """A link of its own for each test."""
    return {claims.RESOURCE_LINK: {"id": name, "title": name}}


def test_a_link_whose_activity_is_nowhere_waits_for_the_instructor(house: House) -> None:
    browser, where = house.browser(), {**link("nowhere"), **NAMED}

    arrived = house.platform.launch(browser, **where)
    assert arrived.status_code == 303
    page = browser.get(arrived.location)
    assert page.status_code == 200
    assert "instructor" in page.text

    teacher = house.platform.launch(house.browser(), **{claims.ROLES: [INSTRUCTOR]}, **where)
    assert teacher.location.startswith("/lti/picker/")


def test_an_activity_that_is_deleted_is_no_fault_at_the_next_launch(house: House) -> None:
    browser, where = house.browser(), link("deleted")
    first = house.platform.launch(browser, **where, **{claims.CUSTOM: {"widget": "discussion"}})
    was = browser.get(first.location)
    assert was.status_code == 200
    with house.rows() as session:
        link_id = session.scalars(
            select(ResourceLink.id).where(ResourceLink.resource_link_id == "deleted")
        ).one()
        placement_id = session.scalars(
            delete(PlacementLink)
            .where(PlacementLink.resource_link_id == link_id)
            .returning(PlacementLink.placement_id)
        ).one()
        session.execute(delete(Placement).where(Placement.id == placement_id))

    left_open = browser.get(first.location)
    assert left_open.status_code in {401, 404}
    again = house.platform.launch(browser, **where)
    assert again.location == f"/lti/activity/{link_id}"
    assert browser.get(again.location).status_code == 200
    with house.rows() as session:
        last = session.scalars(select(LaunchRecord).order_by(LaunchRecord.id.desc()).limit(1)).one()
    assert last.cause == ""


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.PENDING])
def test_a_deployment_that_is_off_keeps_people_out_until_it_is_on(house: House, standing: Standing) -> None:
    sub = f"kept-out-{standing.value}"

    def stand(now: Standing) -> None:
        with house.rows() as session:
            which = Deployment.deployment_id == house.platform.deployment_id
            session.scalars(select(Deployment).where(which)).one().standing = now

    stand(standing)
    found = outcome(lambda: house.platform.launch(house.browser(), sub=sub))
    if standing is Standing.DISABLED:
        assert_refused(found, DEPLOYMENT_DISABLED)
    assert found.response.status_code == 403
    with house.rows() as session:
        assert session.scalar(select(func.count(User.id)).where(User.sub == sub)) == 0, (
            "nothing of it is kept"
        )
        last = session.scalars(select(LaunchRecord).order_by(LaunchRecord.id.desc()).limit(1)).one()
    assert last.cause == f"deployment_{standing.value}"
    assert last.deployment_id == house.platform.deployment_id
    assert last.course_id is None

    stand(Standing.APPROVED)
    assert house.platform.launch(house.browser(), sub=sub).status_code == 303
