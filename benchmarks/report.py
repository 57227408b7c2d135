"""The figures as a table for people and as JSON for the next run."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measuring import Scenario
from benchmarks.processes import Memory
from benchmarks.scenarios import POLICED

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
RESULTS = HERE / "results"

EXPLANATION = """\
ratio     CPU time of the floor / CPU time of ours for one request, web server and database together, in the same
          round; the median of all rounds, and the lowest and highest. 1.00 would be as cheap as the floor.
          The floor of "reply, ten policies" is our own reply that no policy is asked about.
ms        CPU milliseconds for one request.
req/s     requests a second by the clock, over two connections; load and database share the machine's cores.
p95       milliseconds from the first byte sent to the last byte read, with two connections.
queries   statements that one request sends to the database.
before    the ratio in benchmarks/baseline.json."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One scenario, summed up."""

    ratio: float
    lowest: float
    highest: float
    ours_ms: float
    floor_ms: float
    rate: float
    p50_ms: float
    p95_ms: float
    floor_p50_ms: float
    kb: float
    floor_kb: float
    queries: int


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What a launch costs, in milliseconds, in verifications of an RSA-2048 signature and beside its floor."""

    verify_ms: float
    """One verification, measured in the same rounds."""
    login_ms: float
    """CPU for the login."""
    launch_ms: float
    """CPU for the launch that answers it."""
    p95_ms: float
    """The launch, from the first byte sent to the last byte read, one at a time."""
    floor_ms: float
    """CPU for the floor's launch: one signature verified, one row written and committed."""
    floor_p95_ms: float
    p95_ratio: float
    """Our p95 in multiples of the floor's in the same round; the median of all rounds."""
    grown_mib: float
    """Memory that all workers grew by in all rounds of launches."""
    queries: int


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything measured on one kind of database."""

    backend: str
    rows: dict[str, Row]
    launch: Launch
    workers: list[Memory]
    policies: list[Memory]
    """The processes in which policies are asked: a keeper and its fork for each worker that was asked to."""
    posts: tuple[int, int]
    """How many posts there were at first, and in the end."""
    growth: dict[str, float]
    """Page → its cost in the end, as a multiple of its cost at first."""


def row_of(scenario: Scenario, queries: int) -> Row:
    """Sum up a scenario."""
    ratios = sorted(scenario.ratios())
    return Row(
        ratio=scenario.ratio(),
        lowest=ratios[0],
        highest=ratios[-1],
        ours_ms=scenario.middle(lambda figure: figure.cost) * 1000,
        floor_ms=scenario.middle(lambda figure: figure.cost, floor=True) * 1000,
        rate=scenario.middle(lambda figure: figure.rate),
        p50_ms=scenario.middle(lambda figure: figure.p50) * 1000,
        p95_ms=scenario.middle(lambda figure: figure.p95) * 1000,
        floor_p50_ms=scenario.middle(lambda figure: figure.p50, floor=True) * 1000,
        kb=scenario.middle(lambda figure: figure.size) / 1000,
        floor_kb=scenario.middle(lambda figure: figure.size, floor=True) / 1000,
        queries=queries,
    )


def table(findings: Findings, before: dict[str, Any]) -> str:
    """The table for one kind of database."""
    known = before.get("backends", {}).get(findings.backend, {}).get("rows", {})
    head = "ratio   (lowest–highest)   ms: ours   floor   req/s     p95     KB   queries  before"
    lines = [f"{findings.backend:<22}  {head}"]
    for name, row in findings.rows.items():
        then = f"{known[name]['ratio']:.2f}" if name in known else "–"
        spread = f"({row.lowest:.2f}–{row.highest:.2f})"
        lines.append(
            f"  {name:<20}  {row.ratio:>5.2f}   {spread:<16} {row.ours_ms:>11.2f} {row.floor_ms:>7.2f} "
            f"{row.rate:>7.0f} {row.p95_ms:>7.1f} {row.kb:>6.1f} {row.queries:>9} {then:>7}"
        )
    about = [
        *_about_policies(findings.rows),
        *_about_size(findings),
        *_about_launch(findings.launch),
        *_about_memory(findings),
    ]
    return "\n".join([*lines, "", *about])


def _about_policies(rows: dict[str, Row]) -> list[str]:
    return [
        f"  A post through ten policies costs {1 / row.ratio:.2f} times one through none "
        f"({1 / row.highest:.2f}–{1 / row.lowest:.2f}); 2 is the most that is accepted."
        for name, row in rows.items()
        if name == POLICED
    ]


def _about_size(findings: Findings) -> list[str]:
    """What the issue of size comes to: growth, the end of a long thread, and a reply in pages."""
    rows, (few, many) = findings.rows, findings.posts
    grown = ", ".join(f"{name} {factor:.2f}" for name, factor in findings.growth.items())
    first, last = (rows[f"long thread, {which} page"] for which in ("first", "last"))
    page, reply = rows["thread page, 50 posts"], rows["reply"]
    return [
        f"  {many:,} posts instead of {few:,} cost, times as much: {grown}.",
        f"  The last page of the longest thread costs {last.ours_ms / first.ours_ms:.2f} times its first.",
        f"  Half of the replies are answered within {reply.p50_ms / page.floor_p50_ms:.1f} times the floor's page.",
    ]


def _about_launch(launch: Launch) -> list[str]:
    cpu = (launch.login_ms + launch.launch_ms) / launch.verify_ms
    return [
        (
            f"  Launch: {launch.p95_ms:.2f} ms p95; {launch.launch_ms:.2f} ms CPU, {launch.queries} queries; "
            f"{launch.login_ms:.2f} ms CPU for the login before it."
        ),
        (
            f"  Its floor, one RSA-2048 signature verified and one row written: {launch.floor_p95_ms:.2f} ms p95, "
            f"{launch.floor_ms:.2f} ms CPU; a launch takes {launch.p95_ratio:.1f} times the one and "
            f"{launch.launch_ms / launch.floor_ms:.1f} times the other."
        ),
        (
            f"  One verification alone takes {launch.verify_ms:.3f} ms here; the CPU of login and launch is "
            f"{cpu:.0f} of them. All rounds of launches made the workers {launch.grown_mib:.1f} MiB larger."
        ),
    ]


def _about_memory(findings: Findings) -> list[str]:
    named = [("Worker", memory) for memory in findings.workers]
    named += [("Policies' process", memory) for memory in findings.policies]
    return [
        f"  {name}: {memory.rss:.0f} MiB resident; {memory.pss:.0f} MiB with shared pages divided."
        for name, memory in named
    ]


def as_json(all_findings: list[Findings], *, quick: bool) -> dict[str, Any]:
    """The whole run."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "backends": {findings.backend: asdict(findings) for findings in all_findings},
    }


def keep(run: dict[str, Any]) -> Path:
    """Write the run into ``results/``, which version control ignores."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{run['at'].replace(':', '').replace('+0000', 'Z')}.json"
    path.write_text(_text(run), "utf-8")
    return path


def keep_as_baseline(run: dict[str, Any]) -> None:
    """Make the run the one that later runs are shown beside."""
    BASELINE.write_text(_text(run), "utf-8")


def baseline() -> dict[str, Any]:
    """The run that is committed; empty if there is none."""
    if not BASELINE.exists():
        print("There is no benchmarks/baseline.json.", file=sys.stderr)
        return {}
    found: dict[str, Any] = json.loads(BASELINE.read_text("utf-8"))
    return found


def _text(run: dict[str, Any]) -> str:
    rounded = json.loads(json.dumps(run), parse_float=lambda number: round(float(number), 4))
    return json.dumps(rounded, indent=1) + "\n"
