"""Which kind of file it is, by its first bytes, and what its name claims."""

import puremagic

from lmssocial_attachments.settings import DOCUMENTS, PDF, PICTURES, TEXT

UNKNOWN = ""
"""The kind of whatever is not one of ours."""

_BY_EXTENSION = {
    **dict.fromkeys(("png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp"), PICTURES),
    "pdf": PDF,
    **dict.fromkeys(("txt", "log", "md", "markdown", "csv", "tsv"), TEXT),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), DOCUMENTS),
}
_PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

RUNS = frozenset(
    {
        "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "htm", "html", "jar", "js", "jse",
        "lnk", "mht", "msc", "msi", "msp", "php", "pif", "ps1", "py", "reg", "scr", "sh", "svg", "vb", "vbe", "vbs",
        "ws", "wsf", "wsh", "xht", "xhtml",
    }
)  # fmt: skip
"""What a computer runs, or a browser, when it is opened."""


def claimed(name: str) -> str:
    """The kind that the name claims."""
    return _BY_EXTENSION.get(name.rpartition(".")[2].lower(), UNKNOWN)


def found(data: bytes) -> str:
    """The kind that the content is."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCUMENTS
    if _media_type(data) in _PICTURE_TYPES:
        return PICTURES
    return UNKNOWN if b"\0" in data[:4096] or _is_program(data) else TEXT


def hides_program(name: str) -> bool:
    """Whether something that runs stands before the ending: ``invoice.exe.pdf``, as mail programs once hid it."""
    return bool(RUNS.intersection(part.strip().lower() for part in name.split(".")[1:-1]))


def _media_type(data: bytes) -> str:
    try:
        return str(puremagic.from_string(data, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _is_program(data: bytes) -> bool:
    return data.startswith((b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe"))
