"""What a launch costs, in milliseconds and beside the least it could cost: verifying signatures."""

import time
from dataclasses import dataclass, field
from statistics import median

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.load import Job, Load
from benchmarks.measuring import Side, stretch
from benchmarks.report import Launch
from benchmarks.stand import Stand, logins
from tests.fakes.platform import private_key


@dataclass
class Launching:
    """Logins alone, then logins with launches, one person at a time; the difference is the launch."""

    stand: Stand
    logins: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    verifications: list[float] = field(default_factory=list)

    def measure(self, load: Load, seconds: float) -> None:
        """One round."""
        port, campus = self.stand.tool.port, self.stand.campus
        roots = [self.stand.tool_root, *self.stand.database_roots]
        login = Side(
            roots=roots, status=302, job=lambda: Job(port=port, campus=logins(campus), connections=1)
        )
        both = Side(roots=roots, status=303, job=lambda: Job(port=port, campus=campus, connections=1))
        self.logins.append(stretch(load, login, seconds / 2).cost)
        found = stretch(load, both, seconds)
        self.both.append(found.cost)
        self.p95.append(found.p95)
        self.verifications.append(verification())

    def forget(self) -> None:
        """Throw away what was measured to warm up."""
        for figures in (self.logins, self.both, self.p95, self.verifications):
            figures.clear()

    def sum_up(self, queries: int) -> Launch:
        """The medians of all rounds.

        :param queries: of login and launch together.
        """
        login = median(self.logins)
        return Launch(
            verify_ms=median(self.verifications) * 1000,
            login_ms=login * 1000,
            launch_ms=(median(self.both) - login) * 1000,
            p95_ms=median(self.p95) * 1000,
            queries=queries,
        )


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
