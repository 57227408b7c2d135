"""Starting and steering the platform of Open edX; the site itself is ``openedx_site.py``."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from tests.support.network import free_port
from tests.support.servers import ROOT, LiveTool, Server, answers
from tests.support.visitor import Page, Visitor

T = TypeVar("T")

PYTHON = ROOT / ".cache" / "openedx-venv" / "bin" / "python"
SITE = Path(__file__).with_name("openedx_site.py")


class OpenEdx:
    """A running site, registered with a tool as an administrator would do it."""

    def __init__(self, tool: LiveTool, folder: Path) -> None:
        """Start it and register it with ``tool``; ``folder`` takes its database and its log."""
        if not PYTHON.exists():
            pytest.fail("The environment of Open edX's platform is missing; `make test` sets it up.")
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self._server = Server(
            [str(PYTHON), str(SITE), str(port), tool.url, str(folder)], env={}, log=folder / "openedx.log"
        )
        self._server.start(lambda: answers(f"{self.url}/control/content-items"))
        self.stop = self._server.kill
        line = next(line for line in self._server.output().splitlines() if line.startswith("{"))
        self.registration: dict[str, str] = json.loads(line)
        options = [
            part
            for name, value in self.registration.items()
            for part in (f"--{name.replace('_', '-')}", value)
        ]
        tool.run("platforms", "add", "--name", "Open edX", *options)

    def launch_url(self, role: str, person: str, **more: Any) -> str:
        """Where the launch of ``person`` begins: the address that the frame in the course page opens.

        :param role: as Open edX names them: ``student``, ``instructor``, ``staff``.
        :param more: further fields of its ``Lti1p3LaunchData``.
        """
        data = {
            "user_role": role,
            "user_id": person,
            "external_user_id": f"openedx-{person}",
            "preferred_username": person,
            "name": person.title(),
            "email": f"{person}@example.edu",
            **more,
        }
        answer = httpx.post(f"{self.url}/control/launches", json=data, timeout=30).raise_for_status()
        return str(answer.json()["url"])

    def content_items(self) -> list[dict[str, Any]]:
        """What deep linking has stored, oldest first."""
        items: list[dict[str, Any]] = httpx.get(f"{self.url}/control/content-items", timeout=30).json()[
            "items"
        ]
        return items

    def grades(self) -> dict[str, list[dict[str, Any]]]:
        """Its columns, the scores in them, and what was passed on to the gradebook of the course."""
        found: dict[str, list[dict[str, Any]]] = httpx.get(f"{self.url}/control/grades", timeout=30).json()
        return found


def launch(visitor: Visitor, url: str) -> Page:
    """Go through a launch from the address it begins at to the tool's page."""
    page = visitor.open(url)
    assert page.status == 200, page.text
    return visitor.submit(page.form(field="id_token"))


def until(look: Callable[[], T | None], *, within: float = 20) -> T:
    """Look again and again until there is something: what a worker does takes its time.

    :raises AssertionError: if there still is nothing after ``within`` seconds.
    """
    end = time.monotonic() + within
    while (found := look()) is None:
        assert time.monotonic() < end, f"nothing came within {within} seconds"
        time.sleep(0.1)
    return found
