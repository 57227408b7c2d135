"""Where files live: outside the database, under keys that say nothing about them."""

from lmssocial.core.storage.folder import Folder
from lmssocial.core.storage.port import Missing, Storage, StorageFailed, new_key

__all__ = ["Folder", "Missing", "Storage", "StorageFailed", "new_key"]
