"""A store in a folder of this machine, or of a network share that all processes see."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from lmssocial.core.storage.port import KEY, Missing, Sending, StorageFailed

_PUT_ASIDE = ".part"


class Folder:
    """Files in folders named after the first two digits of their keys, so that no folder grows beyond what lists well.

    A file is written beside its place, brought to the disk and renamed: it is there whole, or not at all. Nobody but
    the user the tool runs as may read it.
    """

    def __init__(self, home: Path) -> None:
        """:param home: the folder; made when the first file comes."""
        self._home = home

    def put(self, key: str, data: bytes) -> None:
        """See :meth:`~lmssocial.core.storage.port.Storage.put`."""
        place = self._place(key)
        aside = place.with_suffix(_PUT_ASIDE)
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(place)
            _bring_to_disk(place.parent)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise StorageFailed(f"{place} cannot be written: {error.strerror or error}") from error

    def open(self, key: str) -> BinaryIO:
        """See :meth:`~lmssocial.core.storage.port.Storage.open`."""
        place = self._place(key)
        try:
            return place.open("rb")
        except FileNotFoundError as error:
            raise Missing(f"{place} is not there") from error
        except OSError as error:
            raise StorageFailed(f"{place} cannot be read: {error.strerror or error}") from error

    def delete(self, key: str) -> None:
        """See :meth:`~lmssocial.core.storage.port.Storage.delete`."""
        place = self._place(key)
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            raise StorageFailed(f"{place} cannot be deleted: {error.strerror or error}") from error

    def address(self, key: str, sending: Sending) -> str | None:
        """See :meth:`~lmssocial.core.storage.port.Storage.address`: no browser reaches a folder."""
        del key, sending
        return None

    def _place(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a store")
        return self._home / key[:2] / key


def _bring_to_disk(folder: Path) -> None:
    """Make the new name in ``folder`` survive a power cut; a rename alone may not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
