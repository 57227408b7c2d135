"""A receiver of statements that answers as a test says, and keeps what it was sent."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """A server on the loopback address."""

    def __init__(self) -> None:
        """Start it; it takes everything."""
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        """Path, headers and body of each request."""
        self.answer: Callable[[Any], int] = lambda _body: 200
        """Body → the status it answers; what it answers with 2xx it keeps."""
        self.kept: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.requests.append((self.path, dict(self.headers), body))
                status = receiver.answer(body)
                if status < 300:
                    receiver.kept += body if isinstance(body, list) else body["data"]
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it: from now on nobody answers."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
