"""Platforms: found, typed in, edited, switched, approved, removed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Deployment, Registration, Standing
from lmssocial.lms.identity.platforms import tenant_named
from tests.front.admin.conftest import ORIGIN, Browser, House
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries
from tests.support.visitor import Page

MOODLE = {
    "name": "Moodle of Northern College",
    "issuer": "https://moodle.example.edu",
    "client_id": "DN4ZcEItehWiFsG",
    "deployment_id": "1",
    "auth_login_url": "https://moodle.example.edu/mod/lti/auth.php",
    "token_url": "https://moodle.example.edu/mod/lti/token.php",
    "jwks_url": "https://moodle.example.edu/mod/lti/certs.php",
}


def registration(house: House) -> Registration:
    """The only platform, with its deployments."""
    with house.rows() as session:
        return session.scalars(select(Registration).options(selectinload(Registration.deployments))).one()


@pytest.fixture
def place(house: House) -> Place:
    """A platform through which somebody came, with one deployment more that waits."""
    with house.rows() as session:
        place = make_place(session)
        make_person(session, place)
        session.add(
            Deployment(
                registration_id=place.registration.id,
                deployment_id="second",
                standing=Standing.PENDING,
                created_at=clock.now(),
            )
        )
    return place


def type_in(ada: Browser, **changes: str) -> Page:
    """Add the Moodle by hand, with changed values."""
    form = ada.open("/admin/platforms/new").form(field="issuer")
    return ada.submit(form, **(MOODLE | changes))


def test_an_empty_list_says_how_to_connect_an_lms(ada: Browser) -> None:
    page = ada.open("/admin/platforms")

    assert "No LMS is connected yet" in page.text
    assert page.link("Invite a platform") == f"{ORIGIN}/admin/invitations"


def test_without_a_tenant_the_form_leads_to_one(ada: Browser) -> None:
    assert ada.open("/admin/platforms/new").link("Add a tenant") == f"{ORIGIN}/admin/tenants"


def test_a_platform_typed_in_is_approved_and_shows_the_addresses_to_paste(house: House, ada: Browser) -> None:
    with house.rows() as session:
        tenant_named(session, "Northern College")
    page = type_in(ada)

    found = registration(house)
    assert page.url == f"{ORIGIN}/admin/platforms/{found.id}"
    for address in ("/lti/login", "/lti/launch", "/lti/jwks.json", f"/lti/login/{found.public_key}"):
        assert f">{ORIGIN}{address}</code>" in page.html
    assert [(one.deployment_id, one.standing) for one in found.deployments] == [("1", Standing.APPROVED)]
    assert ("ada", "platform.added", "Moodle of Northern College, 1") in house.deeds()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "What is it called here"),
        ("issuer", " ", "issuer is missing"),
        ("client_id", "x" * 256, "1 to 255 characters"),
        ("deployment_id", "", "deployment ID is missing"),
        ("auth_login_url", "moodle.example.edu/auth", "full web address"),
        ("token_url", "javascript:alert(1)", "full web address"),
        ("jwks_url", "https://moodle.example.edu/certs#1", "full web address"),
        ("token_audience", "not a url", "full web address"),
    ],
)
def test_what_is_wrong_with_a_platform_is_said_and_the_rest_is_kept(
    house: House, ada: Browser, field: str, value: str, said: str
) -> None:
    with house.rows() as session:
        tenant_named(session, "Northern College")
    page = type_in(ada, **{field: value})

    assert page.status == 422
    assert said in page.text
    kept = dict(page.form(field="issuer").fields)
    assert all(kept[name] == text for name, text in MOODLE.items() if name != field)
    with house.rows() as session:
        assert not session.scalars(select(Registration)).all()


def test_a_platform_that_is_there_with_other_addresses_is_not_overwritten(house: House, ada: Browser) -> None:
    with house.rows() as session:
        tenant_named(session, "Northern College")
    type_in(ada)
    page = type_in(ada, jwks_url="https://elsewhere.example/certs")

    assert page.status == 422
    assert "registered already, with other values" in page.text
    assert "edit it under Platforms" in page.text
    assert registration(house).jwks_url == MOODLE["jwks_url"]


def test_addresses_name_and_extras_are_edited(house: House, ada: Browser, place: Place) -> None:
    at = f"/admin/platforms/{place.registration.id}/edit"
    form = ada.open(at).form(field="jwks_url")
    page = ada.submit(
        form,
        name="Renamed",
        jwks_url="https://keys.example.edu/certs",
        frame_origins="https://vanity.example.edu/\n\nhttps://*.example.org\n",
        trusted_audiences="https://api.example.edu/",
        allow_anonymous="y",
    )

    assert "Saved." in page.text
    found = registration(house)
    assert (found.name, found.jwks_url) == ("Renamed", "https://keys.example.edu/certs")
    assert found.frame_origins == {"origins": ["https://vanity.example.edu", "https://*.example.org"]}
    assert found.trusted_audiences == {"audiences": ["https://api.example.edu/"]}
    assert found.allow_anonymous
    assert "are let in" in page.text
    kept = dict(ada.open(at).form(field="jwks_url").fields)
    assert kept["frame_origins"].split() == ["https://vanity.example.edu", "https://*.example.org"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example; script-src *",
        "https://a.example/path",
        "vanity.example.edu",
        "https://user@a.example",
        "*",
        "'self'",
        "data:",
    ],
)
def test_nothing_but_an_origin_gets_into_the_frame_policy(
    house: House, ada: Browser, place: Place, origin: str
) -> None:
    form = ada.open(f"/admin/platforms/{place.registration.id}/edit").form(field="jwks_url")
    page = ada.submit(form, frame_origins=origin)

    assert page.status == 422
    assert dict(page.form(field="jwks_url").fields)["frame_origins"].strip() == origin
    assert registration(house).frame_origins == {}


def test_a_waiting_deployment_is_approved_from_the_overview(house: House, ada: Browser, place: Place) -> None:
    page = ada.open("/admin/")
    assert "waits to be let in" in page.text
    done = ada.submit(page.form(action="/deployments/"))

    assert done.url == f"{ORIGIN}/admin/"
    assert "waits to be let in" not in done.text
    assert {one.standing for one in registration(house).deployments} == {Standing.APPROVED}
    assert ("ada", "deployment.approved", f"{place.registration.name}, second") in house.deeds()


def test_a_deployment_is_refused_switched_off_and_let_in_again(
    house: House, ada: Browser, place: Place
) -> None:
    at = f"/admin/platforms/{place.registration.id}"

    def standing() -> Standing:
        return next(one.standing for one in registration(house).deployments if one.deployment_id == "second")

    def form(value: str) -> Page:
        page = ada.open(at)
        waiting = next(
            one
            for one in page.forms
            if f"/deployments/{second}" in one.action and ("to", value) in one.buttons
        )
        return ada.submit(waiting)

    second = next(one.id for one in registration(house).deployments if one.deployment_id == "second")
    form("disabled")
    assert standing() is Standing.DISABLED
    form("approved")
    assert standing() is Standing.APPROVED


def test_a_deployment_is_added_before_it_launches(house: House, ada: Browser, place: Place) -> None:
    at = f"/admin/platforms/{place.registration.id}"
    form = ada.open(at).form(field="add-deployment_id")
    for unusable in (" ", "dé"):
        assert ada.submit(form, **{"add-deployment_id": unusable}).status == 422
    page = ada.submit(form, **{"add-deployment_id": "third"})

    assert "The deployment third is approved." in page.text
    known = {one.deployment_id: one.standing for one in registration(house).deployments}
    assert known["third"] is Standing.APPROVED


def test_a_deployment_of_another_tenant_is_not_added(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        other = make_place(session)
        session.get_one(Registration, other.registration.id).issuer = place.registration.issuer
    form = ada.open(f"/admin/platforms/{other.registration.id}").form(field="add-deployment_id")
    page = ada.submit(form, **{"add-deployment_id": "second"})

    assert page.status == 422
    assert place.tenant.name in page.text


def test_a_platform_is_switched_off_and_on(house: House, place: Place, press: Callable[..., Page]) -> None:
    at = f"/admin/platforms/{place.registration.id}"
    assert "nobody gets in" in press(at, "/switch").text
    assert not registration(house).enabled
    assert "nobody gets in" not in press(at, "/switch").text
    assert registration(house).enabled
    assert [deed[1] for deed in house.deeds()][-2:] == ["platform.disabled", "platform.enabled"]


def test_a_platform_nobody_used_is_removed_after_its_name_is_typed(house: House, ada: Browser) -> None:
    with house.rows() as session:
        tenant_named(session, "Northern College")
    page = type_in(ada)
    wrong = ada.submit(page.form(action="/remove"), **{"remove-typed": "Moodle"})
    assert wrong.status == 422
    assert registration(house).name == MOODLE["name"]
    done = ada.submit(wrong.form(action="/remove"), **{"remove-typed": MOODLE["name"]})

    assert f"{MOODLE['name']} is removed." in done.text
    with house.rows() as session:
        assert not session.scalars(select(Registration)).all()


def test_a_platform_people_came_through_is_switched_off_instead(
    house: House, ada: Browser, place: Place
) -> None:
    at = f"/admin/platforms/{place.registration.id}"
    page = ada.open(at)
    assert "1 person came through this platform" in page.text
    assert not [form for form in page.forms if form.action.endswith("/remove")]
    token = dict(page.form(field="add-deployment_id").fields)["add-csrf_token"]
    sent = {"remove-csrf_token": token, "remove-typed": place.registration.name}
    answer = ada.http.post(f"{at}/remove", data=sent)

    assert "everything is kept" in answer.text
    assert not registration(house).enabled


def test_platforms_are_found_by_name_issuer_client_and_tenant(house: House, ada: Browser) -> None:
    with house.rows() as session:
        places = [make_place(session) for _ in range(3)]
        session.get_one(Registration, places[1].registration.id).client_id = "100%_sure"

    def found(words: str, view: str = "all") -> list[str]:
        page = ada.open(f"/admin/platforms?q={words}&view={view}")
        return [one.registration.name for one in places if f">{one.registration.name}<" in page.html]

    assert len(found("")) == 3
    assert found(places[0].registration.name.upper()) == [places[0].registration.name]
    assert found("100%25_SURE") == [places[1].registration.name]
    assert found("%25") == [places[1].registration.name]
    assert found(places[2].tenant.name) == [places[2].registration.name]
    assert found("nothing-like-it") == []
    assert "No platform fits" in ada.open("/admin/platforms?q=nothing-like-it").text
    assert found("", "off") == []
    assert len(found("", "no-such-view")) == 3


def test_the_list_asks_as_many_questions_for_one_platform_as_for_fifty(
    house: House, ada: Browser, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    with house.rows() as session:
        make_place(session)
    with count_queries() as one:
        ada.open("/admin/platforms")
    with house.rows() as session:
        for _ in range(59):
            make_place(session)
    with count_queries() as many:
        page = ada.open("/admin/platforms")

    assert len(one) == len(many)
    assert page.html.count('<th scope="row">') == 50
    rest = ada.open(page.link("Next page"))
    assert rest.html.count('<th scope="row">') == 10


def test_a_platform_that_is_gone_is_not_found(ada: Browser) -> None:
    assert ada.open("/admin/platforms/999").status == 404
    assert ada.open("/admin/platforms/999/edit").status == 404
