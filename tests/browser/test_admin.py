"""The administrators' pages in a browser: usable at every width, by keyboard, without scripts, and by nobody else.

What they do is tested in ``tests/front/admin`` on both databases; here it is how they look and feel, so one is enough.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent, Parked, Subscriber
from lmssocial.core.activity.usage import Usage
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.admin import accounts, log
from lmssocial.front.admin.accounts import AccountDraft
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.invitations import invite
from lmssocial.lms.identity.launches import What
from lmssocial.lms.identity.models import Deployment, Standing
from lmssocial.lms.lti.models import Asking, NoticeSubscription
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.settings import Settings
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.models import Condition, Score
from tests.conftest import SECRET
from tests.support.databases import SqliteDatabases
from tests.support.loopback import listening, says
from tests.support.pages import accessibility_faults, assert_accessible, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place
from tests.support.servers import LiveTool, address_on

PASSWORD = "seven swans a-swimming"
PAGES = (
    *(
        "",
        "tenants",
        "tenants/1",
        "platforms",
        "platforms/new",
        "platforms/1",
        "platforms/1/edit",
        "invitations",
    ),
    *(
        "plugins",
        "plugins/linklimit",
        "plugins/discussion",
        "events",
        "health",
        "keys",
        "administrators",
        "me",
    ),
    *("me/second-step", "log"),
    *("launches", "launches?view=refused", "rosters", "rosters?view=all", "grades"),
)


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTool]:
    """A running tool with something on every page."""
    folder = tmp_path_factory.mktemp("admin")
    url = SqliteDatabases(folder).migrated()
    engine = make_engine(url)
    with Session(engine) as session, unit_of_work(session):
        furnish(session)
    engine.dispose()
    settings = Settings(
        data_dir=folder / "data", secret_key=SECRET, database_url=url, public_url=address_on("tool.localhost")
    )
    tool = LiveTool(settings).start()
    yield tool
    tool.stop()


def furnish(session: Session) -> None:
    """Put something on every page, with names long enough to break one."""
    for login, name in (
        ("ada", "Ada Lovelace"),
        ("grace.hopper@example.edu", "Rear Admiral Grace Brewster Hopper"),
    ):
        accounts.add(session, log.COMMAND_LINE, AccountDraft(login=login, name=name, password=PASSWORD))
    place = make_place(session)
    place.tenant.name = "Universität für angewandte und außergewöhnliche Wissenschaften Unterösterreichs"
    place.registration.issuer = (
        "https://moodle.a-rather-long-name.example.edu/with/a/path/that/goes/on/and/on"
    )
    person = make_person(session, place)
    now = clock.now()
    furnish_services(session, place, person.user_id)
    for number in range(2):
        session.add(
            Deployment(
                registration_id=place.registration.id,
                deployment_id=f"{number}:7d5b3c0a9e8f4a2b",
                standing=Standing.PENDING,
                created_at=now,
            )
        )
    invite(session, place.tenant, "Moodle of the evening school")
    expired, _token = invite(session, place.tenant, "Canvas")
    expired.expires_at = now - timedelta(days=1)
    session.add(Usage(tenant_id=place.tenant.id, day=now.date(), name="discussion.reply_posted", count=148))
    session.add(
        Subscriber(name="plugin:reporting", cursor=0, attempts=3, last_error="ValueError: " + "no" * 200)
    )
    event = ActivityEvent(
        name="discussion.reply_posted",
        version=1,
        tenant_id=place.tenant.id,
        actor_role="learner",
        payload={},
        at=now,
    )
    session.add(event)
    session.flush()
    session.add(Parked(subscriber="plugin:reporting", event_id=event.id, error="ValueError", parked_at=now))


def furnish_services(session: Session, place: Place, user_id: int) -> None:
    """Launches, a roster and a grade in trouble, a clock that is off."""
    said = "https://moodle.a-rather-long-name.example.edu/mod/lti/services.php/" + "1234567890" * 8
    came = What(tenant_id=place.tenant.id, registration_id=place.registration.id, skew_ms=48_000, took_ms=31)
    launches.record(session, replace(came, course_id=place.course.id, way="cookie"))
    for number, cause in enumerate(("clock_off", "deployment_pending", "of_another_version")):
        launches.record(session, replace(came, cause=cause, detail=said, reference=f"8fdb37a{number}"))
    launches.record(session, What(cause="platform_unknown", detail=said, reference="8fdb37b0"))
    session.add(RosterSource(course_id=place.course.id, failures=2, last_error=f"503 from {said}"))
    session.add(
        RosterRun(
            course_id=place.course.id,
            began_at=clock.now(),
            outcome=Outcome.FAILED,
            next_url="",
            next_at=clock.now(),
            last_error=f"503 from {said}",
        )
    )
    column = gradebook.column(session, place.placement.id, label="Contributions to the discussion of week 1")
    gradebook.put(session, column.id, user_id, gradebook.Mark(given=7, maximum=10))
    score = session.scalars(select(Score)).one()
    score.condition, score.last_error, score.last_status = Condition.GIVEN_UP, f"403 from {said}", 403
    kind = {
        "kind": "LtiContextCopyNotice",
        "service_url": said,
        "standing": Asking.REFUSED,
        "last_error": said,
    }
    session.add(
        NoticeSubscription(
            deployment_id=place.course.deployment_id, next_at=clock.now(), changed_at=clock.now(), **kind
        )
    )


def sign_in(page: Page, tool: LiveTool) -> None:
    """Sign in as Ada, by form."""
    page.goto(f"{tool.url}/admin/")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, tool: LiveTool) -> str:
    """The cookie of Ada's browser, signed in once: who signs in all the time is told to wait."""
    context = browser.new_context()
    sign_in(context.new_page(), tool)
    values = {one["name"]: one["value"] for one in context.cookies()}
    context.close()
    return values["lmssocial-admin"]


