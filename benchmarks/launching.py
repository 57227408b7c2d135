"""What a launch costs, in milliseconds and beside the least it could cost: one signature verified, one row written."""

import time
from dataclasses import dataclass, field
from statistics import median

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.load import Job, Load
from benchmarks.measuring import Figure, Side, stretch
from benchmarks.processes import family, judges, memory
from benchmarks.report import Launch
from benchmarks.stand import Stand, logins
from tests.fakes.platform import private_key

LEAST = "POST /launches HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
"""The floor's launch."""


@dataclass
class Launching:
    """Logins alone, logins with launches, and the floor's launches, one person at a time.

    What a launch costs is the difference between the first two.
    """

    stand: Stand
    logins: list[float] = field(default_factory=list)
    both: list[Figure] = field(default_factory=list)
    floor: list[Figure] = field(default_factory=list)
    verifications: list[float] = field(default_factory=list)
    grown: list[float] = field(default_factory=list)
    """MiB that the workers grew by in each round of launches."""

    def measure(self, load: Load, seconds: float) -> None:
        """One round."""
        port, campus = self.stand.tool.port, self.stand.campus
        database = self.stand.database_roots
        roots = [self.stand.tool_root, *database]
        login = Side(
            roots=roots, status=302, job=lambda: Job(port=port, campus=logins(campus), connections=1)
        )
        both = Side(roots=roots, status=303, job=lambda: Job(port=port, campus=campus, connections=1))
        least = Side(
            roots=[self.stand.floor_root, *database],
            status=303,
            job=lambda: Job(port=self.stand.floor_port, requests=(LEAST,), connections=1),
        )
        self.logins.append(stretch(load, login, seconds / 2).cost)
        before = self._workers_mib()
        self.both.append(stretch(load, both, seconds))
        self.grown.append(self._workers_mib() - before)
        self.floor.append(stretch(load, least, seconds / 2))
        self.verifications.append(verification())

    def forget(self) -> None:
        """Throw away what was measured to warm up."""
        for figures in (self.logins, self.both, self.floor, self.verifications, self.grown):
            figures.clear()

    def sum_up(self, queries: int) -> Launch:
        """The medians of all rounds.

        :param queries: of login and launch together.
        """
        login = median(self.logins)
        ratios = [ours.p95 / floor.p95 for ours, floor in zip(self.both, self.floor, strict=True)]
        return Launch(
            verify_ms=median(self.verifications) * 1000,
            login_ms=login * 1000,
            launch_ms=(median(one.cost for one in self.both) - login) * 1000,
            p95_ms=median(one.p95 for one in self.both) * 1000,
            floor_ms=median(one.cost for one in self.floor) * 1000,
            floor_p95_ms=median(one.p95 for one in self.floor) * 1000,
            p95_ratio=median(ratios),
            grown_mib=sum(self.grown),
            queries=queries,
        )

    def _workers_mib(self) -> float:
        """What all workers hold; 0 where nobody says."""
        workers = [pid for pid in family(self.stand.tool_root)[1:] if not judges(pid)]
        return sum(used.pss for pid in workers if (used := memory(pid)))


def verification(times: int = 100) -> float:
    """Seconds of one verification of a signature with an RSA-2048 key, at best: the median of ``times``."""
    key, text = private_key(), b"x" * 1200
    signature = key.sign(text, PKCS1v15(), SHA256())
    public = key.public_key()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        public.verify(signature, text, PKCS1v15(), SHA256())
        taken.append(time.perf_counter() - begin)
    return median(taken)
