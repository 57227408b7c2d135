"""What the rest of the program knows of a store for files.

Three verbs that every store has, a folder as well as an S3 bucket. Nobody outside of a store makes addresses into it:
readers get files through a view, which asks for their rights each time.
"""

import secrets
from typing import BinaryIO, Protocol


class StorageFailed(Exception):
    """The store did not do what it was asked: it is full, away, or forbids it. The message is for the log."""


class Missing(StorageFailed):
    """There is no such file."""


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


def new_key() -> str:
    """A key that nobody can guess: 32 hexadecimal digits, which suit every file system and every bucket."""
    return secrets.token_hex(16)