@pytest.fixture
def desk(page: Page, tool: LiveTool, signed_in: str) -> Page:
    """A page in Ada's browser."""
    page.context.add_cookies(
        [{"name": "lmssocial-admin", "value": signed_in, "url": tool.url, "sameSite": "Strict"}]
    )
    return page


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1200, "light")])
def test_every_page_is_accessible_and_fits(desk: Page, tool: LiveTool, width: int, scheme: str) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    faults = []
    for path in PAGES:
        answer = desk.goto(f"{tool.url}/admin/{path}")
        assert answer is not None
        assert answer.ok, path
        desk.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
        faults += [f"/admin/{path}: {fault}" for fault in accessibility_faults(desk)]
        no_horizontal_scroll(desk)
    assert not faults, "\n".join(faults)


def test_the_sign_in_page_is_accessible_and_fits(page: Page, tool: LiveTool) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{tool.url}/admin/sign-in")
    assert_accessible(page)
    no_horizontal_scroll(page)


def test_the_keyboard_is_enough_to_sign_in_and_to_let_a_platform_in(page: Page, tool: LiveTool) -> None:
    page.goto(f"{tool.url}/admin/")
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    before = page.get_by_role("button", name="Approve").count()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to content
    for _ in range(20):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.textContent") or "").startswith("Approve"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    expect(page.locator("#notices").get_by_text("is approved.")).to_be_visible()
    assert outline != "none"
    assert page.get_by_role("button", name="Approve").count() == before - 1


def test_an_address_is_copied_by_its_button(desk: Page, tool: LiveTool) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{tool.url}/admin/platforms/1")
    desk.get_by_role("button", name="Copy Login URL").first.click()

    desk.wait_for_function("navigator.clipboard.readText().then(text => text.endsWith('/lti/login'))")


def test_the_picture_for_the_phone_is_shown_under_the_policy(desk: Page, tool: LiveTool) -> None:
    desk.goto(f"{tool.url}/admin/me/second-step")
    picture = desk.get_by_role("img", name="QR code for your authenticator app")

    assert picture.evaluate("image => image.complete && image.naturalWidth") > 100


def test_what_was_typed_is_there_after_a_mistake_and_the_mistake_is_reached_first(
    desk: Page, tool: LiveTool
) -> None:
    desk.goto(f"{tool.url}/admin/platforms/new")
    desk.get_by_label("Issuer").fill("https://lms.example.edu")
    desk.get_by_label("Public keyset URL").fill("no address")
    desk.get_by_role("button", name="Add the platform").click()
    summary = desk.get_by_role("group", name="things need your attention")
    summary.get_by_role("link", name="Public keyset URL").click()

    expect(desk.get_by_label("Public keyset URL")).to_be_focused()
    expect(desk.get_by_label("Public keyset URL")).to_have_value("no address")
    expect(desk.get_by_label("Issuer")).to_have_value("https://lms.example.edu")


def test_without_scripts_an_invitation_is_made_and_revoked(browser: Browser, tool: LiveTool) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{tool.url}/admin/invitations")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name of the platform").fill("Sakai")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("/lti/register?invite=")).to_be_visible()
    assert page.get_by_role("button", name="Copy").count() == 0
    page.get_by_role("button", name="Revoke the link for Sakai").click()

    expect(page.locator("#notices").get_by_text("The link for Sakai works no longer.")).to_be_visible()
    context.close()


@pytest.fixture
def elsewhere(tool: LiveTool) -> Iterator[str]:
    """The address of a page on another site that links to ours."""
    link = f'<a href="{tool.url}/admin/log">Administration</a>'
    body = f'<!doctype html><html lang="en"><title>Elsewhere</title>{link}'
    with listening(says(body.encode(), "text/html")) as server:
        yield server.url("lms.localhost")


def test_a_link_from_another_site_leads_in_without_signing_out(
    desk: Page, tool: LiveTool, elsewhere: str
) -> None:
    desk.goto(elsewhere)
    desk.get_by_role("link", name="Administration").click()

    expect(desk.get_by_role("heading", name="Log")).to_be_visible()
    desk.goto(f"{tool.url}/admin/")
    expect(desk.get_by_role("heading", name="Overview")).to_be_visible()


def test_another_site_cannot_frame_the_pages(browser: Browser, elsewhere: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    with page.expect_console_message(lambda message: "frame-ancestors 'none'" in message.text):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('iframe'), {src: document.links[0].href}))"
        )
    context.close()
