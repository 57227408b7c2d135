"""Mail: what is on its way, what was given up, and having it tried again."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.app import histories
from lmssocial.core.hooks import Channel, ChannelMessage, PluginHost, Undeliverable
from lmssocial.core.kernel.clock import now
from lmssocial.front.health.checks import Installation, examine
from lmssocial.front.health.finding import Finding
from lmssocial.settings import Settings
from lmssocial.social.notifications import deliveries
from lmssocial.social.notifications.models import Condition, Delivery
from tests.fakes.mail_server import mail_server
from tests.front.admin.conftest import Browser, House, said
from tests.support.people import make_person, make_place
from tests.support.visitor import Page


def put(house: House, *addresses: str, age: timedelta = timedelta()) -> None:
    """Put a message on its way to each address."""
    with house.rows() as session:
        ana = make_person(session, make_place(session), "Ana")
        for address in addresses:
            session.add(
                Delivery(
                    tenant_id=ana.tenant_id,
                    user_id=ana.user_id,
                    channel="email",
                    key=f"test:{address}",
                    address=address,
                    title="Something private",
                    text="Something private",
                    html="",
                    created_at=now() - age,
                    next_at=now() - age,
                )
            )


def work(house: House, send: Callable[[ChannelMessage], None]) -> None:
    """One round of the worker."""
    channels = {"email": Channel(name="email", title="", send=send)}
    deliveries.send_due(sessionmaker(house.engine), channels)


def refuse(_message: ChannelMessage) -> None:
    raise Undeliverable("550 no such user <b>here</b>")


def press(browser: Browser, action: str) -> Page:
    """The page after the button was pressed that sends something to ``action``."""
    page = browser.open("/admin/mail")
    [form] = [form for form in page.forms if form.action.endswith(action)]
    return browser.submit(form)


def rows(house: House) -> list[Delivery]:
    with Session(house.engine) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def conditions(house: House) -> list[Condition]:
    return [row.condition for row in rows(house)]


@pytest.fixture
def ada(house: House) -> Browser:
    """An administrator who is signed in."""
    return house.sign_in()


def test_an_empty_page_says_what_will_stand_there(ada: Browser) -> None:
    page = ada.open("/admin/mail")
    assert "Nothing is on its way." in said(page)
    assert "Try all again" not in said(page)


def test_what_was_given_up_is_shown_with_what_was_said_and_not_what_it_says(
    house: House, ada: Browser
) -> None:
    put(house, "nobody@example.edu")
    work(house, refuse)

    page = ada.open("/admin/mail")

    assert "nobody@example.edu" in said(page)
    assert "550 no such user <b>here</b>" in said(page)
    assert "<b>here</b>" not in page.html
    assert "Something private" not in page.html


def test_one_message_or_all_can_be_tried_again(house: House, ada: Browser) -> None:
    put(house, "one@example.edu", "two@example.edu")
    work(house, refuse)
    sent: list[str] = []

    two = rows(house)[1].id
    page = press(ada, f"/{two}/retry")
    assert "It is tried again in a moment." in said(page)
    work(house, lambda message: sent.append(message.address))
    assert sent == ["two@example.edu"]
    assert conditions(house) == [Condition.GIVEN_UP, Condition.SENT]

    page = press(ada, "/mail/retry")
    assert "1 message is tried again in a moment." in said(page)
    work(house, lambda message: sent.append(message.address))
    assert sent == ["two@example.edu", "one@example.edu"]


def test_the_mail_server_can_be_asked(ada: Browser) -> None:
    page = press(ada, "/mail/look")
    assert "no mail server is set, so mail stays in" in said(page)


def finding(house: House, settings: Settings, check: str) -> Finding:
    installation = Installation(settings, house.engine, PluginHost(), histories())
    return next(found for found in examine(installation) if found.check == check)


def test_the_doctor_says_where_mail_goes(house: House, settings: Settings, free_port: int) -> None:
    assert "0 kept" in finding(house, settings, "mail").says
    with mail_server() as server:
        found = finding(house, dataclasses.replace(settings, smtp_url=server.url), "mail")
        assert found.ok
        assert "answers without TLS" in found.says
    absent = dataclasses.replace(settings, smtp_url=f"smtp://me:pa55word@127.0.0.1:{free_port}")
    found = finding(house, absent, "mail")
    assert (found.ok, found.grave) == (False, False)
    assert "pa55word" not in found.says


def test_the_doctor_notices_what_does_not_arrive(house: House, ada: Browser, settings: Settings) -> None:
    assert finding(house, settings, "deliveries").ok
    put(house, "one@example.edu", age=timedelta(minutes=59))
    assert finding(house, settings, "deliveries").ok
    put(house, "two@example.edu", age=timedelta(minutes=61))
    assert "waits since" in finding(house, settings, "deliveries").says
    work(house, refuse)
    assert "2 message(s) could not be sent" in finding(house, settings, "deliveries").says
    assert "/admin/mail" in ada.open("/admin/").html
