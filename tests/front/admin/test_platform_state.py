"""How a platform is: its launches, clock, keys, rosters, grades and notices, and mending what can be mended."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from lmssocial.core.kernel.clock import now
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launches import What
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti.models import Asking, KeySet, NoticeSubscription
from lmssocial.lms.roster.models import RosterSource
from lmssocial.settings import Settings
from tests.fakes.platform import KeySetServer, key_sets, private_key, public_jwk
from tests.front.admin.conftest import ORIGIN, Browser, House, said
from tests.support.people import Place, make_place
from tests.support.queries import Queries


@pytest.fixture
def place(house: House) -> Place:
    """A platform with a course."""
    with house.rows() as session:
        return make_place(session)


@pytest.fixture(scope="module")
def key_server() -> Iterator[KeySetServer]:
    """The platform's key-set address."""
    with key_sets() as server:
        yield server


def page_of(place: Place) -> str:
    return f"/admin/platforms/{place.registration.id}"


def came(house: House, place: Place, *skews: int, cause: str = "") -> None:
    """Launches whose clocks were so many milliseconds ahead, the oldest first."""
    with house.rows() as session:
        for skew in skews:
            launches.record(
                session,
                What(
                    tenant_id=place.tenant.id,
                    registration_id=place.registration.id,
                    cause=cause,
                    skew_ms=skew,
                ),
            )


def test_a_platform_nobody_came_from_is_told_to_be_new(ada: Browser, place: Place) -> None:
    text = said(ada.open(page_of(place)))
    assert "0 let in, 0 refused in the last seven days" in text
    assert "not known before the first launch" in text
    assert "never asked for; the first launch does" in text
    assert "no course shares its roster yet" in text
    assert "every grade has arrived" in text
    assert "it has offered none" in text
    assert "The clocks do not agree" not in text


def test_launches_and_refusals_are_counted_by_cause(house: House, ada: Browser, place: Place) -> None:
    came(house, place, 0, 0, 0)
    came(house, place, 0, 0, cause="cookie_missing")
    came(house, place, 0, cause="state_unknown")
    with house.rows() as session:
        other = make_place(session)
    came(house, other, 0)
    page = ada.open(page_of(place))
    text = said(page)
    assert "3 let in, 3 refused in the last seven days" in text
    assert "Your browser did not keep our cookie : 2" in text
    assert "This link is used up : 1" in text
    assert page.link("Your browser did not keep our cookie").endswith("cause=cookie_missing")


@pytest.mark.parametrize(
    ("skews", "says"),
    [
        ([9_400] * 3, ""),
        ([-500, 20_000, 11_000], "11 seconds ahead of ours. Up to 60 seconds do no harm"),
        ([-50_000] * 3, "From 60 seconds on nobody gets in."),
        ([60_000, 0, 0, 0, 0], ""),
        ([30_000] * 60 + [0] * 50, ""),
    ],
    ids=["a little", "warned", "urgent", "one that waited", "mended"],
)
def test_a_clock_that_is_off_is_told_by_its_last_launches(
    house: House, ada: Browser, place: Place, skews: list[int], says: str
) -> None:
    came(house, place, *skews)
    text = said(ada.open(page_of(place)))
    assert ("The clocks do not agree" in text) == bool(says)
    assert says in text
    assert ("The clock of" in said(ada.open("/admin/"))) == bool(says)


def test_keys_are_fetched_on_demand_and_not_more_often_than_allowed(
    house: House, place: Place, settings: Settings, key_server: KeySetServer
) -> None:
    inside = house.another(dataclasses.replace(settings, outbound_allow=("127.0.0.1",)))
    ada = inside.sign_in()
    key_server.publish(public_jwk(private_key(), "key-1"))
    with house.rows() as session:
        session.get_one(Registration, place.registration.id).jwks_url = key_server.url

    done = ada.submit(ada.open(page_of(place)).form(action="/keys"))
    assert "The keys are fetched." in said(done)
    assert "1 key, fetched" in said(done)
    asked = key_server.requests
    again = ada.submit(done.form(action="/keys"))
    assert "We asked less than 30 seconds ago" in said(again)
    assert key_server.requests == asked
    assert [deed[1] for deed in house.deeds()][-1:] == ["platform.keys_fetched"]


def test_why_keys_could_not_be_fetched_is_told(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        session.add(
            KeySet(
                registration_id=place.registration.id,
                url=place.registration.jwks_url,
                keys={"keys": []},
                tried_at=now(),
                settled_at=now(),
                failure="https://lms/jwks: <503>",
            )
        )
    text = said(ada.open(page_of(place)))
    assert "none could be fetched yet" in text
    assert "The last attempt failed https://lms/jwks: <503>" in text


def test_notices_that_were_refused_are_asked_for_again(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        session.add(
            NoticeSubscription(
                deployment_id=place.course.deployment_id,
                kind="LtiContextCopyNotice",
                service_url="https://lms.example/pns",
                standing=Asking.REFUSED,
                next_at=now(),
                changed_at=now(),
                last_error="403 not for this tool",
            )
        )
    page = ada.open(page_of(place))
    assert "refused 403 not for this tool" in said(page)
    done = ada.submit(page.form(action="/notices"))
    assert "The platform is asked for its notices in a moment." in said(done)
    with house.rows() as session:
        row = session.get_one(NoticeSubscription, (place.course.deployment_id, "LtiContextCopyNotice"))
    assert row.standing is Asking.WANTED
    assert house.deeds()[-1] == ("ada", "subscription.asked", place.registration.name)


def test_rosters_in_trouble_are_counted_with_a_way_to_them(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        session.add(RosterSource(course_id=place.course.id, failures=3, last_error="gone"))
        session.add(RosterSource(course_id=make_place(session, beside=place).course.id, failures=0))
    page = ada.open(page_of(place))
    assert "1 cannot be read. 2 courses share their rosters." in said(page)
    assert (
        page.link("Show rosters") == f"{ORIGIN}/admin/rosters?platform={place.registration.id}&view=trouble"
    )


def test_the_page_costs_the_same_however_much_there_is(
    house: House, ada: Browser, place: Place, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    came(house, place, 0)
    with count_queries() as few:
        ada.open(page_of(place))
    came(house, place, *range(70))
    came(house, place, 1, 2, 3, cause="clock_off")
    came(house, place, 1, 2, 3, cause="state_unknown")
    with house.rows() as session:
        session.add(RosterSource(course_id=place.course.id, failures=3, last_error="gone"))
    with count_queries() as many:
        ada.open(page_of(place))
    assert len(many) == len(few)
