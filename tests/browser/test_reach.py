"""Saying when one may be reached, in a real browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications.models import Reachability
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import make_person, make_place, sign_in
from tests.support.servers import OwnTool


@pytest.mark.parametrize("width", [320, 900])
def test_the_time_zone_of_the_device_is_proposed_and_saved_only_when_they_say_so(
    app: Flask, session: Session, live_tool: Callable[..., OwnTool], browser: Browser, width: int
) -> None:
    place = make_place(session)
    ana = make_person(session, place, "Ana Ruiz")
    session.get_one(User, ana.user_id).email = "ana@example.edu"
    token = new_token()
    sign_in(session, place, ana, token)
    session.commit()
    tool = live_tool()
    with app.test_request_context():
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
    context = browser.new_context(
        timezone_id="America/Sao_Paulo", locale="en", viewport={"width": width, "height": 900}
    )
    context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
    page = context.new_page()

    page.goto(f"{tool.address}/w/{place.placement.id}/notices/settings")
    zone = page.get_by_label("My time zone")
    expect(zone).to_have_value("America/Sao_Paulo")
    assert accessibility_faults(page) == []
    no_horizontal_scroll(page)
    assert session.scalars(select(Reachability)).all() == []
    session.rollback()

    page.get_by_label("Digest", exact=True).select_option("weekly")
    page.locator("#reach").get_by_role("button", name="Save").click()
    expect(page.locator("#notices").get_by_text("Saved. It holds in all your courses here.")).to_be_visible()
    expect(page.get_by_label("My time zone")).to_have_value("America/Sao_Paulo")
    assert session.scalars(select(Reachability.zone)).all() == ["America/Sao_Paulo"]
    context.close()
