"""Files for tests, honest and otherwise."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from lmssocial.core.kernel.errors import Invalid


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What happens within is refused, and whoever did it reads ``words``."""
    with pytest.raises(Invalid) as caught:
        yield
    assert words in caught.value.message


def picture(
    form: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "teal", **options: object
) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that lies on its side and says where it was taken, when, and with what."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees
    exif[0x010F] = "SECRETCAMERA"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 31.0, 12.0)
    gps[3], gps[4] = "E", (13.0, 24.0, 18.0)
    return picture(
        "JPEG", (40, 20), exif=exif, comment=b"SECRETCOMMENT", xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>"
    )


def animation(form: str = "GIF", frames: int = 3, size: tuple[int, int] = (20, 20)) -> bytes:
    """A picture that moves."""
    out = io.BytesIO()
    drawn = [Image.new("RGB", size, (number * 80 % 256, number // 3 % 256, 99)) for number in range(frames)]
    drawn[0].save(out, form, save_all=True, append_images=drawn[1:], duration=100, loop=0)
    return out.getvalue()


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that wants gigabytes of memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def word(**more: bytes) -> bytes:
    """A Word document, as far as anybody looks; ``more`` are further parts."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
    return packed(parts | more)


def writer(kind: str = "text") -> bytes:
    """A LibreOffice document."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    return packed({"mimetype": media_type.encode(), "content.xml": b"<x/>"})


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 200
