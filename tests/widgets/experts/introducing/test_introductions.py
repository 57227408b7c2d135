"""Bringing two people together: both say for themselves, and nobody learns of a no."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.introducing import queries, service, tick
from lmssocial.widgets.experts.introducing.queries import Show
from lmssocial.widgets.experts.introducing.rules import MOST_A_DAY, Standing
from lmssocial.widgets.experts.introducing.service import IntroductionDraft, Picked
from lmssocial.widgets.experts.models import Introduction
from tests.conftest import TestClock
from tests.support.discussion import HOLD, let_pass
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of
from tests.widgets.experts.budget import statements_of

Sit = Callable[[Actor], Seat]
WHY = "Both of you measure threads on the same machine."


@pytest.fixture
def dora(session: Session, place: Place) -> Actor:
    """A fourth learner, who knows people."""
    return make_person(session, place, "Dora Quist")


@pytest.fixture
def introduction(session: Session, place: Place, ana: Actor, ben: Actor, dora: Actor) -> Introduction:
    """Dora thinks that Ana and Ben should meet."""
    return introduce(session, place, dora, ana, ben)


def introduce(session: Session, place: Place, by: Actor, first: Actor, second: Actor) -> Introduction:
    """Bring two together."""
    draft = IntroductionDraft(first_id=first.user_id, second_id=second.user_id, why=WHY)
    return service.introduce(session, let_pass, by, place.placement.id, draft)


def names_of(session: Session) -> list[str]:
    """What the log tells, in order."""
    with unit_of_work(session):
        pass
    return list(session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id)))


def test_two_who_both_say_yes_meet_and_can_write_to_each_other(
    session: Session, introduction: Introduction, ana: Actor, ben: Actor, cleo: Actor, dora: Actor
) -> None:
    text = Writing(source="Which gauge do you use?", submission_key="one")
    service.respond(session, ana, introduction.id, wants=True)
    with pytest.raises(Conflict):
        service.say(session, let_pass, ana, introduction.id, text)
    service.respond(session, ben, introduction.id, wants=True)
    for _turn in range(2):
        assert service.say(session, let_pass, ana, introduction.id, text) is Visible.PUBLISHED
    assert service.say(session, HOLD, ben, introduction.id, Writing(source="Mine.")) is Visible.HELD
    assert [len(queries.written(session, one, introduction.id)) for one in (ana, ben, dora)] == [1, 2, 0]
    for stranger in (cleo, dora):
        with pytest.raises(NotFound):
            service.say(session, let_pass, stranger, introduction.id, text)
    assert names_of(session).count("experts.introduction_written") == 1
    assert "experts.introduction_met" in names_of(session)


def _seen(browser: Seat, path: str) -> str:
    """A page without what differs each time it is opened."""
    html = browser.open(path).get_data(as_text=True)
    return re.sub(r'(name="csrf_token" value|nonce|value)="[^"]{20,}"', "", html)


def test_a_no_looks_like_silence_to_everybody_else_at_every_moment(
    session: Session, introduction: Introduction, ana: Actor, ben: Actor, dora: Actor, seat: Sit
) -> None:
    number = introduction.id
    session.commit()
    refuses, waits, connects = (seat(one) for one in (ana, ben, dora))
    pages = (f"/introductions/{number}", "/introductions", "/introductions?show=made", "/")
    others = [(waits, page) for page in pages] + [(connects, page) for page in pages]

    def looks() -> list[str]:
        return [_seen(browser, page) for browser, page in others]

    said_nothing = looks()
    form = refuses.form(refuses.open(f"/introductions/{number}"), "/respond")
    assert "Nobody is told" in text_of(refuses.follow(refuses.send(form, button="no")))
    assert looks() == said_nothing
    with unit_of_work(session):
        service.respond(session, ben, number, wants=True)
    session.rollback()
    made = names_of(session)
    assert made == ["experts.introduction_made"]
    assert "nobody is told who said what" in text_of(connects.open(f"/introductions/{number}"))
    with unit_of_work(session):
        again = session.get_one(Introduction, number)
        again.first_says = None
    session.rollback()
    silent = looks()
    with unit_of_work(session):
        session.get_one(Introduction, number).first_says = False
    session.rollback()
    assert looks() == silent


def test_it_ends_after_a_fortnight_whatever_was_said_and_not_before(
    session: Session,
    clock: TestClock,
    introduction: Introduction,
    ana: Actor,
    ben: Actor,
    dora: Actor,
) -> None:
    service.respond(session, ana, introduction.id, wants=False)
    service.respond(session, ben, introduction.id, wants=False)
    clock.tick(days=13, hours=23)
    assert list(session.scalars(tick.due())) == []
    views = [queries.introduction(session, one, introduction.id) for one in (ana, ben, dora)]
    assert {view.standing for view in views} == {Standing.WAITS}
    assert [view.i_say for view in views] == [False, False, None]
    clock.tick(hours=1)
    assert queries.introduction(session, dora, introduction.id).standing is Standing.NOTHING
    with pytest.raises(Conflict):
        service.respond(session, ana, introduction.id, wants=True)
    assert list(session.scalars(tick.due())) == [introduction.id]
    service.end(session, introduction.id)
    service.end(session, introduction.id)
    assert names_of(session).count("experts.introduction_ended") == 1
    assert list(session.scalars(tick.due())) == []


def test_who_cannot_be_brought_together(
    session: Session,
    place: Place,
    introduction: Introduction,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    dora: Actor,
) -> None:
    far = make_person(session, make_place(session, widget="experts", beside=place))
    for first, second in ((ana, ana), (ana, dora), (ana, far), (ben, ana)):
        with pytest.raises(Picked):
            introduce(session, place, dora, first, second)
    with pytest.raises(Picked):
        introduce(session, place, cleo, ana, ben)
    draft = IntroductionDraft(first_id=ana.user_id, second_id=cleo.user_id, why=WHY)
    with pytest.raises(Invalid):
        service.introduce(session, HOLD, dora, place.placement.id, draft)
    for number in range(MOST_A_DAY - 1):
        introduce(session, place, dora, ana, make_person(session, place, f"New {number}"))
    with pytest.raises(Conflict):
        introduce(session, place, dora, ben, cleo)
    assert introduction.by_id == dora.user_id


def test_two_people_are_found_by_name_and_brought_together_on_pages(
    session: Session, place: Place, ana: Actor, ben: Actor, dora: Actor, seat: Sit
) -> None:
    for number in range(3):
        introduce(session, place, ben, ana, make_person(session, place, f"New {number}"))
    browser = seat(dora)
    page = browser.open(f"/introductions/new?first={ana.user_id}&q=okoro")
    assert f"first={ana.user_id}&amp;second={ben.user_id}" in page.get_data(as_text=True)
    chosen = f"/introductions/new?first={ana.user_id}&second={ben.user_id}"
    empty = browser.send(browser.form(browser.open(chosen), "/introductions/new"), why="")
    assert (empty.status_code, "Ben Okoro" in text_of(empty)) == (422, True)
    page = browser.fill_in(chosen, "/introductions/new", why=WHY)
    assert "Both are asked" in text_of(page)
    few = statements_of(browser, "/introductions?show=made")
    session.rollback()
    for first in (ana, ben):
        introduce(session, place, dora, first, make_person(session, place, f"For {first.name}"))
    session.commit()
    assert statements_of(browser, "/introductions?show=made") == few
    session.rollback()
    assert len(queries.page(session, ana, Show.TO_ANSWER).lines) == 5
