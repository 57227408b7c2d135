"""Files of other systems, understood. What a file is, its content says; its name says nothing."""

from typing import BinaryIO

from lmssocial.widgets.discussion.importing.past import Past, Source
from lmssocial.widgets.discussion.importing.readers import discourse, moodle, tables
from lmssocial.widgets.discussion.importing.readers.archives import Archive, looks_packed


def read(file: BinaryIO) -> Past:
    """Understand a file.

    :param file: can be read from any place; its place is not kept.
    :raises Unreadable: in words that say what is wrong with it.
    """
    file.seek(0)
    beginning = file.read(4096)
    file.seek(0)
    if looks_packed(beginning):
        with Archive(file) as archive:
            if archive.is_moodle:
                return moodle.read(archive)
            return discourse.read_archive(archive)
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return discourse.read(file)
    return tables.read(file)


__all__ = ["Source", "read"]
