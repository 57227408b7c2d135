"""The page of launches: what became of each, in words, and which one a reference stands for."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from lmssocial.front.admin.launches import PAGE
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launches import What
from lmssocial.lms.lti.causes import CLOCK_OFF
from tests.front.admin.conftest import ORIGIN, Browser, House, said
from tests.support.people import Place, make_place
from tests.support.queries import Queries


def came(house: House, *launched: What) -> None:
    """Write launches down, the oldest first."""
    with house.rows() as session:
        for what in launched:
            launches.record(session, what)


def of(place: Place, cause: str = "", **more: object) -> What:
    """What a launch of the platform of ``place`` leaves."""
    return What(
        tenant_id=place.tenant.id,
        registration_id=place.registration.id,
        deployment_id="d1",
        cause=cause,
        **{"message_type": "LtiResourceLinkRequest", "took_ms": 31, **more},  # type: ignore[arg-type]
    )


@pytest.fixture
def place(house: House) -> Place:
    """A platform with a course."""
    with house.rows() as session:
        return make_place(session)


def test_before_anybody_came_the_page_says_what_will_stand_there(ada: Browser) -> None:
    assert "Nobody has come yet" in said(ada.open("/admin/launches"))


def test_a_refusal_is_told_in_words_with_its_detail_folded(house: House, ada: Browser, place: Place) -> None:
    came(house, of(place, "clock_off", detail="issued <3600> s in the future", reference="8fdb37ad"))

    page = ada.open("/admin/launches")

    text = said(page)
    assert "The clocks do not agree Refused" in text
    assert "What it means: The LMS's clock and ours differ by more than a minute." in text
    assert "What helps: Set both by NTP." in text
    assert CLOCK_OFF.words.message in text, "what the person read"
    assert "issued <3600> s in the future" in text
    assert "&lt;3600&gt;" in page.html
    assert page.html.index("<details") < page.html.index("&lt;3600&gt;"), "folded"
    assert page.link(place.registration.name) == f"{ORIGIN}/admin/platforms/{place.registration.id}"


def test_who_was_let_in_is_told_by_course_and_not_by_name(house: House, ada: Browser, place: Place) -> None:
    came(house, of(place, course_id=place.course.id, way="cookie", skew_ms=12_400))
    text = said(ada.open("/admin/launches"))
    assert f"{place.course.title} Let in" in text
    assert "opened an activity" in text
    assert "by cookie" in text
    assert "12 seconds ahead of ours" in text


def test_a_reference_that_is_read_out_leads_to_its_launch(house: House, ada: Browser, place: Place) -> None:
    came(house, of(place, "clock_off", reference="aaaa0001"), of(place, "target_other", reference="bbbb0002"))
    page = ada.open("/admin/launches")
    found = ada.submit(page.form(field="reference"), reference=" BBBB0002 ")
    assert "target_other" in said(found)
    assert "clock_off" not in said(found)
    missing = ada.submit(page.form(field="reference"), reference="cccc")
    assert "No launch has this reference" in said(missing)


def test_launches_are_narrowed_by_platform_refusal_and_cause(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        other = make_place(session)
    came(
        house,
        of(place, course_id=place.course.id),
        of(place, "clock_off", reference="aaaa0001"),
        of(other, "target_other", reference="bbbb0002"),
        What(cause="platform_unknown", reference="cccc0003"),
    )

    def references(query: str) -> list[str]:
        text = said(ada.open(f"/admin/launches?{query}"))
        return [one for one in ("aaaa0001", "bbbb0002", "cccc0003") if one in text]

    assert references("view=refused") == ["aaaa0001", "bbbb0002", "cccc0003"]
    assert "Let in" not in said(ada.open("/admin/launches?view=refused"))
    assert references(f"platform={other.registration.id}") == ["bbbb0002"]
    assert references("cause=platform_unknown") == ["cccc0003"]
    assert "platform unknown" in said(ada.open("/admin/launches?cause=platform_unknown"))
    assert "No launch fits" in said(ada.open("/admin/launches?cause=from-another-version"))


def test_the_list_goes_on_page_by_page_at_the_same_cost(
    house: House, ada: Browser, place: Place, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    came(house, of(place, "clock_off", reference="00000000"))
    with count_queries() as few:
        ada.open("/admin/launches?view=refused")
    came(house, *(of(place, "clock_off", reference=f"{number:08x}") for number in range(1, PAGE * 2)))
    seen: list[str] = []
    with count_queries() as many:
        page = ada.open("/admin/launches?view=refused")
    assert len(few) == len(many)
    while True:
        seen += [word for word in said(page).split() if len(word) == 8 and word.startswith("000000")]
        if "Older launches" not in page.text:
            break
        page = ada.open(page.link("Older launches"))
    shown = list(dict.fromkeys(seen))
    assert shown == [f"{number:08x}" for number in reversed(range(PAGE * 2))]


@pytest.mark.parametrize(
    "query",
    [
        "before=many",
        "before=99999999999999999999",
        "platform=x",
        "platform=-1",
        "cause=%00",
        "view=odd",
        "reference=%00",
    ],
)
def test_an_odd_address_is_no_fault(ada: Browser, query: str) -> None:
    assert ada.open(f"/admin/launches?{query}").status == 200
