"""Every link and every form on the pages of learners and staff leads somewhere."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Phase, ReviewState
from lmssocial.widgets.peer_rating.settings import Mode
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.seat import Seat
from tests.support.visitor import forms_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


def dead_ends(app: Flask, html: str) -> set[str]:
    """Addresses on a page that nothing answers at."""
    addresses = app.url_map.bind("localhost")
    wanted = {(href.replace("&amp;", "&"), "GET") for href in re.findall(r'<a [^>]*href="([^"]+)"', html)}
    wanted |= {(form.action, form.method.upper()) for form in forms_of(html, "http://localhost/")}
    dead = set()
    for address, method in wanted:
        path = re.sub(r"^http://localhost(?=/)", "", address).split("#")[0].split("?")[0]
        if not path.startswith("/w/"):
            continue
        try:
            addresses.match(path, method=method)
        except HTTPException:
            dead.add(f"{method} {path}")
    return dead


@pytest.mark.parametrize(
    ("phase", "mode"),
    [
        (Phase.SUBMIT, Mode.RUBRIC),
        (Phase.REVIEW, Mode.RUBRIC),
        (Phase.EVALUATE, Mode.RUBRIC),
        (Phase.RELEASED, Mode.RUBRIC),
        (Phase.REVIEW, Mode.PAIRS),
    ],
)
def test_every_link_leads_somewhere(
    app: Flask,
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    tom: Actor,
    seat: Sit,
    phase: Phase,
    mode: Mode,
) -> None:
    set_up(session, place, phase, mode=mode, opens_at=clock.now())
    hers, his = make_work(session, place, ana), make_work(session, place, ben, is_late=True)
    make_review(session, place, hers, ben)
    make_review(session, place, his, ana, levels=None, state=ReviewState.STARTED)
    session.commit()
    staff, found = seat(tom), set()
    person = f"/board/people/{ana.user_id}"
    pages = (
        "/board",
        "/board/works",
        "/board/pulse",
        person,
        f"{person}/extend",
        "/scores",
        "/scores/reviewers",
    )
    for path in (*pages, f"/works/{hers.id}/score", "/board/history"):
        page = staff.open(path)
        assert page.status_code == 200, path
        found |= dead_ends(app, page.get_data(as_text=True))
    for learner in (ana, ben, cleo):
        found |= dead_ends(app, seat(learner).open("/").get_data(as_text=True))
    assert not found
