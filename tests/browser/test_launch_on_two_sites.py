"""Launches over https between two sites, in browsers that block third-party cookies: each way in, and none of them.

The tool is ``tool.example``, the LMS ``lms.school.example``; an authority of this run signs for both.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.lti import claims
from lmssocial.settings import Settings
from lmssocial.web import scope
from lmssocial.web.bearer import as_browser
from tests.browser.conftest import block_third_party_cookies
from tests.fakes.framing_lms import STRANGER, FramingLms, framing_lms
from tests.fakes.registered import register
from tests.support import files
from tests.support.browser import find_chromium
from tests.support.certificates import Authority, authority
from tests.support.databases import Databases
from tests.support.network import free_port
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.servers import OwnTool

TOOL, LMS = "tool.example", "lms.school.example"
PNG = files.picture("PNG", (80, 50))
NO_COOKIE = "Your browser did not keep our cookie"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Sites:
    """The two sites, and between the tool and the browser somebody who may take cookies away."""

    def __init__(self, tool_url: str, lms: FramingLms, database_url: str, ca: Authority) -> None:
        """Both run already."""
        self.tool_url, self.lms, self.database_url, self.ca = tool_url, lms, database_url, ca
        self.addresses: list[str] = []
        """What the tool was asked for."""
        self.frames_keep_cookies = True
        """Whether cookies that the tool sets reach a frame; those of a tab always do."""

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A look into the tool's database."""
        engine = make_engine(self.database_url)
        with Session(engine) as session:
            yield session
        engine.dispose()


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom the browsers and the tool of this module trust."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def sites(databases: Databases, tmp_path_factory: pytest.TempPathFactory, ca: Authority) -> Iterator[Sites]:
    """Both sites, with the LMS registered."""
    url = databases.migrated()
    tool_url = f"https://{TOOL}:{free_port()}"
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("tool"),
        secret_key="a secret for tests, of forty characters.",
        database_url=url,
        public_url=tool_url,
        outbound_allow=("127.0.0.1",),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(ca.file))
        app = create_app(settings, load_plugins(settings))
    said = {claims.CUSTOM: {"widget": "discussion"}}
    tls = ca.server(LMS, STRANGER, "127.0.0.1")
    with framing_lms(tool_url, host=LMS, tls=tls, **said) as lms:
        sites = Sites(tool_url, lms, url, ca)
        plain = app.wsgi_app

        def watched(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            sites.addresses.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
            is_framed = environ.get("HTTP_SEC_FETCH_DEST") == "iframe" and not sites.frames_keep_cookies

            def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
                kept = [one for one in headers if not is_framed or one[0].lower() != "set-cookie"]
                return start(status, kept, *more)

            return plain(environ, begin)

        app.wsgi_app = watched  # type: ignore[method-assign]
        tool = OwnTool(app, settings, ca.server(TOOL)).start()
        with sites.rows() as session:
            register(session, lms.platform)
            session.commit()
        yield sites
        tool.stop()
    with app.app_context():
        scope.db.engine.dispose()
    databases.drop(url)


def arguments(ca: Authority) -> list[str]:
    """What a browser needs to find both sites on this machine and to trust them."""
    names = ", ".join(f"MAP {name} 127.0.0.1" for name in (TOOL, LMS, STRANGER))
    return [
        f"--host-resolver-rules={names}",
        f"--ignore-certificate-errors-spki-list={ca.fingerprint}",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-sandbox",
        # Playwright switches partitioned storage off, which people's browsers have; of two such lists the last counts.
        "--disable-features=Translate",
    ]


@pytest.fixture(scope="module")
def own_browser(chromium: PlaywrightBrowser, ca: Authority) -> Iterator[PlaywrightBrowser]:
    """A browser that knows the two sites."""
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=arguments(ca))
    yield browser
    browser.close()


@pytest.fixture
def page(own_browser: PlaywrightBrowser, sites: Sites) -> Iterator[Page]:
    """A page of somebody whose browser keeps partitioned cookies in frames."""
    context = own_browser.new_context(locale="en-GB", timezone_id="UTC")
    context.on("page", block_third_party_cookies)
    page = context.new_page()
    block_third_party_cookies(page)
    plainly(sites)
    yield page
    context.close()


