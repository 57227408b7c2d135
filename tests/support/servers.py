"""Servers as processes of their own: what is served is the real thing, and it can be killed."""

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from lmssocial.settings import PREFIX, Settings
from tests.support.network import free_port

ROOT = Path(__file__).resolve().parents[2]


class DidNotStart(AssertionError):
    """A server ended, or never answered; the message carries the end of its log."""


class Server:
    """One server process with its children, and the file it writes its output to."""

    def __init__(self, command: Sequence[str], *, env: dict[str, str], log: Path, cwd: Path = ROOT) -> None:
        """Prepare; nothing runs before :meth:`start`."""
        self._command, self._env, self._log, self._cwd = command, env, log, cwd
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, answers: Callable[[], bool], *, within: float = 60) -> None:
        """Start, and wait until ``answers`` says that it serves.

        :raises DidNotStart: with the end of the log.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=environment | self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + within
        while not answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise DidNotStart(f"{' '.join(self._command)} did not start:\n{self.output()[-3000:]}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """The first of its processes; 0 while it does not run."""
        return self._process.pid if self._process else 0

    def output(self) -> str:
        """Everything it has written so far."""
        return self._log.read_text("utf-8", errors="replace") if self._log.exists() else ""

    def kill(self) -> None:
        """End it and all its children at once, as ``kill -9`` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int | None:
        """Ask it to end, and wait; answers its status."""
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int | None:
        """Press Ctrl-C, and wait; answers its status."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int | None:
        if self._process is None:
            return None
        process, self._process = self._process, None
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            return process.wait()
        try:
            return process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait()


@dataclass
class LiveTool:
    """``lmssocial serve`` on a database, as an administrator runs it."""

    settings: Settings
    workers: int = 1
    env: dict[str, str] = field(default_factory=dict)
    """Further variables; those of the settings are set already."""

    def __post_init__(self) -> None:
        """Prepare the process."""
        self.url = self.settings.public_url
        self.port = int(urlsplit(self.url).port or 0)
        self.address = f"http://127.0.0.1:{self.port}"
        """Where this machine reaches it, whatever its name is in a browser."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._server = Server(
            [*CLI, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers)],
            env=settings_env(self.settings) | self.env,
            log=self.settings.data_dir / "serve.log",
        )
        self.kill, self.stop, self.output = self._server.kill, self._server.stop, self._server.output

    @property
    def pid(self) -> int:
        """The process whose children serve; 0 while it does not run."""
        return self._server.pid

    def start(self) -> "LiveTool":
        """Start, and wait until it is ready."""
        self._server.start(lambda: answers(f"{self.address}/readyz"))
        return self

    def run(self, *arguments: str) -> str:
        """Run ``lmssocial …`` on this installation; answers what it printed.

        :raises AssertionError: if it failed, with its output.
        """
        done = subprocess.run(
            [*CLI, *arguments],
            cwd=ROOT,
            env=os.environ | settings_env(self.settings) | self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"lmssocial {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout


class OwnTool:
    """The application of this test, served to a browser by a thread of this process.

    What a browser does with pages has nothing to do with which server sends them, and starting ours takes longer than
    most of the tests: the real one is what the demo, launches and faults are tested on.
    """

    def __init__(self, app: Flask, settings: Settings, tls: ssl.SSLContext | None = None) -> None:
        """Take the port that the address names; :meth:`start` begins to answer."""
        self.url = settings.public_url
        port = int(urlsplit(self.url).port or 0)
        self.address = f"http://127.0.0.1:{port}"
        """Where this machine reaches it, whatever its name is in a browser."""
        self._server = make_server(
            "127.0.0.1", port, app, threaded=True, request_handler=_KeepsAlive, ssl_context=tls
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> "OwnTool":
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _KeepsAlive(WSGIRequestHandler):
    """Keeps connections, as real servers do, and its requests to itself."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Say nothing: the application logs requests itself."""


CLI = (sys.executable, "-m", "lmssocial")


def settings_env(settings: Settings) -> dict[str, str]:
    """The variables that describe ``settings``, for another process."""
    return {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}SECRET_KEY": settings.secret_key,
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}PUBLIC_URL": settings.public_url,
        f"{PREFIX}OUTBOUND_ALLOW": ",".join(settings.outbound_allow),
    }


def address_on(host: str) -> str:
    """An origin on a free port; ``host`` is a name of this machine, such as ``tool.localhost``."""
    return f"http://{host}:{free_port()}"


def answers(url: str) -> bool:
    """Whether ``url`` answers with success by now."""
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
