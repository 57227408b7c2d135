"""What Prometheus may read.

Several worker processes share a folder, named by ``PROMETHEUS_MULTIPROC_DIR`` before the first import of this module
in each of them; ``lmssocial serve`` does so.
"""

import os
import threading
import time
from collections.abc import Iterable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.front.health.lti_checks import Standing, standing

log = structlog.get_logger(__name__)

REQUEST_SECONDS = Histogram(
    "lmssocial_request_seconds",
    "How long requests took, in seconds.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


GAUGES = {
    "signing_keys": "Keys that sign what we send, or will.",
    "grades_waiting": "Grades on their way to an LMS.",
    "grades_given_up": "Grades an LMS did not take; they wait for somebody to ask for them.",
    "grades_oldest_s": "Age of the oldest grade on its way, in seconds.",
    "rosters_failing": "Rosters whose last run came to nothing.",
    "clocks_off": "LMSs whose clock is more than ten seconds from ours.",
    "subscriptions_refused": "Kinds of notices that an LMS refused to send us.",
}
"""Fields of :class:`~lmssocial.front.health.lti_checks.Standing` and what they say."""
LOOK_EVERY = 30.0
"""Seconds for which the numbers from the database are good: several monitors ask no more often than one."""


class Gauges(Collector):
    """What the database says, looked up when a monitor asks; left out as long as the database does not answer."""

    def __init__(self, engine: Engine) -> None:
        """:param engine: asked no more than every :data:`LOOK_EVERY` seconds."""
        self._engine = engine
        self._turn = threading.Lock()
        self._seen: tuple[float, Standing] | None = None

    def collect(self) -> Iterable[Metric]:
        """A gauge for each number."""
        try:
            found = self._look()
        except SQLAlchemyError:
            log.exception("the numbers for monitors could not be read")
            return
        for name, says in GAUGES.items():
            unit = "grades_oldest_age_seconds" if name == "grades_oldest_s" else name
            yield GaugeMetricFamily(f"lmssocial_{unit}", says, value=getattr(found, name))

    def _look(self) -> Standing:
        with self._turn:
            if self._seen is None or time.monotonic() - self._seen[0] > LOOK_EVERY:
                with Session(self._engine) as session:
                    self._seen = time.monotonic(), standing(session)
            return self._seen[1]


def page(gauges: Gauges) -> tuple[bytes, str]:
    """All metrics of all worker processes and of the database, and the content type to send them with."""
    looked_up = CollectorRegistry()
    looked_up.register(gauges)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(looked_up), CONTENT_TYPE_LATEST
    return generate_latest(REGISTRY) + generate_latest(looked_up), CONTENT_TYPE_LATEST
