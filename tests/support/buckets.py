"""A server that speaks S3 and that nobody here wrote (moto), and servers that speak it badly."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from lmssocial.core.storage import S3, Bucket
from tests.support.network import free_port
from tests.support.servers import Server

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NAME = "attachments"


class S3Server:
    """The server as a process of its own, with one empty bucket."""

    def __init__(self, folder: Path, *, closed: bool = False) -> None:
        """:param closed: knows nobody's key, so it refuses everything."""
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        env = {"INITIAL_NO_AUTH_ACTION_COUNT": "1"} if closed else {}
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "moto.server",
            "-H",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        self._server = Server(command, env=env, log=folder / "s3.log")
        self._server.start(self._answers)
        httpx.put(f"{self.origin}/{NAME}").raise_for_status()
        self.kill = self._server.kill

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/moto-api/data.json").status_code == 200
        except httpx.TransportError:
            return False

    def address(self, **query: str) -> str:
        """Its bucket, as the setting wants it."""
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"s3://{KEY}:{SECRET.replace('/', '%2F').replace('+', '%2B')}@127.0.0.1:{self.port}/{NAME}?tls=0{more}"

    def names(self) -> list[str]:
        """The names of all files in it."""
        listing = httpx.get(f"{self.origin}/{NAME}?list-type=2").text
        return [part.partition("</Key>")[0] for part in listing.split("<Key>")[1:]]


def bucket_at(port: int) -> S3:
    """A store at whatever answers at a port of this machine."""
    return S3(Bucket(host=f"127.0.0.1:{port}", name=NAME, key=KEY, secret=SECRET, tls=False))


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port at which ``answer`` is called for each connection; it is closed afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _from = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        answer(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
