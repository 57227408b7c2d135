"""The pages about the five roles, and what helps with them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from tests.support import reporting
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> Callable[..., Seat]:
    """Somebody new in front of the report."""

    def sit_down(name: str, *roles: LmsRole) -> Seat:
        actor: Actor = make_person(session, place, name, *roles)
        return reporting.seat(app, session, place, actor)

    return sit_down


def test_staff_add_order_and_remove_what_helps_with_a_role_and_everybody_reads_it(
    sit: Callable[..., Seat],
) -> None:
    staff, learner = sit("Tom Berg", LmsRole.INSTRUCTOR), sit("Ana Ruiz")
    for title in ("How to ask", "How to answer"):
        staff.fill_in(
            "/roles/creator",
            "/creator/resources",
            title=title,
            url="https://example.org/asking",
            why="It shows what a good one needs.",
        )
    page = learner.open("/roles/creator")
    said = text_of(page)
    assert said.index("How to ask") < said.index("How to answer")
    assert "Attentive" in said
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in page.get_data(as_text=True)
    assert "Add something that helps" not in said
    up = [form for form in _forms(staff) if form.endswith("/up")]
    page = staff.follow(staff.send(staff.form(staff.open("/roles/creator"), up[0])))
    said = text_of(page)
    assert said.index("How to answer") < said.index("How to ask")
    gone = next(form for form in _forms(staff) if form.endswith("/remove"))
    remove = staff.form(staff.open("/roles/creator"), gone)
    page = staff.follow(staff.send(remove))
    assert "How to answer" not in text_of(page)
    page = staff.follow(staff.send(remove))
    assert "It is not in the list any more." in text_of(page)
    assert page.request.path.endswith("/roles/creator")
    assert "1 thing that helps with it" in text_of(learner.open("/roles"))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//example.org/x", "ftp://example.org", "https://", "https://a b/"]
)
def test_only_addresses_of_the_web_are_taken(sit: Callable[..., Seat], address: str) -> None:
    staff = sit("Tom Berg", LmsRole.INSTRUCTOR)
    form = staff.form(staff.open("/roles/carrier"), "/carrier/resources")
    page = staff.send(form, title="Mine", url=address, why="Because.")
    assert page.status_code == 422
    assert "Write an address that begins with https:// or http://." in text_of(page)
    assert "Because." in page.get_data(as_text=True), "what was typed is kept"


def test_learners_add_nothing_and_there_are_five_roles(sit: Callable[..., Seat]) -> None:
    learner = sit("Ana Ruiz")
    token = dict(learner.form(learner.open("/mine"), "/mine/reading").fields)["csrf_token"]
    sent = {"csrf_token": token, "title": "x", "url": "https://example.org", "why": "y"}
    assert learner.client.post(learner.address("/roles/creator/resources"), data=sent).status_code == 403
    assert learner.open("/roles/leader").status_code == 404
    said = text_of(learner.open("/roles"))
    assert all(name in said for name in ("Consumer", "Creator", "Connector", "Carrier", "Caretaker"))
    assert "What members contest" not in said


def _forms(seat: Seat) -> list[str]:
    """Where the forms of the page about creators go."""
    html = seat.open("/roles/creator").get_data(as_text=True)
    return [part.split('"')[0] for part in html.split('action="')[1:]]
