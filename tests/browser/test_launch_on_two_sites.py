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
from lmssocial.lms.lti import claims
from lmssocial.settings import Settings
from lmssocial.web import scope
from tests.browser.conftest import block_third_party_cookies
from tests.fakes.framing_lms import STRANGER, FramingLms, framing_lms
from tests.fakes.registered import register
from tests.support.browser import find_chromium
from tests.support.certificates import Authority, authority
from tests.support.databases import Databases
from tests.support.network import free_port
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.servers import OwnTool

TOOL, LMS = "tool.example", "lms.school.example"
NO_COOKIE = "Your browser did not keep our cookie"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Sites:
    """The two sites, and between the tool and the browser somebody who may take cookies away."""

    def __init__(self, tool_url: str, lms: FramingLms, database_url: str, ca: Authority) -> None:
        """Both run already."""
        self.tool_url, self.lms, self.database_url, self.ca = tool_url, lms, database_url, ca
        self.addresses: list[str] = []
        """What the tool was asked for."""

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
            return plain(environ, start)

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
    sites.lms.hints.clear()


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
    lms.hints.clear()
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
