"""Which files may be attached, and which of them a file is: by its content, whatever it is called.

Not on the list: what a browser could run (HTML, SVG), what hides its content from every check (archives, encrypted
documents), and office documents of before 2007, in which macros cannot be told from text.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic

from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line

MAX_NAME = 120
"""Characters of a file's name."""

MAX_UNPACKED = 200_000_000
"""Bytes that an office document may unpack to; a larger one is a bomb."""

MAX_MEMBERS = 5_000
"""Parts of an office document."""

_TEXT = "text/plain; charset=utf-8"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_ZIP_NAMES = frozenset({"application/zip", "application/x-zip", "application/x-zip-compressed"})
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_NO_WINDOWS_TEXT = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


class Refused(Invalid):
    """A file cannot be attached; the message says why and what would do."""


@dataclass(frozen=True)
class Type:
    """A kind of file that may be attached."""

    media_type: str
    """What it is sent as."""
    label: str
    """Two to five letters for people."""
    extensions: frozenset[str]
    also_declared: frozenset[str]
    """Other media types that browsers give for it."""
    fits: Callable[[bytes], bool]
    """Whether the bytes are of this kind."""
    is_picture: bool = False


def _begins_as(media_type: str) -> Callable[[bytes], bool]:
    """Whether the most likely of the types that puremagic sees is ``media_type``."""
    return lambda data: _seen(data) == media_type


def _seen(data: bytes) -> str:
    try:
        return str(puremagic.from_string(data, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _is_text(data: bytes) -> bool:
    """Readable as UTF-8, or as what Windows wrote before, and not the beginning of something else."""
    if _NO_TEXT.search(data) or data.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf")):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return not _NO_WINDOWS_TEXT.search(data)
    return True


def _document(marker: str, content: bytes = b"") -> Callable[[bytes], bool]:
    """Whether it is an office document with a part ``marker``, which begins with ``content``."""

    def fits(data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                _refuse_bomb(parts)
                names = parts.namelist()
                if content:
                    small = marker in names and parts.getinfo(marker).file_size < 200
                    return small and parts.read(marker).strip() == content
                return "[Content_Types].xml" in names and any(name.startswith(marker) for name in names)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
            return False

    return fits


def _refuse_bomb(parts: zipfile.ZipFile) -> None:
    members = parts.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Refused(
            _(
                "This document would unpack to far more than its size. Save it anew, or as a PDF, and try again."
            ),
            reason=f"{len(members)} parts",
        )


def _picture(name: str, label: str, *extensions: str, also: frozenset[str] = frozenset()) -> Type:
    media_type = f"image/{name}"
    return Type(media_type, label, frozenset(extensions), also, _begins_as(media_type), is_picture=True)


def _text(label: str, *extensions: str) -> Type:
    declared = frozenset({"application/vnd.ms-excel", "text/"})
    return Type(_TEXT, label, frozenset(extensions), declared, _is_text)


def _open_xml(kind: str, folder: str, extension: str) -> Type:
    fits = _document(f"{folder}/")
    return Type(f"{_OPEN_XML}.{kind}", extension.upper(), frozenset({extension}), _ZIP_NAMES, fits)


def _open_document(kind: str, extension: str) -> Type:
    media_type = f"{_OPEN_DOCUMENT}.{kind}"
    fits = _document("mimetype", media_type.encode())
    return Type(media_type, extension.upper(), frozenset({extension}), _ZIP_NAMES, fits)


TYPES = (
    _picture("png", "PNG", "png", also=frozenset({"image/x-png"})),
    _picture("jpeg", "JPEG", "jpg", "jpeg", "jpe", "jfif", also=frozenset({"image/jpg", "image/pjpeg"})),
    _picture("gif", "GIF", "gif"),
    _picture("webp", "WebP", "webp"),
    Type(
        "application/pdf",
        "PDF",
        frozenset({"pdf"}),
        frozenset({"application/x-pdf"}),
        lambda data: data.startswith(b"%PDF-"),
    ),
    _text("TXT", "txt", "log"),
    _text("MD", "md", "markdown"),
    _text("CSV", "csv", "tsv"),
    _open_xml("wordprocessingml.document", "word", "docx"),
    _open_xml("spreadsheetml.sheet", "xl", "xlsx"),
    _open_xml("presentationml.presentation", "ppt", "pptx"),
    _open_document("text", "odt"),
    _open_document("spreadsheet", "ods"),
    _open_document("presentation", "odp"),
)
"""Everything that may be attached anywhere; institutions narrow it down with the policy ``attachments``."""

BY_EXTENSION = {extension: kind for kind in TYPES for extension in kind.extensions}

ACCEPT = ",".join(f".{extension}" for extension in BY_EXTENSION)
"""For the ``accept`` attribute of a file field."""


def tidy_name(raw: str) -> str:
    """A file's name without folders and without signs that deceive, at most :data:`MAX_NAME` characters."""
    name = tidy_line(raw.replace("\\", "/").rsplit("/", maxsplit=1)[-1])
    name = _FORBIDDEN_IN_NAMES.sub("", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:MAX_NAME] or "file"
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip() or 'file'}.{extension}"[:MAX_NAME]


def recognise(name: str, declared: str, data: bytes) -> Type:
    """Which kind of file this is.

    :param name: its name, tidied.
    :param declared: the media type the browser gave.
    :raises Refused: if it may not be attached, or name, declared type and content do not agree.
    """
    if not data:
        raise Refused(_("This file is empty. Choose another one."), reason="empty")
    kind = BY_EXTENSION.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if kind is None:
        raise Refused(
            _(
                "Files of this kind cannot be attached. You can attach pictures (PNG, JPEG, GIF, WebP), PDF, text, "
                "CSV, and documents of Word, Excel, PowerPoint and LibreOffice."
            ),
            reason=f"the name {name!r} ends like nothing on the list",
        )
    if not kind.fits(data) or not _agrees(kind, declared):
        raise Refused(
            _(
                "What is in this file is not what its name says (%(label)s), so it was not attached. Save it anew "
                "in the program that made it, and attach that.",
                label=kind.label,
            ),
            reason=f"{name!r} was declared {declared!r} and looks like {_seen(data)!r}",
        )
    return kind


def _agrees(kind: Type, declared: str) -> bool:
    """Whether the browser's word may stand beside the content. Most systems know nothing of some kinds."""
    said = declared.partition(";")[0].strip().lower()
    if said in _SAYS_NOTHING or said == kind.media_type.partition(";")[0]:
        return True
    return any(
        said == other or (other.endswith("/") and said.startswith(other)) for other in kind.also_declared
    )
