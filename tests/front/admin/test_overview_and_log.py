"""The first page and the log."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

import lmssocial_reporting
from lmssocial.core.activity.usage import Usage
from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.events import Event
from lmssocial.front.admin import log, platforms, words
from lmssocial.front.admin.models import LogEntry
from tests.front.admin.conftest import ORIGIN, Browser, House, said
from tests.support.people import make_person, make_place


def test_an_empty_installation_is_told_how_to_begin(ada: Browser) -> None:
    page = ada.open("/admin/")

    assert "Connect your first LMS" in page.text
    assert page.link("Make an invitation") == f"{ORIGIN}/admin/invitations"
    assert "Nothing was recorded" in page.text


def test_every_event_of_our_own_has_words() -> None:
    happens = {event.name for event in events_of(Event) if event.__module__.startswith("lmssocial")}
    happens |= {event.name for event in lmssocial_reporting.lmssocial_register_event_types()}
    assert "discussion.thread_locked" in happens
    assert happens == set(words.EVENTS)


def events_of(kind: type[Event]) -> Iterator[type[Event]]:
    """Every kind of event that can be recorded."""
    for below in kind.__subclasses__():
        yield from events_of(below)
        if "name" in vars(below):
            yield below


def test_the_last_week_is_counted_by_tenant(house: House, ada: Browser) -> None:
    with house.rows() as session:
        place = make_place(session)
        make_person(session, place)
        other = make_place(session)
        today = the_clock.now().date()
        session.add(Usage(tenant_id=place.tenant.id, day=today, name="discussion.reply_posted", count=148))
        session.add(Usage(tenant_id=other.tenant.id, day=today, name="reporting.table_made", count=2))
    page = ada.open("/admin/")

    assert f"{place.tenant.name} What happened in" in said(page)
    assert "Replies 148" in said(page)
    assert "Reporting: table made 2" in said(page)
    assert "1 person" in said(page)
    assert said(page).index(place.tenant.name) < said(page).index(other.tenant.name)


def test_the_log_goes_on_page_by_page(house: House, ada: Browser) -> None:
    with house.rows() as session:
        for number in range(120):
            log.note(session, log.By("grace"), "platform.edited", f"Platform {number:03}")
    seen: list[str] = []
    page = ada.open("/admin/log")
    while True:
        seen += [word for word in page.text.split() if word.isdigit() and len(word) == 3]
        if "Older entries" not in page.text:
            break
        page = ada.open(page.link("Older entries"))

    assert seen == [f"{number:03}" for number in reversed(range(120))]


@pytest.mark.parametrize("before", ["0", "-5", "99999999999999999999", "many"])
def test_an_odd_place_in_the_log_is_no_fault(ada: Browser, before: str) -> None:
    assert ada.open(f"/admin/log?before={before}").status == 200


def test_an_action_of_another_version_is_shown_by_its_code(house: House, ada: Browser) -> None:
    with house.rows() as session:
        log.note(session, log.By("grace"), "future.deed", "Something")

    assert "future.deed" in ada.open("/admin/log").text


def test_every_action_that_is_written_has_words(house: House, ada: Browser) -> None:
    del ada
    with house.rows() as session:
        written = set(session.scalars(select(LogEntry.action)))

    assert written
    assert written <= words.ACTIONS.keys()


def test_what_does_not_happen_is_not_in_the_log(house: House) -> None:
    def fail_after_noting() -> None:
        with house.rows() as session:
            log.note(session, log.By("grace"), "platform.edited", "Never")
            platforms.platform(session, 999)

    with pytest.raises(NotFound):
        fail_after_noting()

    assert not house.deeds()


def test_a_long_subject_is_cut_to_what_the_column_holds(house: House) -> None:
    with house.rows() as session:
        log.note(session, log.By("grace"), "platform.edited", "x" * 500)

    assert house.deeds() == [("grace", "platform.edited", "x" * 300)]
