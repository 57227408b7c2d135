"""What a process and its children have used, from /proc; other systems answer ``None`` and get wall-clock figures."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Memory of one process, in MiB."""

    rss: float
    """Resident, shared pages counted in full."""
    pss: float
    """Resident, each shared page divided among those who share it: these add up."""


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
