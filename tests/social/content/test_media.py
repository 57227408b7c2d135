"""Which files may be attached: by what is in them, whatever they are called."""

import io
import zipfile

import pytest

from lmssocial.social.content.media import MAX_NAME, recognise, tidy_name
from tests.support import files

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "declared", "data", "media_type"),
    [
        ("a.png", "image/png", files.picture("PNG"), "image/png"),
        ("a.JPG", "image/jpeg", files.picture("JPEG"), "image/jpeg"),
        ("a.jpeg", "image/pjpeg", files.picture("JPEG"), "image/jpeg"),
        ("a.gif", "image/gif", files.animation("GIF"), "image/gif"),
        ("a.webp", "", files.picture("WEBP"), "image/webp"),
        ("a.pdf", "application/pdf", files.PDF, "application/pdf"),
        ("a.txt", "text/plain", b"words\n", "text/plain; charset=utf-8"),
        ("a.md", "application/octet-stream", "# Grüße".encode(), "text/plain; charset=utf-8"),
        ("a.md", "text/markdown", b"x", "text/plain; charset=utf-8"),
        ("a.csv", "application/vnd.ms-excel", b"a;b\n1;2", "text/plain; charset=utf-8"),
        ("a.csv", "text/csv", "Größe;1\n".encode("cp1252"), "text/plain; charset=utf-8"),
        ("a.docx", WORD, files.word(), WORD),
        ("a.docx", "application/zip", files.word(), WORD),
        ("a.odt", "", files.writer(), "application/vnd.oasis.opendocument.text"),
        ("a.ods", "", files.writer("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_a_file_that_is_what_it_says_is_recognised(
    name: str, declared: str, data: bytes, media_type: str
) -> None:
    assert recognise(name, declared, data).media_type == media_type


@pytest.mark.parametrize(
    ("name", "declared", "data"),
    [
        ("a.png", "image/png", files.SVG),
        ("a.png", "image/png", files.HTML),
        ("a.png", "image/png", files.EXECUTABLE),
        ("a.png", "image/png", files.picture("JPEG")),
        ("a.jpg", "image/jpeg", files.PDF),
        ("a.gif", "image/gif", b"not even close"),
        ("a.pdf", "application/pdf", files.picture()),
        ("a.pdf", "application/pdf", b"\n" + files.PDF),
        ("a.pdf", "application/pdf", files.packed({"x.exe": files.EXECUTABLE})),
        ("a.docx", WORD, files.packed({"x.exe": files.EXECUTABLE})),
        ("a.docx", WORD, b"PK\x03\x04 broken"),
        ("a.xlsx", "", files.word()),
        ("a.odt", "", files.writer("spreadsheet")),
        ("a.odt", "", files.packed({"mimetype": b"x" * 5_000_000})),
        ("a.txt", "text/plain", files.EXECUTABLE),
        ("a.txt", "text/plain", files.PDF),
        ("a.txt", "text/plain", files.word()),
        ("a.txt", "text/plain", b"a\x00b"),
        ("a.png", "text/html", files.picture()),
        ("a.pdf", "image/png", files.PDF),
        ("a.txt", "application/x-msdownload", b"words"),
    ],
)
def test_a_file_that_lies_is_refused(name: str, declared: str, data: bytes) -> None:
    with files.refused("is not what its name says"):
        recognise(name, declared, data)


@pytest.mark.parametrize(
    "name",
    [
        "a.svg",
        "a.html",
        "a.exe",
        "a.zip",
        "a.js",
        "a.doc",
        "a.docm",
        "a.png.exe",
        "png",
        "a",
        "a.",
        ".png.",
        "a.pdf ",
    ],
)
def test_a_kind_that_is_not_on_the_list_is_refused_with_the_list(name: str) -> None:
    with files.refused("You can attach pictures (PNG"):
        recognise(name, "", files.picture())


def test_an_empty_file_is_refused_as_that() -> None:
    with files.refused("empty"):
        recognise("a.png", "image/png", b"")


def test_a_document_that_unpacks_to_far_more_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(250):
                part.write(bytes(1_000_000))
    assert len(out.getvalue()) < 1_000_000

    with files.refused("unpack"):
        recognise("a.docx", "", out.getvalue())


def test_a_document_with_thousands_of_parts_is_refused() -> None:
    with files.refused("unpack"):
        recognise("a.docx", "", files.packed({f"word/{number}": b"" for number in range(5_001)}))


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("photo.png", "photo.png"),
        ("C:\\Users\\ana\\photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ('a"b<c>\r\n.png', "abc.png"),
        ("  spaced   out.pdf ", "spaced out.pdf"),
        ("Übung 1.pdf", "Übung 1.pdf"),
        ("", "file"),
        ("...", "file"),
        (".png", "png"),
        ("x" * 300 + ".png", "x" * (MAX_NAME - 4) + ".png"),
    ],
)
def test_names_lose_folders_and_signs_that_deceive(raw: str, tidy: str) -> None:
    assert tidy_name(raw) == tidy
