"""What a process and its children have used, from /proc; other systems answer ``None`` and get wall-clock figures."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
SECRET = "BENCH_SECRET"  # noqa: S105  # the name of a variable
"""The variable by which a module that runs in a process of its own is told the installation's secret."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Memory of one process, in MiB."""

    rss: float
    """Resident, shared pages counted in full."""
    pss: float
    """Resident, each shared page divided among those who share it: these add up."""


def apart(module: str, *arguments: str, secret: str = "") -> dict[str, Any]:
    """Run ``module`` in a process of its own; gives the JSON object that its last line is."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | {SECRET: secret},
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def own_memory(name: str = "VmHWM") -> float:
    """MiB of this process: at its highest, or now (``VmRSS``); 0 where there is no /proc."""
    try:
        lines = (PROC / "self" / "status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def family(root: int) -> list[int]:
    """``root`` and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def judges(pid: int) -> bool:
    """Whether policies are asked in a process, or it is the keeper of one where they are."""
    try:
        return b"lmssocial.core.hooks.child" in (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def cpu_seconds(roots: list[int]) -> float | None:
    """CPU seconds that these processes and their living descendants have used so far; ``None`` without /proc."""
    if not (PROC / "self" / "stat").exists():
        return None
    return sum(_cpu(pid) for root in roots for pid in family(root))


def memory(pid: int) -> Memory | None:
    """The memory of one process; ``None`` where nobody says."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text("ascii", errors="replace").splitlines()
    except OSError:
        return None
    values = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:] if line.endswith("kB")}
    return Memory(rss=values["Rss"] / 1024, pss=values["Pss"] / 1024)


def _cpu(pid: int) -> float:
    """The scheduler's nanoseconds where it keeps them, otherwise the kernel's ticks of a hundredth of a second."""
    nanoseconds = 0
    try:
        for task in (PROC / str(pid) / "task").iterdir():
            nanoseconds += int((task / "schedstat").read_text("ascii").split()[0])
    except OSError:
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0
    return nanoseconds / 1e9


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, from the state on; empty if the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
