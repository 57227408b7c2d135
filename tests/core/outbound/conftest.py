"""Real servers on loopback, with answers a test writes itself."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A listening server and what it was asked."""

    port: int
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

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


def _handler(server: Server, answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.seen.append((self.command, self.path, dict(self.headers), body))
            try:
                answer(self)
            except OSError:
                self.close_connection = True  # the client gave up, which is what some tests are about

        do_GET = do_POST = handle_any  # noqa: N815 -- http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's signature
            """Stay quiet."""

    return Handler


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that give up are what some tests are about."""


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server: ``serve(answer)``, ``serve(answer, host="127.0.0.2")``, ``serve(answer, tls=context)``."""
    with ExitStack() as stack:

        def start(
            answer: Answer, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
        ) -> Server:
            server = Server(0)
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            kind = type("Listening", (_Listening,), {"address_family": family})
            httpd = kind((host, port), _handler(server, answer))
            if tls:
                httpd.socket = tls.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
            server.port = httpd.server_address[1]
            thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(httpd.server_close)
            stack.callback(httpd.shutdown)
            return server

        yield start


@dataclass(frozen=True)
class Certificates:
    """A server certificate for ``lms.example`` and the client context that trusts its issuer."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Sign a certificate for ``lms.example`` with its own key."""
    folder: Path = tmp_path_factory.mktemp("certificates")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lms.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("lms.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    client = ssl.create_default_context()
    client.load_verify_locations(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())
    return Certificates(server, client)
