"""What the rest of the program knows of a store for files.

Three verbs that every store has, a folder as well as an S3 bucket. A bucket can also say where browsers fetch a file by
themselves for some minutes; whoever asks it for that has asked for the reader's rights before.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

KEY = re.compile(r"[0-9a-f]{32}")
"""What :func:`new_key` makes; anything else leads nowhere."""


class StorageFailed(Exception):
    """The store did not do what it was asked: it is full, away, or forbids it. The message is for the log."""


class Missing(StorageFailed):
    """There is no such file."""


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How a file goes to a browser that fetches it from the store."""

    media_type: str
    disposition: str
    """The header Content-Disposition: whether it is shown or saved, and under which name (RFC 6266)."""
    since: datetime
    """When the address begins to be good. The same moment makes the same address, which a browser can keep."""
    lasts: timedelta
    """For how long from then on."""


class Storage(Protocol):
    """A store for files. Keys come from :func:`new_key`; what stands under one is never changed, only deleted."""

    def put(self, key: str, data: bytes) -> None:
        """Keep ``data`` under ``key``; on return it is safe, and before that nobody can read half of it.

        :raises StorageFailed: if it is not kept.
        """

    def open(self, key: str) -> BinaryIO:
        """What was kept, for reading from its beginning; whoever asks closes it.

        :raises Missing: if there is nothing under ``key``.
        :raises StorageFailed: if it cannot be read.
        """

    def delete(self, key: str) -> None:
        """Forget it; what is not there is forgotten already.

        :raises StorageFailed: if it is still there.
        """

    def address(self, key: str, sending: Sending) -> str | None:
        """A signed address at which a browser fetches the file from the store itself, and which ends.

        ``None`` from a store that browsers do not reach; we send its files. Nobody is asked whether the file is there.
        """


def new_key() -> str:
    """A key that nobody can guess: 32 hexadecimal digits, which suit every file system and every bucket."""
    return secrets.token_hex(16)
