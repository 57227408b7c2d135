"""Where files live: outside the database, under keys that say nothing about them."""

from pathlib import Path

from lmssocial.core.storage.folder import Folder
from lmssocial.core.storage.port import Missing, Sending, Storage, StorageFailed, new_key
from lmssocial.core.storage.s3 import S3, AddressWrong, Bucket

__all__ = [
    "S3",
    "AddressWrong",
    "Bucket",
    "Folder",
    "Missing",
    "Sending",
    "Storage",
    "StorageFailed",
    "new_key",
    "storage_at",
]


def storage_at(address: str, folder: Path) -> Storage:
    """The store that the settings name.

    :param address: of a bucket (:meth:`Bucket.parse`); empty for ``folder``.
    :raises AddressWrong: if it is no address of a bucket.
    :raises StorageFailed: if the library for buckets is not installed.
    """
    return S3(Bucket.parse(address)) if address else Folder(folder)
