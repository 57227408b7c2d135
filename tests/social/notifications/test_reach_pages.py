"""Saying when and how one may be reached."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications import reaching
from lmssocial.social.notifications.models import Notice, Reachability, Rhythm
from lmssocial.social.notifications.reach import Reach
from lmssocial.social.notifications.reach_forms import known_zones, zones
from tests.conftest import TestClock
from tests.social.notifications.conftest import SitDown
from tests.support.discussion import PostThread, Reply
from tests.support.notices import tell
from tests.support.seat import Seat

CHOSEN: dict[str, str | None] = {
    "reach-mail": "y",
    "reach-rhythm": "weekly",
    "reach-day": "4",
    "reach-hour": "16",
    "reach-zone": "America/Argentina/Buenos_Aires",
    "reach-quiet_from": "22:00",
    "reach-quiet_until": "06:30",
}


def has_address(session: Session, actor: Actor) -> None:
    session.get_one(User, actor.user_id).email = "ana@example.edu"
    session.flush()


def send(desk: Seat, *, form: bool = True, **changes: str | None) -> TestResponse:
    """Send the form with what is chosen above and these changes; without ``form`` as another site would."""
    token = dict(desk.form(desk.open("/settings"), "/reach").fields)["reach-csrf_token"] if form else ""
    named = {f"reach-{name}": value for name, value in changes.items()}
    data = {name: value for name, value in (CHOSEN | named).items() if value is not None}
    return desk.client.post(desk.address("/reach"), data=data | {"reach-csrf_token": token})


def stored(engine: Engine, actor: Actor) -> Reachability | None:
    with Session(engine) as session:
        return session.get(Reachability, actor.user_id)


def test_who_has_no_address_in_the_lms_is_told_so(seat: SitDown, ana: Actor) -> None:
    page = seat(ana).open("/settings")
    assert "Your LMS gives us no e-mail address of yours" in page.text
    assert "Send me e-mail" not in page.text


@pytest.mark.usefixtures("clock")
def test_what_was_chosen_is_stored_and_shown(
    session: Session, engine: Engine, seat: SitDown, ana: Actor
) -> None:
    has_address(session, ana)
    desk = seat(ana)
    page = desk.open("/settings")
    assert "ana@example.edu" in page.text
    assert "data-guess-zone" in page.text

    answer = send(desk)

    assert answer.status_code == 303
    row = stored(engine, ana)
    assert row is not None
    assert (row.mail, row.rhythm, row.digest_day, row.digest_hour) == (True, Rhythm.WEEKLY, 4, 16)
    assert (row.zone, row.quiet_from, row.quiet_until) == (CHOSEN["reach-zone"], time(22), time(6, 30))
    assert row.next_digest_at == datetime(2026, 3, 6, 19, tzinfo=UTC)
    again = desk.open("/settings").text
    assert "data-guess-zone" not in again
    assert (
        '<option selected value="America/Argentina/Buenos_Aires">Argentina / Buenos Aires</option>' in again
    )


def test_no_mail_at_all_is_one_box_less(session: Session, engine: Engine, seat: SitDown, ana: Actor) -> None:
    has_address(session, ana)
    send(seat(ana), mail=None)
    row = stored(engine, ana)
    assert row is not None
    assert (row.mail, row.next_digest_at) == (False, None)


def test_quiet_hours_need_both_ends_and_what_was_chosen_is_kept(
    session: Session, engine: Engine, seat: SitDown, ana: Actor
) -> None:
    has_address(session, ana)

    answer = send(seat(ana), quiet_until="")

    assert answer.status_code == 422
    assert "Say both when your quiet hours begin and when they end" in answer.text
    assert '<option selected value="16">16:00</option>' in answer.text
    assert stored(engine, ana) is None


def test_a_zone_that_does_not_exist_is_refused(
    session: Session, engine: Engine, seat: SitDown, ana: Actor
) -> None:
    has_address(session, ana)
    answer = send(seat(ana), zone="../../etc/passwd")
    assert answer.status_code == 422
    assert stored(engine, ana) is None


def test_a_form_of_somebody_else_is_refused(
    session: Session, engine: Engine, seat: SitDown, ana: Actor
) -> None:
    has_address(session, ana)
    answer = send(seat(ana), form=False)
    assert answer.status_code == 422
    assert stored(engine, ana) is None


def test_every_zone_is_offered_once_in_a_group() -> None:
    offered = [choice.value for choice in zones()]
    assert set(offered) == known_zones()
    assert len(offered) == len(set(offered)) > 300
    assert {"Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires"} <= set(offered)
    assert {choice.optgroup for choice in zones()} >= {"Africa", "America", "Asia", "Europe", "Pacific"}


def test_what_waits_for_a_digest_goes_by_what_was_said_since(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    reply(ben, post_thread(ana).post_id)
    reply(ben, post_thread(ana).post_id)
    tell(session)
    waiting, fresh = session.scalars(select(Notice).order_by(Notice.id))
    waiting.mail_at = clock.now + timedelta(days=5)
    session.flush()
    clock.tick(minutes=1)

    reaching.save(session, ana.user_id, Reach(hour=10))

    session.expire_all()
    assert waiting.mail_at == clock.now
    assert fresh.mail_at == clock.now + timedelta(minutes=9)
