"""``kill -9`` in the middle of a burst of posts: everything that was acknowledged is there afterwards."""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.social.content.models import Contribution
from tests.fakes.platform import FakePlatform, KeySetServer
from tests.fakes.registered import register
from tests.faults.burst import Write, burst
from tests.support.arrival import arrive
from tests.support.network import free_port
from tests.support.servers import LiveTool, Server, answers
from tests.support.visitor import Page, Visitor

WRITERS = 4


def test_every_acknowledged_post_survives_kill_nine(
    live_tool: Callable[..., LiveTool], session: Session, key_server: KeySetServer
) -> None:
    tool = live_tool(workers=2)
    platform = FakePlatform(jwks_url=key_server.url, public_url=tool.url)
    register(session, platform)
    session.commit()
    visitors = [Visitor() for _ in range(WRITERS)]
    pages = [
        arrive(visitor, platform, sub=f"person-{number}", name=f"Writer {number}")
        for number, visitor in enumerate(visitors)
    ]

    result = burst(
        [replies_to(visitor, page) for visitor, page in zip(visitors, threads(visitors, pages), strict=True)],
        tool.kill,
        after=60,
    )

    assert not result.refused
    assert result.interrupted == WRITERS, "the plug was pulled in the middle of the burst"
    tool.start()
    found = list(session.scalars(select(Contribution.source)))
    assert result.missing(found) == []
    last = result.acknowledged[-1]
    number = int(last.split("-")[1])
    assert last in everything_written(visitors[number], pages[number]), (
        "signed in as before, and reading it again"
    )
    for visitor in visitors:
        visitor.http.close()


def threads(visitors: list[Visitor], pages: list[Page]) -> list[Page]:
    """Each visitor begins a thread of their own; answers its page."""
    begun = []
    for visitor, page in zip(visitors, pages, strict=True):
        form = visitor.open(page.link("Start a thread")).form(field="title")
        begun.append(visitor.submit(form, title="A thread to write in", source="Here it begins."))
        assert begun[-1].status == 200, begun[-1].text
    return begun


def replies_to(visitor: Visitor, thread: Page) -> Write:
    """Writes replies through the thread's own form; acknowledged is what the server answers with its redirect."""

    def write(text: str) -> bool:
        form = visitor.open(thread.url).form(action="/reply", field="source")
        data = {**dict(form.fields), "source": text}
        return visitor.http.post(form.action, data=data, follow_redirects=False).status_code == 303

    return write


def everything_written(visitor: Visitor, page: Page) -> str:
    """The text of every thread on the list that ``page`` is, with all its pages."""
    found = []
    for words, url in visitor.open(page.url).links:
        if words == "A thread to write in":
            thread = visitor.open(url)
            while "Show later posts" in thread.text:
                found.append(thread.text)
                thread = visitor.open(thread.link("Show later posts"))
            found.append(thread.text)
    return " ".join(found)


def test_a_server_that_says_yes_too_early_is_caught(tmp_path: Path) -> None:
    file, address = tmp_path / "texts", f"http://127.0.0.1:{(port := free_port())}"
    server = Server(
        [sys.executable, "-m", "tests.faults.hasty_server", str(port), str(file)],
        env={},
        log=tmp_path / "log",
    )
    file.touch()
    server.start(lambda: answers(address))

    def writer(client: httpx.Client) -> Write:
        return lambda text: client.post(address, data={"text": text}).is_success

    clients = [httpx.Client() for _ in range(4)]
    result = burst([writer(client) for client in clients], server.kill, after=400)
    for client in clients:
        client.close()

    assert result.missing(file.read_text("utf-8").split())
