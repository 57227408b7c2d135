"""Codes in pictures: a link that no filter of text sees, and that a telephone follows."""

import io
import re
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image, ImageSequence

MOST_PIXELS = 100_000_000
"""A larger picture is not unpacked; lmssocial refuses it anyway."""
LARGEST_SIDE = 2_400
MOST_FRAMES = 8
"""Of a picture that moves, so many frames are looked at, spread over its length."""

_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.MicroQRCode,
        zxingcpp.BarcodeFormat.RMQRCode,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
    ]
)
_LEADS_SOMEWHERE = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:\S|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:[/?#:]|$)", re.IGNORECASE
)


class UnreadableError(Exception):
    """The picture could not be unpacked, so nobody knows what is in it."""


def links(data: bytes) -> tuple[str, ...]:
    """What the codes in a picture lead to: addresses, networks, telephone numbers; each once.

    :raises UnreadableError: if it cannot be looked at.
    """
    found: dict[str, None] = {}
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadableError(f"{picture.width} × {picture.height} pixels")
            picture.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
            for frame in _frames(picture):
                found.update(dict.fromkeys(_read(frame)))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableError(str(error)) from error
    return tuple(text for text in found if _LEADS_SOMEWHERE.match(text))


def host_of(link: str) -> str:
    """The host an address leads to; empty if it is no address of the web."""
    try:
        parts = urlsplit(link if "://" in link else f"//{link}" if ":" not in link else link)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"", "http", "https"}:
        return ""
    return (parts.hostname or "").rstrip(".").lower()


def is_allowed(link: str, hosts: tuple[str, ...]) -> bool:
    """Whether ``link`` leads to one of ``hosts``, or below it."""
    host = host_of(link)
    wanted = (one.strip().lower().rstrip(".") for one in hosts)
    return bool(host) and any(host == one or host.endswith(f".{one}") for one in wanted if one)


def _frames(picture: Image.Image) -> list[Image.Image]:
    count = getattr(picture, "n_frames", 1)
    step = max(1, count // MOST_FRAMES)
    return [
        _grey(frame)
        for number, frame in enumerate(ImageSequence.Iterator(picture))
        if number % step == 0 and number // step < MOST_FRAMES
    ]


def _grey(frame: Image.Image) -> Image.Image:
    """On white, as it is seen: a black code on a transparent ground would be black on black."""
    if frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
        solid = frame.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        frame = Image.alpha_composite(ground, solid)
    grey = frame.convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return grey


def _read(frame: Image.Image) -> list[str]:
    return [code.text.strip() for code in zxingcpp.read_barcodes(frame, formats=_FORMATS)]
