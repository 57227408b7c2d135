"""The administrators' pages on a database of the test's own, and people who sign in to them by form."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape

import httpx
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import Base, make_engine, unit_of_work
from lmssocial.core.hooks import PluginHost
from lmssocial.front.admin import accounts, passwords
from lmssocial.front.admin.accounts import AccountDraft
from lmssocial.front.admin.log import COMMAND_LINE
from lmssocial.front.admin.models import LogEntry
from lmssocial.settings import Settings
from lmssocial.web import scope
from tests.conftest import SECRET
from tests.support.databases import Databases
from tests.support.visitor import Page, Visitor

PASSWORD = "seven swans a-swimming"
ORIGIN = "http://localhost:8000"


class Browser(Visitor):
    """A browser without JavaScript that talks to the application without a network."""

    def __init__(self, app: Flask, address: str = "203.0.113.7") -> None:
        """:param address: where it calls from."""
        transport = httpx.WSGITransport(app=app, remote_addr=address)
        self.http = httpx.Client(transport=transport, base_url=ORIGIN, follow_redirects=True)

    def cookie(self) -> str:
        """The value of the administrators' cookie."""
        return self.http.cookies.get("lmssocial-admin") or ""

    def carry(self, cookie: str) -> None:
        """Go on with a cookie copied from elsewhere."""
        self.http.cookies.clear()
        self.http.cookies.set("lmssocial-admin", cookie, domain="localhost.local", path="/")


@dataclass
class House:
    """The application, its database, and the browsers that were opened."""

    app: Flask
    engine: Engine
    browsers: list[Browser] = field(default_factory=list)
    others: list["House"] = field(default_factory=list)

    def browser(self, address: str = "203.0.113.7") -> Browser:
        """A browser with an empty cookie jar."""
        self.browsers.append(Browser(self.app, address))
        return self.browsers[-1]

    def another(self, settings: Settings, host: PluginHost | None = None) -> "House":
        """The same installation as another process with other settings or plugins sees it."""
        app = create_app(settings, host or load_plugins(settings))
        self.others.append(House(app, self.engine, self.browsers))
        return self.others[-1]

    def empty(self) -> None:
        """Forget everything a test did."""
        while self.browsers:
            self.browsers.pop().http.close()
        while self.others:
            self.others.pop().close()
        for limiter in self.app.extensions["limiter"]:
            limiter.reset()
        with self.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(delete(table))

    def close(self) -> None:
        """Close the application's connections."""
        with self.app.app_context():
            scope.db.engine.dispose()

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A session that commits at the end of the block."""
        with Session(self.engine, expire_on_commit=False) as session, unit_of_work(session):
            yield session

    def add(self, login: str = "ada", name: str = "Ada Lovelace", password: str = PASSWORD) -> int:
        """Add an administrator; gives the id."""
        with self.rows() as session:
            account = accounts.add(
                session, COMMAND_LINE, AccountDraft(login=login, name=name, password=password)
            )
            session.flush()
            return account.id

    def sign_in(self, login: str = "ada", password: str = PASSWORD, address: str = "203.0.113.7") -> Browser:
        """A browser signed in as an administrator, who is added if there is none of that login."""
        with self.rows() as session:
            known = accounts.by_login(session, login) is not None
        if not known:
            self.add(login, login.capitalize(), password)
        browser = self.browser(address)
        page = fill_in(browser, login, password)
        assert page.status == 200, page.text
        assert page.url == f"{ORIGIN}/admin/", page.text
        return browser

    def deeds(self) -> list[tuple[str, str, str]]:
        """Who did what on what, oldest first, without signing in and out."""
        with self.rows() as session:
            entries = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        quiet = {"account.signed_in", "account.signed_out"}
        return [(one.who, one.action, one.subject) for one in entries if one.action not in quiet]


def said(page: Page) -> str:
    """The words of a page with a space between any two elements, so that cells beside each other stay apart."""
    body = page.html.split("<main ", 1)[1].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def fill_in(browser: Visitor, login: str, password: str, *, at: str = "/admin/sign-in") -> Page:
    """Open the sign-in page and send it."""
    form = browser.open(at).form(field="password")
    return browser.submit(form, login=login, password=password)


@pytest.fixture(scope="module")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of one installation for a whole module."""
    url = databases.migrated()
    yield Settings(data_dir=tmp_path_factory.mktemp("admin"), secret_key=SECRET, database_url=url)
    databases.drop(url)


@pytest.fixture(scope="module")
def the_house(settings: Settings) -> Iterator[House]:
    """The application, made once for a module: making it takes longer than most tests."""
    house = House(create_app(settings, load_plugins(settings)), make_engine(settings.database))
    yield house
    house.close()
    house.engine.dispose()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with the same code and less work; ``test_passwords.py`` uses the real parameters."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def house(the_house: House, quick_hashes: None) -> Iterator[House]:  # noqa: ARG001
    """The administrators' pages, on a database in which nothing is."""
    yield the_house
    the_house.empty()


@pytest.fixture
def ada(house: House) -> Browser:
    """Ada, signed in."""
    return house.sign_in()


@pytest.fixture
def press(ada: Browser) -> Callable[..., Page]:
    """Press the one button on the page ``at`` that posts to an address containing ``action``."""

    def press(at: str, action: str, button: str = "", **values: str) -> Page:
        return ada.submit(ada.open(at).form(action=action), button=button, **values)

    return press