@pytest.fixture
def remembering(own_browser: PlaywrightBrowser, sites: Sites) -> Iterator[Page]:
    """A page of a browser that lets a frame remember things as long as its tab is open."""
    context = own_browser.new_context(locale="en-GB", timezone_id="UTC")
    plainly(sites)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def strict_context(
    chromium: PlaywrightBrowser, sites: Sites, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser whose settings refuse everything that the tool's site would keep: cookies and storage of any kind."""
    folder = tmp_path_factory.mktemp("profile")
    refuse_everything(folder, sites.tool_url)
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=find_chromium(), args=arguments(sites.ca), locale="en-GB", timezone_id="UTC"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def strict(strict_context: BrowserContext, sites: Sites) -> Iterator[Page]:
    """A page of the browser that keeps nothing."""
    plainly(sites)
    errors: list[str] = []
    page = strict_context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors


def refuse_everything(profile: Path, url: str) -> None:
    """Write a profile's settings: no data of this site at all."""
    (profile / "Default").mkdir(parents=True)
    refused = {"profile": {"content_settings": {"exceptions": {"cookies": {f"{url},*": {"setting": 2}}}}}}
    (profile / "Default" / "Preferences").write_text(json.dumps(refused))


def plainly(sites: Sites) -> None:
    """As the LMS is at the beginning: it knows nothing of storage."""
    sites.lms.storage = sites.lms.target = ""
    sites.lms.claims = {claims.CUSTOM: {"widget": "discussion"}}
    sites.lms.refused.clear()
    sites.lms.hints.clear()
    sites.frames_keep_cookies = True
    sites.addresses.clear()


def storing(sites: Sites, how: str, target: str = "_parent") -> FramingLms:
    """The LMS with its storage."""
    sites.lms.storage, sites.lms.target = how, target
    return sites.lms


def activity(page: Page) -> FrameLocator:
    """The frame of the activity."""
    return page.frame_locator("iframe[name=activity]")


def test_a_partitioned_cookie_is_kept_and_nothing_else_is_needed(page: Page, sites: Sites) -> None:
    page.goto(sites.lms.course("one"))
    expect(activity(page).get_by_role("heading", name="Activity one")).to_be_visible()
    kept = {cookie["name"] for cookie in page.context.cookies() if cookie["domain"] == TOOL}
    assert "__Host-lmssocial" in kept
    page.reload()
    expect(activity(page).get_by_role("heading", name="Activity one")).to_be_visible()


def test_without_any_rung_the_launch_ends_before_the_lms_is_asked(strict: Page, sites: Sites) -> None:
    strict.goto(sites.lms.course("one"))
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    assert len(sites.lms.hints) == 1, "the hint of the LMS is still good in a tab"


@pytest.mark.parametrize(
    ("how", "target"),
    [("answers", "_parent"), ("old_names", "_parent"), ("elsewhere", "post_message_forwarding")],
)
def test_the_storage_of_the_lms_lets_in_who_keeps_no_cookie(
    strict: Page, sites: Sites, how: str, target: str
) -> None:
    lms = storing(sites, how, target)
    strict.goto(lms.course("one"))
    expect(activity(strict).get_by_role("heading", name="Activity one")).to_be_visible()
    expect(activity(strict).get_by_text("Ada Lovelace").first).to_be_visible()
    assert not [cookie for cookie in strict.context.cookies() if TOOL in cookie["domain"]]
    assert not lms.refused


@pytest.mark.parametrize("how", ["silent", "error", "stranger"])
def test_a_storage_that_does_not_keep_the_secret_ends_in_a_tab_that_is_offered(
    strict: Page, sites: Sites, how: str
) -> None:
    lms = storing(sites, how)
    strict.goto(lms.course("one"))
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    assert len(lms.hints) == 1, "the LMS was not asked yet"
    assert_accessible(strict.frames[-1])
    no_horizontal_scroll(strict.frames[-1])


def test_a_wrong_value_lets_nobody_in(strict: Page, sites: Sites) -> None:
    lms = storing(sites, "wrong_value")
    with sites.rows() as session:
        before = session.scalar(select(func.count()).select_from(WebSession))
    strict.goto(lms.course("one"))
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    expect(activity(strict).get_by_role("link", name="Open in a new tab")).to_be_visible()
    with sites.rows() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == before


def test_a_tab_is_opened_where_the_lms_keeps_nothing(page: Page, sites: Sites) -> None:
    sites.frames_keep_cookies = False
    page.goto(sites.lms.course("one"))
    with page.context.expect_page() as opened:
        activity(page).get_by_role("link", name="Open in a new tab").click()
    expect(opened.value.get_by_role("heading", name="Activity one")).to_be_visible()
    assert not sites.lms.refused


def write(frame: FrameLocator, title: str) -> None:
    """Write a thread with a picture, and post it."""
    frame.get_by_role("link", name="Start a thread").click()
    frame.get_by_label("Title").fill(title)
    frame.locator("textarea.composer-text").fill("As I said:")
    frame.locator("[data-attach] summary").click()
    frame.get_by_label("File").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PNG})
    frame.get_by_label("What the picture shows").fill("Two arrows")
    frame.get_by_role("button", name="Attach").click()
    expect(frame.locator("[data-attach]")).to_contain_text("p.png is attached")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.locator("#notices")).to_have_text("Posted.")


