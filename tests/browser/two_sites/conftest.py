"""A tool and an LMS on two sites over https, for browsers of several habits."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import block_third_party_cookies
from tests.support.browser import find_chromium
from tests.support.certificates import Authority, authority
from tests.support.databases import Databases
from tests.support.two_sites import Sites, arguments, refuse_everything, two_sites


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom these browsers, and the tool, trust."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="package")
def running(databases: Databases, tmp_path_factory: pytest.TempPathFactory, ca: Authority) -> Iterator[Sites]:
    """Both sites, for all these tests."""
    url = databases.migrated()
    with two_sites(url, tmp_path_factory.mktemp("tool"), ca) as sites:
        yield sites
    databases.drop(url)


@pytest.fixture
def sites(running: Sites) -> Sites:
    """Both sites, as they are at the beginning of a test."""
    running.begin()
    return running


@pytest.fixture(scope="package")
def own_browser(chromium: Browser, ca: Authority) -> Iterator[Browser]:
    """A browser that knows the two sites."""
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=arguments(ca))
    yield browser
    browser.close()


@pytest.fixture
def partitioning(own_browser: Browser) -> Iterator[Page]:
    """A page of a browser that keeps partitioned cookies in frames, and no others."""
    context = own_browser.new_context(locale="en-GB", timezone_id="UTC")
    context.on("page", block_third_party_cookies)
    page = context.new_page()
    block_third_party_cookies(page)
    yield page
    context.close()


@pytest.fixture
def remembering(own_browser: Browser) -> Iterator[Page]:
    """A page of a browser that lets a frame remember things as long as its tab is open."""
    context = own_browser.new_context(locale="en-GB", timezone_id="UTC")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def strict_context(
    chromium: Browser, running: Sites, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser whose settings refuse everything that the tool's site would keep: cookies and storage of any kind."""
    folder = tmp_path_factory.mktemp("profile")
    refuse_everything(folder, running.tool_url)
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=find_chromium(), args=arguments(running.ca), locale="en-GB", timezone_id="UTC"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def strict(strict_context: BrowserContext) -> Iterator[Page]:
    """A page of the browser that keeps nothing."""
    errors: list[str] = []
    page = strict_context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors
