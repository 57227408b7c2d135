"""Structured logs: one line a request, with a reference that other systems may hand in."""

import logging
import re
import sys
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = structlog.get_logger("lmssocial.request")

_processors: list[structlog.typing.Processor] = []
"""One list for good: loggers keep it from their first use on, so configuring again has to change it in place."""


def configure(log_format: str) -> None:
    """Write log lines to standard error, as ``json`` for machines or ``text`` for people."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # never the values of variables
            )
        ]
    )
    _processors[:] = [*shared, *last]
    structlog.configure(
        processors=_processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def init_app(app: Flask) -> None:
    """Log each request with its route, status and duration; never its query string, which may carry tokens."""

    @app.before_request
    def begin() -> None:
        handed_in = request.headers.get("X-Request-ID", "")
        g.request_id = handed_in if REQUEST_ID.fullmatch(handed_in) else uuid4().hex[:16]
        g.began_at = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint not in {"health.healthz", "assets.file"}:
            seconds = time.perf_counter() - g.get("began_at", time.perf_counter())
            log.info(
                "request",
                method=request.method,
                route=str(request.url_rule) if request.url_rule else "none",
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response
