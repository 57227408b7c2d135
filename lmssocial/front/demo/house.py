"""Where the demo lives: its folder, its two addresses, and the settings its processes are given."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lmssocial.settings import PREFIX, Settings

MARK = "lmssocial-demo"
"""An empty file that says: everything in this folder was made by the demo and may be deleted by ``--reset``."""
LOCK = "lock"
"""A file that the running demo holds; the system lets go of it however the demo ends."""


class CannotStart(Exception):
    """Something is in the way; the message says what, and what to do."""


@dataclass(frozen=True)
class House:
    """One demo on this machine."""

    data_dir: Path
    port: int
    lms_port: int

    @property
    def tool_url(self) -> str:
        """The tool's address in a browser."""
        return f"http://localhost:{self.port}"

    @property
    def lms_url(self) -> str:
        """The demo LMS's address in a browser, which is its issuer as well."""
        return f"http://localhost:{self.lms_port}"

    @property
    def lms_dir(self) -> Path:
        """The folder of the demo LMS; the tool never looks into it."""
        return self.data_dir / "lms"

    @property
    def log_dir(self) -> Path:
        """Where the processes write what they say."""
        return self.data_dir / "logs"

    def environment(self, around: Mapping[str, str]) -> dict[str, str]:
        """The variables of the demo's processes: ``around`` without the settings of any other installation."""
        kept = {name: value for name, value in around.items() if not name.startswith(PREFIX)}
        return kept | {
            f"{PREFIX}DATA_DIR": str(self.data_dir / "tool"),
            f"{PREFIX}PUBLIC_URL": self.tool_url,
            f"{PREFIX}OUTBOUND_ALLOW": f"localhost:{self.lms_port}",
        }

    def settings(self) -> Settings:
        """The same settings, read."""
        return Settings.from_env(self.environment({}))


def prepare_folder(house: House) -> None:
    """Make the demo's folder, if it is not there yet.

    :raises CannotStart: if the folder holds something that is not the demo's, or cannot be written.
    """
    folder = house.data_dir
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
            raise CannotStart(
                f"{folder} holds things that are not the demo's. Choose another folder with --data-dir."
            )
        house.log_dir.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
    except OSError as error:
        raise CannotStart(
            f"{folder} cannot be written ({error.strerror}). Choose another with --data-dir."
        ) from error


@contextmanager
def alone(house: House) -> Iterator[None]:
    """Keep a second demo away from the same folder while the block runs.

    :raises CannotStart: if one is running there.
    """
    with (house.data_dir / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"A demo is running in {house.data_dir} already. Stop it, or choose another folder with --data-dir."
            ) from error
        yield


def begin_anew(house: House) -> None:
    """Delete everything that the demo has kept."""
    for kept in house.data_dir.iterdir():
        if kept.is_dir():
            shutil.rmtree(kept)
        elif kept.name not in {MARK, LOCK}:
            kept.unlink()
    house.log_dir.mkdir()


def refuse_taken_ports(house: House) -> None:
    """Make sure that both ports are free.

    :raises CannotStart: naming the port and the way to another.
    """
    if house.port == house.lms_port:
        raise CannotStart("The tool and the demo LMS need two different ports.")
    for port, variable, option in (
        (house.port, "PORT", "--port"),
        (house.lms_port, "LMS_PORT", "--lms-port"),
    ):
        if is_taken(port):
            raise CannotStart(
                f"Port {port} is taken: another program listens there, perhaps another demo.\n"
                f"Stop it, or choose another port:  make demo {variable}={_free_near(port)}  "
                f"(lmssocial demo {option} {_free_near(port)})"
            )


def is_taken(port: int) -> bool:
    """Whether something listens on ``port`` of this machine, under either of the two addresses of localhost."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if os.name == "posix":
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError:
            if family is socket.AF_INET or _answers(host, port):
                return True
    return False


def _answers(host: str, port: int) -> bool:
    """Whether somebody listens there; a machine without IPv6 cannot bind and has nobody there either."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _free_near(port: int) -> int:
    return next((one for one in range(port + 10, min(port + 1000, 65_536)) if not is_taken(one)), 0)
