"""Reads data frames out of a file that R saved: as much of its format as the data we measure with needs.

R Internals 1.8, "Serialization Formats": big-endian numbers after a line that names the version. Factors come as their
codes. Anything else than vectors, lists, names and attributes is refused.
"""

import gzip
import struct
from pathlib import Path
from typing import Any

Frame = dict[str, list[Any]]
"""Column → its values."""

_NIL = frozenset({254, 242, 253, 251, 241})
_SYMBOL, _PAIRS, _TEXT, _REFERENCE = 1, 2, 9, 255
_WHOLE, _REAL, _LISTS = frozenset({10, 13}), 14, frozenset({16, 19})
_ATTRIBUTES, _TAG = 0x200, 0x400
_TABLES = (b"RDX2\nX\n", b"RDX3\nX\n")


class NotReadable(ValueError):
    """Something in the file is not what is expected."""


def frames(path: Path) -> dict[str, Frame]:
    """Every data frame in the file, by its name.

    :raises NotReadable: if it is no such file.
    """
    reader = _Reader(gzip.decompress(path.read_bytes()))
    found: dict[str, Frame] = {}
    for name, (columns, attributes) in reader.begin():
        titles = attributes["names"][0]
        found[name] = {title: values for title, (values, _more) in zip(titles, columns, strict=True)}
    return found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.symbols: list[Any] = []

    def begin(self) -> list[tuple[str, Any]]:
        if self.data[:7] not in _TABLES:
            raise NotReadable("no data that R saved")
        self.at = 7
        version = self.number()
        self.at += 8  # the versions of R that wrote it and that can read it
        if version == 3:
            self.text()  # the name of the encoding
        found: list[tuple[str, Any]] = self.item()
        return found

    def number(self) -> int:
        (value,) = struct.unpack_from(">i", self.data, self.at)
        self.at += 4
        return int(value)

    def many(self, form: str, size: int) -> list[Any]:
        count = self.number()
        values = struct.unpack_from(f">{count}{form}", self.data, self.at)
        self.at += size * count
        return list(values)

    def item(self) -> Any:
        flags = self.number()
        kind = flags & 255
        if kind in _NIL:
            return None
        if kind == _REFERENCE:
            return self.symbols[(flags >> 8 or self.number()) - 1]
        if kind == _SYMBOL:
            name = self.item()
            self.symbols.append(name)
            return name
        if kind == _TEXT:
            return self.text()
        if kind == _PAIRS:
            return self.pairs(flags)
        return self.vector(kind), dict(self.item()) if flags & _ATTRIBUTES else {}

    def text(self) -> str | None:
        length = self.number()
        if length < 0:
            return None
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def pairs(self, flags: int) -> list[tuple[Any, Any]]:
        if flags & _ATTRIBUTES:
            self.item()
        tag = self.item() if flags & _TAG else None
        return [(tag, self.item()), *(self.item() or [])]

    def vector(self, kind: int) -> list[Any]:
        if kind in _WHOLE:
            return self.many("i", 4)
        if kind == _REAL:
            return self.many("d", 8)
        if kind in _LISTS:
            return [self.item() for _ in range(self.number())]
        raise NotReadable(f"something of kind {kind}")