def test_without_cookies_and_storage_of_its_own_the_frame_is_all_there(strict: Page, sites: Sites) -> None:
    strict.goto(storing(sites, "answers").course("work"))
    frame = activity(strict)
    write(frame, "By hand")
    loaded = "(image) => image.decode().then(() => image.naturalWidth)"
    picture = frame.locator(".prose img[src]")
    expect(picture).to_have_count(1)
    assert picture.evaluate(loaded) == 80
    frame.locator("#answer textarea").fill("An answer.")
    expect(frame.locator("[data-saved]")).to_contain_text("Saved")
    frame.locator("#answer textarea").press("Control+Enter")
    expect(frame.locator("article:focus")).to_contain_text("An answer.")
    frame.get_by_role("link", name="Activity work").first.click()
    expect(frame.get_by_role("link", name="By hand")).to_be_visible()
    frame.get_by_label("Search the discussion").fill("answer")
    frame.get_by_role("button", name="Search").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Search")
    strict.evaluate("history.back()")
    expect(frame.get_by_role("link", name="By hand")).to_be_visible()
    with strict.context.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    opened.value.close()
    assert not [cookie for cookie in strict.context.cookies() if TOOL in cookie["domain"]]


def test_the_token_is_in_no_address_and_dies_with_its_sign_in(
    strict: Page, sites: Sites, capfd: pytest.CaptureFixture[str]
) -> None:
    tokens: list[str] = []
    strict.on("request", lambda asked: tokens.append(asked.headers.get("authorization", "")))
    strict.goto(storing(sites, "answers").course("work"))
    frame = activity(strict)
    expect(frame.get_by_role("heading", name="Activity work")).to_be_visible()
    frame.get_by_role("link", name="Start a thread").click()
    expect(frame.get_by_label("Title")).to_be_visible()
    (token,) = {sent.removeprefix("Bearer ") for sent in tokens if sent}
    assert len(token) >= 43
    assert not [address for address in sites.addresses if token in address]
    written = capfd.readouterr()
    assert token not in written.out + written.err
    with sites.rows() as session:
        row = session.scalars(
            select(WebSession).where(WebSession.browser_hash == token_hash(as_browser(token)))
        ).one()
        session.delete(row)
        session.commit()
    frame.get_by_label("Title").fill("Too late")
    frame.locator("textarea.composer-text").fill("Words that are not lost")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Please open this from your course")
    expect(frame.locator("#kept")).to_have_value("Too late\n\nWords that are not lost")


def test_a_frame_that_is_loaded_anew_goes_on_by_what_the_tab_remembers(
    remembering: Page, sites: Sites
) -> None:
    sites.frames_keep_cookies = False
    remembering.goto(storing(sites, "answers").course("one"))
    frame = activity(remembering)
    frame.get_by_role("link", name="Start a thread").click()
    expect(frame.get_by_label("Title")).to_be_visible()
    inside = next(one for one in remembering.frames if one.name == "activity")
    inside.evaluate("location.reload()")
    expect(frame.get_by_label("Title")).to_be_visible()
    inside.evaluate("sessionStorage.clear(); location.reload()")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Please open this from your course")
