"""Which processes of this installation run on this machine, and asking them to begin anew.

A server or worker that runs holds a locked file in ``DATA_DIR/run``; the lock ends with the process, however it ends,
so nothing has to be tidied up. SIGHUP lets a server replace its processes one by one, without dropping a request, and
a worker start again when it has finished what is under way: both then have what was installed meanwhile.
"""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def held(data_dir: Path, name: str) -> Iterator[None]:
    """Be known as ``name`` (``server-8000``, ``worker-4711``) for as long as the block lasts.

    A process that cannot write there is not known, and runs all the same.
    """
    folder = data_dir / "run"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / f"{name}.pid").open("w", encoding="ascii")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.write(str(os.getpid()))
        file.flush()
        yield


def begin_anew(data_dir: Path) -> list[str]:
    """Ask every process of the installation on this machine to begin anew; gives their names, sorted."""
    asked = []
    for path in sorted((data_dir / "run").glob("*.pid")):
        pid = _pid_behind(path)
        if pid is None:
            path.unlink(missing_ok=True)
            continue
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGHUP)
            asked.append(path.stem)
    return asked


def _pid_behind(path: Path) -> int | None:
    """The process that holds the file; ``None`` if it is gone."""
    with path.open("r", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = file.read().strip()
            return int(text) if text.isdecimal() else None
    return None
