"""``/healthz``, ``/readyz`` and ``/metrics``."""

import time

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request

from lmssocial.front.health.checks import Installation, readiness
from lmssocial.front.health.metrics import REQUEST_SECONDS, Gauges, page

bp = Blueprint("health", __name__)
EXTENSION = "lmssocial_installation"
GAUGES = "lmssocial_gauges"


def init_app(app: Flask, installation: Installation) -> None:
    """Serve the three addresses, and count every request."""
    app.extensions[EXTENSION] = installation
    app.extensions[GAUGES] = Gauges(installation.engine)
    app.register_blueprint(bp)

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        seconds = time.perf_counter() - g.get("began_at", time.perf_counter())
        REQUEST_SECONDS.labels(request.method, route, str(response.status_code)).observe(seconds)
        return response


@bp.get("/healthz")
def healthz() -> Response:
    """The process is alive. Looks at nothing else, so that a slow database does not get it killed."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether requests may be sent here; 503 and the names of the failed checks if not. Says no secrets.

    A plugin that is broken is told, and does not make the tool unready.
    """
    findings = readiness(current_app.extensions[EXTENSION])
    ok = all(finding.ok or not finding.grave for finding in findings)
    checks = {finding.check: "ok" if finding.ok else "failed" for finding in findings}
    return jsonify(status="ready" if ok else "not ready", checks=checks), 200 if ok else 503


@bp.get("/metrics")
def metrics() -> Response:
    """Prometheus text format: request durations by route and status, the Python process, and how the LMS side is."""
    body, content_type = page(current_app.extensions[GAUGES])
    return Response(body, content_type=content_type)
