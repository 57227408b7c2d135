"""The database goes away for ten seconds while people launch, and comes back: nobody has to do anything about it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.core.db import make_engine
from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Membership, User, WebSession
from lmssocial.settings import Settings
from tests.conftest import SECRET
from tests.fakes.platform import FakePlatform, KeySetServer
from tests.fakes.registered import register
from tests.support.arrival import DISCUSSION
from tests.support.databases import PostgresDatabases
from tests.support.postgres import Postgres
from tests.support.servers import LiveTool, address_on

AWAY = 10.0
"""Seconds."""
PEOPLE = 4
"""Who launch one after the other, all the time."""


@dataclass
class Seen:
    """What became of launches, each of somebody who launches once."""

    let_in: list[str] = field(default_factory=list)
    told_to_wait: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Answers that are neither, with what they said."""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server of this test's own, which it may stop."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def tool(postgres: Postgres, tmp_path: Path) -> Iterator[LiveTool]:
    """The tool on that server."""
    settings = Settings(
        data_dir=tmp_path / "data",
        secret_key=SECRET,
        database_url=PostgresDatabases(postgres.url, "away").migrated(),
        public_url=address_on("127.0.0.1"),
        outbound_allow=("127.0.0.1",),
    )
    tool = LiveTool(settings, workers=2)
    yield tool.start()
    tool.kill()


def test_launches_wait_out_a_database_that_is_gone_for_ten_seconds(
    request: pytest.FixtureRequest, key_server: KeySetServer
) -> None:
    if request.config.getoption("--db") == "sqlite":
        pytest.skip("a file does not go away")
    postgres: Postgres = request.getfixturevalue("postgres")
    tool: LiveTool = request.getfixturevalue("tool")
    engine = make_engine(tool.settings.database)
    platform = FakePlatform(jwks_url=key_server.url, public_url=tool.url)
    with Session(engine) as session:
        register(session, platform)
        session.commit()

    seen, over = Seen(), threading.Event()
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = [pool.submit(keep_launching, platform, f"person-{one}", seen, over) for one in range(PEOPLE)]
        wait_until(lambda: len(seen.let_in) >= 2 * PEOPLE)
        engine.dispose()
        postgres.go_away()
        time.sleep(AWAY)
        postgres.come_back()
        back = len(seen.let_in)
        wait_until(lambda: len(seen.let_in) >= back + 2 * PEOPLE)
        over.set()
        for one in people:
            one.result()

    assert not seen.others
    assert seen.told_to_wait, "the database was gone in the middle of it"
    assert_whole(engine, seen)
    engine.dispose()


def keep_launching(platform: FakePlatform, name: str, seen: Seen, over: threading.Event) -> None:
    """Launch as somebody new each time, until it is over."""
    number = 0
    while not over.is_set():
        number += 1
        sub = f"{name}-{number}"
        with httpx.Client(timeout=30) as browser:
            answer = launch(browser, platform, sub)
        if answer.status_code in {302, 303}:
            seen.let_in.append(sub)
        elif (
            answer.status_code == 503
            and answer.headers.get("Retry-After")
            and "try again" in answer.text.lower()
        ):
            seen.told_to_wait.append(sub)
            time.sleep(0.1)
        else:
            seen.others.append(f"{answer.status_code} {answer.text[:2000]}")


def launch(browser: httpx.Client, platform: FakePlatform, sub: str) -> httpx.Response:
    """One launch; answers where it ended."""
    login = browser.get(f"{platform.public_url}{platform.login_path}", params=platform.login_request())
    if login.status_code != 302:
        return login
    asked = {name: values[0] for name, values in parse_qs(urlsplit(login.headers["location"]).query).items()}
    token = platform.sign(platform.payload(asked["nonce"], sub=sub, name=sub, **DISCUSSION))
    return browser.post(platform.target, data={"state": asked["state"], "id_token": token})


def assert_whole(engine: Engine, seen: Seen) -> None:
    """Whoever was let in is there, and nobody is there by half."""
    with Session(engine) as session:
        subs = list(session.scalars(select(User.sub)))
        memberships = session.scalar(select(func.count(Membership.id)))
        sign_ins = session.scalar(select(func.count(WebSession.id)))
        records = session.scalar(select(func.count(LaunchRecord.id)).where(LaunchRecord.cause == ""))
    assert set(seen.let_in) <= set(subs)
    assert len(subs) == len(set(subs)) == memberships == sign_ins == records


def wait_until(holds: object, *, within: float = 40) -> None:
    """Wait until something holds.

    :raises AssertionError: if it does not in time.
    """
    assert callable(holds)
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
