"""Packed files, of which only the few parts that are asked for are unpacked, each into a file without a name.

No path in an archive is ever a path here. What is unpacked is counted, so that a small file that unpacks to a huge one
is noticed while that happens.
"""

import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.discussion.importing.past import Unreadable

MOST_UNPACKED = 600_000_000
"""Bytes that all wanted parts may have together."""

MOST_PASSED = 20_000_000_000
"""Bytes of other parts (videos of a whole course) that are stepped over at most."""

MOST_RATIO = 200
"""How many times as large as the archive its content may be, if that is more: text packs to a tenth."""

MOST_PARTS = 200_000
_IN_MEMORY = 4_000_000
_CHUNK = 1 << 18

_MOODLE = "moodle_backup.xml"
_WANTED = re.compile(
    r"(?:\./)?(moodle_backup\.xml|users\.xml|groups\.xml|files\.xml|activities/forum_\d+/(?:forum|module)\.xml"
    r"|[^/\\]+\.json)"
)


def looks_packed(beginning: bytes) -> bool:
    """Whether a file that begins like this is an archive we can open."""
    return beginning.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")) or beginning[257:262] == b"ustar"


class Archive:
    """The wanted parts of an archive: of a Moodle backup its lists and forums, of any other its JSON files."""

    def __init__(self, file: BinaryIO) -> None:
        """:param file: a zip, a tar, or a tar in gzip.

        :raises Unreadable: if it is damaged, or unpacks to too much.
        """
        self._parts: dict[str, IO[bytes]] = {}
        self._open = ExitStack()
        self._unpacked = 0
        file.seek(0, 2)
        self._budget = max(MOST_UNPACKED, min(MOST_PASSED, MOST_RATIO * file.tell()))
        file.seek(0)
        try:
            if file.read(2) == b"PK":
                self._unzip(file)
            else:
                self._untar(file)
        except (
            tarfile.TarError,
            zipfile.BadZipFile,
            zlib.error,
            gzip.BadGzipFile,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,  # a zip with a password
        ) as error:
            self._open.close()
            raise Unreadable(
                _("The archive is damaged or was not copied to its end. Make it again, or copy it again."),
                reason=f"{type(error).__name__}: {error}",
            ) from error
        except Unreadable:
            self._open.close()
            raise

    def __enter__(self) -> Self:
        """The archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget what was unpacked."""
        self._open.close()

    @property
    def is_moodle(self) -> bool:
        """Whether it is a backup of Moodle."""
        return _MOODLE in self._parts

    def part(self, name: str) -> BinaryIO | None:
        """One part, from its beginning."""
        found = self._parts.get(name)
        if found is None:
            return None
        found.seek(0)
        return cast("BinaryIO", found)

    def names(self, beginning: str = "", end: str = "") -> Iterator[str]:
        """The names of the unpacked parts that begin and end like this, sorted."""
        return (name for name in sorted(self._parts) if name.startswith(beginning) and name.endswith(end))

    def _unzip(self, file: BinaryIO) -> None:
        file.seek(0)
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            self._count_parts(len(entries))
            for entry in entries:
                if name := _wanted(entry.filename):
                    with packed.open(entry) as source:
                        self._keep(name, source)

    def _untar(self, file: BinaryIO) -> None:
        file.seek(0)
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        plain = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
        counted = cast("IO[bytes]", _Counted(plain, self._budget))
        with tarfile.open(fileobj=counted, mode="r|") as tar:
            for number, entry in enumerate(tar):
                self._count_parts(number)
                tar.members = []  # type: ignore[attr-defined]  # it keeps all of them otherwise
                name = _wanted(entry.name)
                if name and entry.isreg() and (source := tar.extractfile(entry)) is not None:
                    self._keep(name, source)

    def _keep(self, name: str, source: IO[bytes]) -> None:
        if name in self._parts:
            return
        kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 – the stack closes it
        self._open.callback(kept.close)
        while chunk := source.read(_CHUNK):
            self._unpacked += len(chunk)
            if self._unpacked > MOST_UNPACKED:
                raise _bomb()
            kept.write(chunk)
        self._parts[name] = kept

    @staticmethod
    def _count_parts(number: int) -> None:
        if number > MOST_PARTS:
            raise _bomb()


class _Counted:
    """A stream that says how much was read from it, and stops at a budget."""

    def __init__(self, source: IO[bytes], budget: int) -> None:
        self._source, self._left = source, budget

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise _bomb()
        return data


def _wanted(path: str) -> str:
    """The name of a wanted part; empty for all others. Only a whole, plain path is one."""
    found = _WANTED.fullmatch(path)
    return found.group(1) if found else ""


def _bomb() -> Unreadable:
    return Unreadable(
        _("The archive unpacks to more than can be brought in. Back up the forums alone, without files."),
        reason="more than the budget was unpacked",
    )
