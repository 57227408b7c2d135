"""A tool and an LMS on two sites over https, for browsers of several habits."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.conftest import block_third_party_cookies
from tests.support.browser import find_chromium
from tests.support.certificates import Authority, authority
from tests.support.databases import Databases
from tests.support.two_sites import NOWHERE, Sites, arguments, two_sites


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
def remembering(chromium: Browser, sites: Sites, ca: Authority) -> Iterator[Page]:
    """A page of a browser that keeps no cookies, and lets a frame remember things as long as its tab is open."""
    sites.kept_in = NOWHERE
    # Playwright switches partitioned storage off, which people's browsers have; of two such lists the last counts.
    own = [*arguments(ca), "--disable-features=Translate"]
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=own)
    yield browser.new_page(locale="en-GB", timezone_id="UTC")
    browser.close()


@pytest.fixture
def strict(partitioning: Page, sites: Sites) -> Iterator[Page]:
    """A page of a browser that keeps no cookies, and whose frames may not remember anything either."""
    errors: list[str] = []
    sites.kept_in = NOWHERE
    partitioning.on("pageerror", lambda error: errors.append(str(error)))
    yield partitioning
    inside = [frame for frame in partitioning.frames if frame.url.startswith(sites.tool_url)]
    for frame in inside:
        with pytest.raises(Error, match="SecurityError"):
            frame.evaluate("sessionStorage.length")
    assert not errors
