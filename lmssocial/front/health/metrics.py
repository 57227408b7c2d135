"""What Prometheus may read.

Several worker processes share a folder, named by ``PROMETHEUS_MULTIPROC_DIR`` before the first import of this module
in each of them; ``lmssocial serve`` does so.
"""

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUEST_SECONDS = Histogram(
    "lmssocial_request_seconds",
    "How long requests took, in seconds.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def page() -> tuple[bytes, str]:
    """All metrics of all worker processes, and the content type to send them with."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
