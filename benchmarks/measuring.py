"""One figure at a time: what the servers spent on a stretch of load."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Job, Load, Result
from benchmarks.processes import cpu_seconds


class WrongAnswer(AssertionError):
    """A server answered with another status than the one that is measured; figures of it would mean nothing."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One stretch of load."""

    cost: float
    """CPU seconds of web server and database for one request; wall-clock seconds where CPU time is not known."""
    rate: float
    """Requests a second by the clock, over two connections; it includes the load's own share of the machine."""
    p50: float
    p95: float
    size: int


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two that are compared: who serves, and what is asked."""

    roots: list[int]
    """The processes whose CPU time counts, with their descendants."""
    job: Callable[[], Job]
    """Made afresh for every stretch."""
    status: int = 200
    size: int = 0
    """About how many bytes an answer has, where that is known; half of it would be another page."""
    done: Callable[[], None] = lambda: None
    """Called after every stretch, to undo what making the job did."""


@dataclass
class Scenario:
    """Our page and its floor, with the figures of each round."""

    name: str
    ours: Side
    floor: Side
    rounds: list[tuple[Figure, Figure]] = field(default_factory=list)

    def measure(self, load: Load, seconds: float, turn: int) -> None:
        """One round: both sides, one right after the other; who is first changes from round to round."""
        order = (self.ours, self.floor) if turn % 2 else (self.floor, self.ours)
        found = {id(side): stretch(load, side, seconds) for side in order}
        self.rounds.append((found[id(self.ours)], found[id(self.floor)]))

    def ratios(self) -> list[float]:
        """Requests for the same work, ours to the floor's, round by round: 1 would be as cheap as the floor."""
        return [floor.cost / ours.cost for ours, floor in self.rounds]

    def ratio(self) -> float:
        """The median of :meth:`ratios`."""
        return median(self.ratios())

    def middle(self, of: Callable[[Figure], float], *, floor: bool = False) -> float:
        """The median of a figure over the rounds."""
        return median(of(pair[1] if floor else pair[0]) for pair in self.rounds)


def stretch(load: Load, side: Side, seconds: float) -> Figure:
    """Load one side for ``seconds``.

    :raises WrongAnswer: if it answered anything but what is measured.
    """
    before = cpu_seconds(side.roots)
    try:
        result = load.run(_with(side.job(), seconds))
        after = cpu_seconds(side.roots)
    finally:
        side.done()
    _require(result, side)
    cost = result.seconds if before is None or after is None else after - before
    return Figure(
        cost=cost / result.count,
        rate=result.count / result.seconds,
        p50=result.p50,
        p95=result.p95,
        size=result.size,
    )


def _with(job: Job, seconds: float) -> Job:
    return Job(
        port=job.port,
        requests=job.requests,
        campus=job.campus,
        connections=job.connections,
        seconds=seconds,
    )


def _require(result: Result, side: Side) -> None:
    if set(result.statuses) != {str(side.status)}:
        raise WrongAnswer(f"expected only {side.status}, got {result.statuses}")
    if side.size and abs(result.size - side.size) > side.size / 4:
        raise WrongAnswer(f"expected about {side.size} bytes, got {result.size}")
