"""HTTP servers inside the test process, with answers a test writes itself."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Loopback:
    """A listening server and what it was asked."""

    port: int = 0
    seen: list[Asked] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", path: str = "/", scheme: str = "http") -> str:
        """An address of this server under any name."""
        return f"{scheme}://{host}:{self.port}{path}"


def says(body: bytes, content_type: str = "application/json", status: int = 200, **headers: str) -> Answer:
    """An answer with this body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def listening(
    answer: Answer, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Loopback]:
    """Serve ``answer`` to every request while the block runs."""
    server = Loopback()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = type("Listening", (_Listening,), {"address_family": family})
    httpd = kind((host, port), _handler(server, answer))
    if tls:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    server.port = httpd.server_address[1]
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(5)


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that give up are what some tests are about."""


def _handler(server: Loopback, answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a body waits 40 ms for the receipt of its headers

        def handle_any(self) -> None:
            self.sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.seen.append(Asked(self.command, self.path, dict(self.headers), self.sent))
            try:
                answer(self)
            except OSError:
                self.close_connection = True  # the client gave up, which is what some tests are about

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 -- http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's signature
            """Stay quiet."""

    return Handler
