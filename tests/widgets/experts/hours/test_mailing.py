"""Invitations reach both at once, as calendars understand them, and only those who want mail."""

from email import message_from_bytes
from email.policy import default
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.relay import relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.mail import Letter
from lmssocial.core.mail.message import compose
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications.deliveries import send_due
from lmssocial.social.notifications.models import Delivery, Reachability
from lmssocial.widgets.experts.hours import booking, hosting, mailing
from lmssocial.widgets.experts.hours_models import OfficeHour
from tests.conftest import TestClock
from tests.support.hours import at, read
from tests.support.outgoing import Mailbox, outgoing

FIRST = at(9)


def give_address(session: Session, *people: Actor) -> None:
    """Let people be known by an address such as ``ana@example.edu``."""
    for person in people:
        session.get_one(User, person.user_id).email = f"{person.name.split()[0].lower()}@example.edu"
    session.commit()


@pytest.mark.one_database
@pytest.mark.usefixtures("db_url")
def test_both_get_an_invitation_at_once_and_a_cancellation_that_is_newer(
    session: Session, hour: OfficeHour, ana: Actor, tom: Actor, ben: Actor, clock: TestClock
) -> None:
    give_address(session, ana, tom)  # Ben has none
    mailbox, sessions, hour_id = Mailbox(), sessionmaker(session.get_bind()), hour.id
    out = outgoing(mailbox.channel(), sender="Forum <post@example.edu>")
    session.rollback()

    def goes_out() -> dict[str, tuple[str, Any]]:
        """What was sent to whom since the last time."""
        mailbox.messages.clear()
        relay(sessions, {mailing.READER: partial(mailing.follow, out)})
        send_due(sessions, out.channels)
        return {one.address: (one.title, read(one.calendar)) for one in mailbox.messages}

    goes_out()  # the reader of the log begins here
    with unit_of_work(session):
        mine = booking.book(session, ana, hour_id, FIRST)
        booking.wait(session, ben, hour_id, FIRST)
        booking_id = mine.id
    sent = goes_out()
    assert set(sent) == {"ana@example.edu", "tom@example.edu"}
    title, invited = sent["ana@example.edu"]
    (event,) = invited.walk("VEVENT")
    assert title.startswith("You have a meeting with Tom Berg. Mon, Mar 9, 2026, 10:00")
    assert (invited["METHOD"], event["SEQUENCE"], str(event["STATUS"])) == ("REQUEST", 0, "CONFIRMED")
    assert "mailto:ana@example.edu" in {str(one) for one in event["ATTENDEE"]}
    [text] = [one.text for one in mailbox.messages if one.address == "ana@example.edu"]
    assert "You have a meeting with Tom Berg: Statistics, Mon, Mar 9" in text
    assert b"tom@example.edu" not in invited.to_ical()  # nobody learns an address from it
    assert b"ana@example.edu" not in sent["tom@example.edu"][1].to_ical()
    assert goes_out() == {}

    clock.tick(minutes=1)
    with unit_of_work(session):
        hosting.call_off_meeting(session, tom, hour_id, FIRST, "I am ill.")
    title, newer = goes_out()["ana@example.edu"]
    (cancelled,) = newer.walk("VEVENT")
    assert title.startswith("Tom Berg called the meeting off.")
    assert (newer["METHOD"], str(cancelled["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (cancelled["UID"], cancelled["SEQUENCE"]) == (event["UID"], 1)
    assert booking_id


@pytest.mark.one_database
@pytest.mark.usefixtures("db_url")
def test_who_wants_no_mail_gets_none_and_quiet_hours_delay_what_others_did(
    session: Session, hour: OfficeHour, ana: Actor, tom: Actor, clock: TestClock
) -> None:
    quiet = {"quiet_from": clock.now.time().replace(hour=8), "quiet_until": clock.now.time().replace(hour=12)}
    session.add(Reachability(user_id=tom.user_id, **quiet))
    session.add(Reachability(user_id=ana.user_id, mail=False))
    give_address(session, ana, tom)
    sessions, hour_id = sessionmaker(session.get_bind()), hour.id
    out = outgoing()
    session.rollback()
    relay(sessions, {mailing.READER: partial(mailing.follow, out)})
    with unit_of_work(session):
        booking.book(session, ana, hour_id, FIRST)

    relay(sessions, {mailing.READER: partial(mailing.follow, out)})

    (delivery,) = session.scalars(select(Delivery)).all()
    assert (delivery.user_id, delivery.next_at) == (tom.user_id, at(12, day=2))


def test_mail_programs_find_the_invitation_beside_the_words_and_as_a_file() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Größe\r\nEND:VCALENDAR\r\n"
    letter = Letter(key="k", to="ana@example.edu", title="T", text="x\n", html="<p>x</p>", calendar=calendar)

    message = message_from_bytes(compose(letter, "post@example.edu").as_bytes(), policy=default)

    words, file = message.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    invitation = list(words.iter_parts())[-1]
    assert invitation.get_param("method") == "REQUEST"  # RFC 6047 §2.4
    assert invitation.get_payload(decode=True) == calendar.encode()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert message.get_content_type() == "multipart/mixed"
