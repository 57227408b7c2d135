"""A tool and an LMS on two sites over https, and browsers that find both on this machine.

The tool is ``tool.example``, the LMS ``lms.school.example``; an authority of this run signs for both.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import FrameLocator, Page
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.lms.lti import claims
from lmssocial.settings import Settings
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.fakes.framing_lms import STRANGER, FramingLms, framing_lms
from tests.fakes.registered import register
from tests.support.browser import ARGUMENTS
from tests.support.certificates import Authority
from tests.support.network import free_port
from tests.support.servers import OwnTool

ANYWHERE = frozenset({"document", "iframe", "empty"})
TABS_ONLY = frozenset({"document"})
NOWHERE = frozenset[str]()
TOOL, LMS = "tool.example", "lms.school.example"


class Sites:
    """The two sites, and between the tool and the browser somebody who may take cookies away."""

    def __init__(self, app: Flask, lms: FramingLms, settings: Settings, ca: Authority) -> None:
        """The LMS runs already."""
        self.lms, self.ca, self.tool_url = lms, ca, settings.public_url
        self.addresses: list[str] = []
        """What the tool was asked for."""
        self.kept_in: frozenset[str] = ANYWHERE
        """Where cookies that the tool sets reach the browser, by what it asks for (``Sec-Fetch-Dest``)."""
        self._database_url = settings.database_url
        self._answer = app.wsgi_app
        app.wsgi_app = self._between  # type: ignore[method-assign,assignment]

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A look into the tool's database."""
        engine = make_engine(self._database_url)
        with Session(engine) as session:
            yield session
        engine.dispose()

    def begin(self) -> None:
        """As everything is at the beginning: the LMS knows nothing of storage, and frames keep cookies."""
        self.lms.storage = self.lms.target = ""
        self.lms.claims = {claims.CUSTOM: {"widget": "discussion"}}
        self.lms.claims_of.clear()
        self.lms.refused.clear()
        self.lms.hints.clear()
        self.kept_in = ANYWHERE
        self.addresses.clear()

    def storing(self, how: str, target: str = "_parent") -> FramingLms:
        """The LMS with its storage, see :attr:`FramingLms.storage`."""
        self.lms.storage, self.lms.target = how, target
        return self.lms

    def visit(self, page: Page, *links: str, until: str = "/w/", times: int = 0) -> None:
        """Open the course page, and wait until the tool was asked for ``until`` once for each link, or ``times``."""
        self.addresses.clear()
        page.goto(self.lms.course(*links))
        end = time.monotonic() + 30
        while sum(until in one for one in self.addresses) < (times or len(links)):
            assert time.monotonic() < end, f"the tool was asked for {self.addresses}"
            page.wait_for_timeout(50)

    def _between(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.addresses.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        loses = environ.get("HTTP_SEC_FETCH_DEST", "") not in self.kept_in

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kept = [one for one in headers if not loses or one[0].lower() != "set-cookie"]
            return start(status, kept, *more)

        return self._answer(environ, begin)


@contextmanager
def two_sites(database_url: str, folder: Path, ca: Authority) -> Iterator[Sites]:
    """Run both, with the LMS registered."""
    settings = Settings(
        data_dir=folder,
        secret_key="a secret for tests, of forty characters.",
        database_url=database_url,
        public_url=f"https://{TOOL}:{free_port()}",
        outbound_allow=("127.0.0.1",),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(ca.file))  # what the tool itself calls by https, it trusts by this
        app = create_app(settings, load_plugins(settings))
    with framing_lms(settings.public_url, host=LMS, tls=ca.server(LMS, STRANGER, "127.0.0.1")) as lms:
        sites = Sites(app, lms, settings, ca)
        tool = OwnTool(app, settings, ca.server(TOOL)).start()
        with sites.rows() as session:
            register(session, lms.platform)
            session.commit()
        yield sites
        tool.stop()
    with app.app_context():
        program().policies.close()
        program().file_policies.close()
        scope.db.engine.dispose()


def arguments(ca: Authority) -> list[str]:
    """What a browser needs to find both sites on this machine and to trust them."""
    names = ", ".join(f"MAP {name} 127.0.0.1" for name in (TOOL, LMS, STRANGER))
    return [
        f"--host-resolver-rules={names}",
        f"--ignore-certificate-errors-spki-list={ca.fingerprint}",
        *ARGUMENTS,
    ]


def activity(page: Page, link: str = "") -> FrameLocator:
    """The frame of the activity, or of one of several."""
    return page.frame_locator(f'iframe[title="{link}"]' if link else "iframe[name=activity]")
