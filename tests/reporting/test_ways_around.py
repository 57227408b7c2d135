"""Ways through the report: tabs keep the courses one chose, pages say where one is, addresses lead on."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial_reporting.blueprint import Tab, tabs_of
from lmssocial_reporting.settings import Settings
from tests.support import reporting
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it

Sit = Callable[[Actor], Seat]

OF_THE_COURSE = {"My part", "The five roles"}
FILES = {"chart", "edge"}
"""The first words of views that answer with a file."""
NOT_YOURS = "Only administrators write, publish and settle what is for all courses together."


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def uma(session: Session, place: Place) -> Actor:
    """Somebody who administers the course."""
    return make_person(session, place, "Uma Roy", LmsRole.ADMINISTRATOR)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def whole(session: Session, place: Place) -> None:
    """All staff read of all courses together."""
    plugin_settings.configure(
        session, "reporting", {"whole_tenant": "staff"}, level=Level.TENANT, place_id=place.tenant.id
    )


def tabs(seat: Seat, path: str) -> dict[str, tuple[str, str]]:
    """The tabs of a page: where each leads, and how it is marked."""
    page = seat.open(path)
    assert page.status_code == 200, text_of(page)
    (listed,) = re.findall(r'<ul class="tabs list-tabs">(.*?)</ul>', page.get_data(as_text=True), re.DOTALL)
    found = re.findall(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>([^<]*)</a>', listed)
    return {label: (href, current) for href, current, label in found}


def marked(seat: Seat, path: str) -> dict[str, str]:
    """How the tabs of a page are marked, of those that are."""
    return {label: current for label, (_href, current) in tabs(seat, path).items() if current}


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    "path", ["/", "/target", "/target/new", "/skills", "/monitors/threads", "/reports", "/reports/now"]
)
def test_tabs_keep_the_courses_that_were_chosen(sit: Sit, uma: Actor, path: str) -> None:
    found = tabs(sit(uma), f"{path}?of=all")
    assert {label for label, (href, _) in found.items() if not href.endswith("?of=all")} == OF_THE_COURSE
    assert not any("of=" in href for href, _ in tabs(sit(uma), path).values())


@pytest.mark.usefixtures("whole")
def test_pages_of_the_course_lead_to_pages_of_the_course(sit: Sit, uma: Actor) -> None:
    assert not any("of=" in href for href, _ in tabs(sit(uma), "/mine?of=all").values())


@pytest.mark.usefixtures("whole")
def test_the_draft_as_a_report_is_chosen_for_all_courses_like_the_others(sit: Sit, uma: Actor) -> None:
    said = sit(uma).open("/reports/now").get_data(as_text=True)
    assert "/reports/now?of=all" in said


@pytest.mark.parametrize(
    ("path", "label", "mark"),
    [
        ("/", "Profile", "page"),
        ("/definition", "Profile", "true"),
        ("/target/new", "Target", "true"),
        ("/mine/assess", "My part", "true"),
        ("/roles/carrier", "The five roles", "true"),
        ("/contested", "The five roles", "true"),
        ("/monitors/network", "Network", "page"),
        ("/reports", "Written report", "page"),
        ("/reports/now", "Written report", "true"),
        ("/reports/publish", "Written report", "true"),
        ("/reports/draft/findings", "Written report", "true"),
        ("/receivers", "Written report", "true"),
    ],
)
def test_the_tab_is_marked_to_which_a_page_belongs(
    sit: Sit, tom: Actor, path: str, label: str, mark: str
) -> None:
    assert marked(sit(tom), path) == {label: mark}


def test_every_page_belongs_to_one_tab(app: Flask, tom: Actor) -> None:
    all_tabs: tuple[Tab, ...] = tabs_of(tom, Settings())
    words = [word for tab in all_tabs for word in tab.holds]
    assert len(words) == len(set(words))
    rules = [rule for rule in app.url_map.iter_rules() if "/x/reporting/" in rule.rule]
    assert len(rules) > 30
    pages = {rule.endpoint.rpartition(".")[2].partition("_")[0] for rule in rules}
    assert pages == set(words) | FILES


def test_what_is_sent_elsewhere_is_found_beside_the_written_report_by_those_who_may_read_it(
    sit: Sit, tom: Actor, ana: Actor
) -> None:
    assert "/x/reporting/receivers" in sit(tom).open("/reports").get_data(as_text=True)
    assert "Sent elsewhere" not in text_of(sit(ana).open("/reports"))


def test_what_is_sent_elsewhere_says_where_and_how_much_waits(
    sit: Sit, session: Session, place: Place, tom: Actor
) -> None:
    plugin_settings.configure(
        session,
        "reporting",
        {"lrs_url": "https://lrs.example.edu/xapi"},
        level=Level.TENANT,
        place_id=place.tenant.id,
    )
    assert "Where lrs.example.edu Arrived so far 0 Waiting 0" in text_of(sit(tom).open("/receivers"))


def test_who_may_not_read_of_all_courses_is_told_who_decides_that(sit: Sit, tom: Actor, ana: Actor) -> None:
    refused = sit(tom).open("/?of=all")
    assert refused.status_code == 403
    assert "Who reads all courses together is set by the administrators." in text_of(refused)
    assert "Only stewards and staff of this course see this page." in text_of(sit(ana).open("/?of=all"))


@pytest.mark.usefixtures("whole")
def test_who_only_reads_of_all_courses_neither_writes_nor_publishes_for_them(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    for path in ("target/new", "reports/now", "reports/now.csv", "reports/publish", "reports/draft/findings"):
        refused = seat.open(f"/{path}?of=all")
        assert (refused.status_code, NOT_YOURS in text_of(refused)) == (403, True), path
        assert seat.open(f"/{path}").status_code == 200, path
    for path in ("target", "reports"):
        assert NOT_YOURS in text_of(seat.open(f"/{path}?of=all")), "why there is nothing to press"
        assert NOT_YOURS not in text_of(seat.open(f"/{path}"))
    page = seat.open("/reports?of=all").get_data(as_text=True)
    assert "/reports/publish" not in page
    assert "/reports/draft" not in page
    assert "/target/new" not in seat.open("/target?of=all").get_data(as_text=True)
    assert "of=all" not in seat.open("/reports/now").get_data(as_text=True)


@pytest.mark.usefixtures("whole")
def test_a_report_on_all_courses_is_withdrawn_by_administrators_only(
    sit: Sit, tom: Actor, uma: Actor
) -> None:
    administrator, teacher = sit(uma), sit(tom)
    form = administrator.form(administrator.open("/reports/publish?of=all"), "/reports/publish?of=all")
    sent = administrator.send(form, title="All of us")
    address = sent.headers["Location"].rpartition("/x/reporting")[2]
    path = address.partition("?")[0]
    assert path + "/withdraw" not in teacher.open(address).get_data(as_text=True)
    refused = teacher.open(f"{path}/withdraw?of=all")
    assert (refused.status_code, NOT_YOURS in text_of(refused)) == (403, True)
    assert administrator.open(f"{path}/withdraw?of=all").status_code == 200


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/target/2/comment", "/target/2"),
        ("/target/2/setters/3/drop", "/target/2/setters"),
        ("/roles/carrier/resources", "/roles/carrier"),
        ("/resources/3/remove", "/roles"),
        ("/mine/reading", "/mine"),
        ("/mine/withhold?back=2", "/mine?back=2"),
        ("/mine/assess/ask", "/mine/assess"),
    ],
)
def test_an_address_that_forms_are_sent_to_leads_to_the_page_of_the_form(
    sit: Sit, tom: Actor, address: str, page: str
) -> None:
    answer = sit(tom).open(address)
    assert (answer.status_code, answer.location.rpartition("/x/reporting")[2]) == (303, page)


def test_whatever_can_be_sent_to_the_report_can_be_opened_too(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "/x/reporting/" in rule.rule]
    sent = {rule.rule for rule in rules if "POST" in (rule.methods or ())}
    assert len(sent) > 20
    assert not sent - {rule.rule for rule in rules if "GET" in (rule.methods or ())}


def test_readers_that_are_stewards_leave_learners_the_tabs_of_their_own(
    sit: Sit, session: Session, place: Place, ana: Actor
) -> None:
    reporting.turn_on(session, place, readers="stewards")
    assert set(tabs(sit(ana), "/mine")) == OF_THE_COURSE
