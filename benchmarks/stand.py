"""The measured installations: ours and the floor, each on a server of its own, both with the same texts."""

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks import policies
from benchmarks.floor import ADDRESS
from benchmarks.visits import Campus
from lmssocial.settings import PREFIX, Settings
from tests.fakes.platform import KeySetServer, private_key, public_jwk
from tests.support.databases import migrate
from tests.support.network import free_port
from tests.support.plugins import open_site
from tests.support.servers import LiveTool, Server, address_on, answers

WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Everything that runs while one kind of database is measured."""

    backend: str
    tool: LiveTool
    tool_root: int
    """The process whose children serve."""
    floor_port: int
    floor_root: int
    floor_url: str
    """The floor's database."""
    database_roots: list[int]
    """The database server's process; empty for SQLite, which runs inside the web server's."""
    campus: Campus


@contextmanager
def standing(backend: str, ours_url: str, floor_url: str, database_roots: list[int]) -> Iterator[Stand]:
    """Migrate, serve, register a platform; stop everything at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        site = open_site(folder / "site", stack.enter_context(pytest.MonkeyPatch.context()))
        stack.callback(site.forget)
        policies.install(site)
        key_path = folder / "platform.pem"
        key_path.write_bytes(private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        keys = stack.enter_context(KeySetServer())
        keys.publish(public_jwk(private_key(), "key-1"))
        migrate(ours_url)
        settings = Settings(
            data_dir=folder,
            secret_key="a secret of the benchmark, forty letters",  # noqa: S106  # it lives as long as the folder
            database_url=ours_url,
            public_url=address_on("localhost"),
            outbound_allow=("127.0.0.1",),
        )
        campus = Campus(public_url=settings.public_url, client_id="client-1", key_path=str(key_path))
        tool = LiveTool(settings, WORKERS, {f"{PREFIX}LOG_FORMAT": "json"})  # as deployed
        _register(tool, campus, keys.url)
        stack.callback(tool.kill)
        tool.start()
        port = free_port()
        floor = Server(
            [sys.executable, "-m", "benchmarks.floor", "--port", str(port), "--workers", str(WORKERS)],
            env={ADDRESS: floor_url},
            log=folder / "floor.log",
        )
        stack.callback(floor.kill)
        floor.start(lambda: answers(f"http://127.0.0.1:{port}/bytes/1"))
        yield Stand(
            backend=backend,
            tool=tool,
            tool_root=tool.pid,
            floor_port=port,
            floor_root=floor.pid,
            floor_url=floor_url,
            database_roots=database_roots,
            campus=campus,
        )


def logins(campus: Campus) -> Campus:
    """The same people, who turn back after the login."""
    return dataclasses.replace(campus, login_only=True)


def _register(tool: LiveTool, campus: Campus, jwks_url: str) -> None:
    platform = campus.platform(jwks_url)
    tool.run(
        "platforms", "add", "--name", "Bench", "--issuer", platform.issuer, "--client-id", platform.client_id,
        "--auth-login-url", platform.auth_login_url, "--token-url", platform.token_url,
        "--jwks-url", jwks_url, "--deployment-id", platform.deployment_id,
    )  # fmt: skip
