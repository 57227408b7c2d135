"""Files that are two things at once, and documents that do something when they are opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum

from lmssocial_attachments.settings import DOCUMENTS, PDF, PICTURES

_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_MARKUP = re.compile(rb"<script[\s>]|<\?php\s|<html[\s>]|<svg\s[^>]{0,200}xmlns", re.IGNORECASE)
_STREAM_START = re.compile(rb">>\s{0,8}stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)(?![A-Za-z0-9])")
_EMBEDDED = re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])")
_ENCRYPTED = re.compile(rb"/Encrypt\s+(?:\d+\s+\d+\s+R|<<)")
_ELSEWHERE = re.compile(
    rb'attachedTemplate"[^>]*TargetMode="External"|TargetMode="External"[^>]*attachedTemplate"'
)

MOST_STREAMS = 5_000
MOST_UNPACKED = 30_000_000
"""Streams, and bytes of them, that are looked into."""


class Finding(StrEnum):
    """What is wrong with a file; the value is the verdict's reason code."""

    TWO_THINGS = "polyglot"
    ACTIVE_PDF = "active-pdf"
    LOCKED_PDF = "locked-pdf"
    FILES_IN_PDF = "files-in-pdf"
    MACROS = "macros"
    BROKEN = "broken-document"


def look(kind: str, data: bytes) -> Finding | None:
    """The worst that is found in a file of ``kind``."""
    if kind == PICTURES:
        page = b"%PDF-" in data[:1024] or _MARKUP.search(data) is not None
        return Finding.TWO_THINGS if page or _is_also_something_else(data) else None
    if kind == PDF:
        return Finding.TWO_THINGS if _is_also_something_else(data) else _in_pdf(data)
    return _in_document(data) if kind == DOCUMENTS else None


def _is_also_something_else(data: bytes) -> bool:
    """Whether it holds an archive that other programs would open, or a program."""
    return (
        zipfile.is_zipfile(io.BytesIO(data))
        or any(sign in data for sign in _ARCHIVES)
        or b"This program cannot be run in DOS mode" in data
    )


def _in_pdf(data: bytes) -> Finding | None:
    findings = set()
    for text in _readable(data):
        plain = _spelled_out(text)
        if _ACTIVE.search(plain):
            return Finding.ACTIVE_PDF
        if _ENCRYPTED.search(plain):
            findings.add(Finding.LOCKED_PDF)
        if _EMBEDDED.search(plain):
            findings.add(Finding.FILES_IN_PDF)
    return min(findings, default=None)


def _spelled_out(text: bytes) -> bytes:
    """Names as they are meant: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPED.sub(lambda sign: bytes([int(sign.group(1), 16)]), text)


def _readable(data: bytes) -> Iterator[bytes]:
    """A PDF's objects: those between its streams, and those packed into streams of objects.

    What pictures and fonts are made of is left out; by chance, anything stands in there.
    """
    between, at, left = [], 0, MOST_UNPACKED
    for number, start in enumerate(_STREAM_START.finditer(data)):
        if start.start() < at:
            continue  # within a stream
        facts = data[max(at, start.start() - 2_000) : start.start()]
        between.append(data[at : start.end()])
        at = data.find(b"endstream", start.end())
        if at < 0:
            at = len(data)
        if (
            number < MOST_STREAMS
            and left > 0
            and b"ObjStm" in _spelled_out(facts.rpartition(b"obj")[2] or facts)
        ):
            text = _inflated(data[start.end() : at], left)
            left -= len(text)
            yield text
    yield b"".join([*between, data[at:]])


def _inflated(body: bytes, most: int) -> bytes:
    """A compressed stream, as much of it as there is and as ``most`` allows."""
    try:
        return zlib.decompressobj().decompress(body, most)
    except zlib.error:
        return b""


def _in_document(data: bytes) -> Finding | None:
    """Macros, controls, and templates from elsewhere, which bring their macros along."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [name.lower() for name in parts.namelist()]
            if (
                any(_is_macro(name) for name in names)
                or b"macroenabled" in _part(parts, "[Content_Types].xml").lower()
            ):
                return Finding.MACROS
            rels = (name for name in parts.namelist() if name.lower().endswith("settings.xml.rels"))
            return Finding.MACROS if any(_ELSEWHERE.search(_part(parts, name)) for name in rels) else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error):
        return Finding.BROKEN


def _is_macro(name: str) -> bool:
    return (
        name.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/activex/" in f"/{name}"
        or name.startswith(("basic/", "scripts/"))
    )


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part of a document, at most a megabyte of it; empty if there is none."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as part:
        return part.read(1_000_000)
