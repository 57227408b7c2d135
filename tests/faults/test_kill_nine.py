"""``kill -9`` in the middle of a burst of posts: everything that was acknowledged is there afterwards."""

import sys
from pathlib import Path

import httpx

from tests.faults.burst import Write, burst
from tests.support.network import free_port
from tests.support.servers import Server, answers


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
