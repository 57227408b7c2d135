"""A server that says yes before it has written anything down: what the test of the real one has to notice.

Run: ``python -m tests.faults.hasty_server PORT FILE``; ``POST /`` with ``text`` is answered at once and written a
moment later.
"""

import sys
import threading
import time
from pathlib import Path

from flask import Flask, request
from werkzeug.serving import make_server

LATER = 0.25
"""Seconds between the answer and the writing."""


def make_app(file: Path) -> Flask:
    """The hasty application, which keeps its texts in ``file``."""
    app = Flask(__name__)

    def write(text: str) -> None:
        time.sleep(LATER)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{text}\n")

    @app.get("/")
    def ready() -> str:
        return "ready"

    @app.post("/")
    def take() -> str:
        threading.Thread(target=write, args=(request.form["text"],), daemon=True).start()
        return "yes"

    return app


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), make_app(Path(sys.argv[2])), threaded=True).serve_forever()
