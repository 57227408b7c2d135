"""Starting and asking a learning record store that nobody of us wrote."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.network import free_port
from tests.support.servers import ROOT, Server, answers

PYTHON = ROOT / ".cache" / "ralph-venv" / "bin" / "python"
KEY, SECRET = "lmssocial", "a secret of the tests"
_HASHED = "import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt(4)).decode())"


class Ralph:
    """A running store."""

    def __init__(self, folder: Path) -> None:
        """Start it; ``folder`` takes its statements and its log."""
        if not PYTHON.exists():
            pytest.fail("The environment of the learning record store is missing; `make test` sets it up.")
        hashed = subprocess.run(
            [str(PYTHON), "-c", _HASHED, SECRET], capture_output=True, text=True, check=True
        ).stdout.strip()
        agent = {"mbox_sha1sum": hashlib.sha1(b"mailto:lrs@example.edu", usedforsecurity=False).hexdigest()}
        users = [{"username": KEY, "hash": hashed, "scopes": ["all"], "agent": agent}]
        (folder / "auth.json").write_text(json.dumps(users), "utf-8")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/xAPI"
        site = Path(__file__).with_name("lrs_site.py")
        self._server = Server(
            [str(PYTHON), str(site), str(port), str(folder)], env={}, log=folder / "ralph.log"
        )
        self._server.start(lambda: answers(f"http://127.0.0.1:{port}/__lbheartbeat__"))
        self.stop = self._server.kill

    def statements(self, **asked: str) -> list[dict[str, Any]]:
        """What it has, newest first; ``verb="…"`` and the like narrow it."""
        login = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "X-Experience-API-Version": "1.0.3"}
        answer = httpx.get(
            f"{self.url}/statements", params={"limit": "500", **asked}, headers=headers, timeout=30
        )
        found: list[dict[str, Any]] = answer.raise_for_status().json()["statements"]
        return found


def strictly(statements: Sequence[dict[str, Any]], folder: Path) -> str:
    """What is wrong with some statements; empty if nothing is."""
    file = folder / "statements.json"
    file.write_text(json.dumps(list(statements)), "utf-8")
    script = Path(__file__).with_name("lrs_strict.py")
    said = subprocess.run([str(PYTHON), str(script), str(file)], capture_output=True, text=True, check=False)
    return (said.stdout + (said.stderr if said.returncode > 1 else "")).strip()
