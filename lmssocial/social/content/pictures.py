"""Pictures, drawn anew: what leaves here was written by Pillow, and holds pixels and nothing else.

Whatever travelled in the file besides the picture stays behind: places and dates (EXIF, XMP), thumbnails of what was
cut off, comments, and anything appended to it.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.media import Refused

MAX_PIXELS = 24_000_000
"""Of a picture, all its frames together; four bytes of memory each."""

MAX_JPEG_PIXELS = 100_000_000
"""Of a JPEG, which is decoded at a fraction of its size."""

MAX_FRAMES = 300

MAX_SIDE = 2560
"""Pixels; what is larger is made smaller."""

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_MOVING = frozenset({"image/gif", "image/webp"})
_SAVED: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 88, "progressive": True},
    "GIF": {},
    "WEBP": {"quality": 86},
}
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    struct.error,
    zlib.error,
    TypeError,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture that was drawn anew."""

    data: bytes
    width: int
    height: int


def redrawn(data: bytes, media_type: str) -> Picture:
    """The picture in ``data``, upright, not larger than needed, and without anything else.

    :raises Refused: if it cannot be drawn, or would take too much memory.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[media_type]]) as picture:
            if media_type in _MOVING and getattr(picture, "is_animated", False):
                return _redrawn_frames(picture, _FORMATS[media_type])
            return _redrawn_still(picture, _FORMATS[media_type])
    except _BOMBS as error:
        raise _too_large(str(error)) from error
    except _BROKEN as error:
        raise Refused(
            _(
                "This picture is damaged, so it was not attached. Save it anew in an image program, and attach that."
            ),
            reason=f"Pillow: {error}",
        ) from error


def _too_large(reason: str) -> Refused:
    return Refused(
        _(
            "This picture has too many pixels, so it was not attached. Make it smaller, at most %(side)d pixels wide "
            "and high, and attach that.",
            side=4_800,
        ),
        reason=reason,
    )


def _redrawn_still(picture: Image.Image, form: str) -> Picture:
    limit = MAX_JPEG_PIXELS if form == "JPEG" else MAX_PIXELS
    if picture.width * picture.height > limit:
        raise _too_large(f"{picture.width} × {picture.height} pixels")
    if form == "JPEG":
        picture.draft(None, (MAX_SIDE, MAX_SIDE))
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_large(f"{picture.width} × {picture.height} pixels at the least")
    picture.load()
    upright = _in_common_colours(ImageOps.exif_transpose(picture), form)
    if max(upright.size) > MAX_SIDE:
        if upright.mode in {"P", "1"}:
            upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
        upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _saved([_bare(upright)], form)


def _redrawn_frames(picture: Image.Image, form: str) -> Picture:
    count = getattr(picture, "n_frames", 1)
    if count > MAX_FRAMES or count * picture.width * picture.height > MAX_PIXELS:
        raise _too_large(f"{count} frames of {picture.width} × {picture.height} pixels")
    durations, frames = [], []
    loop = picture.info.get("loop", 0)
    for frame in ImageSequence.Iterator(picture):
        durations.append(max(20, int(frame.info.get("duration", 100))))
        frames.append(_bare(frame.convert("RGBA")))
    return _saved(frames, form, durations=durations, loop=loop)


def _in_common_colours(picture: Image.Image, form: str) -> Image.Image:
    """In sRGB, which is what every screen understands without being told."""
    profile = picture.info.get("icc_profile")
    if picture.mode in {"CMYK", "YCbCr", "LAB", "HSV"} or (
        form == "JPEG" and picture.mode not in {"RGB", "L"}
    ):
        wanted = "RGB"
    elif picture.mode in {"I", "F", "I;16", "I;16B", "I;16L"}:
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    else:
        wanted = picture.mode
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                picture,
                source,
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if wanted == "RGBA" else "RGB",
            )
        except (ImageCms.PyCMSError, *_BROKEN):
            made = None
        if made is not None:
            return made
    return picture if picture.mode == wanted else picture.convert(wanted)


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels, with nothing that a writer could copy from what was read."""
    bare = picture.copy()
    bare.info = {key: picture.info[key] for key in ("transparency",) if key in picture.info}
    return bare


def _saved(
    frames: list[Image.Image], form: str, *, durations: list[int] | None = None, loop: int = 0
) -> Picture:
    out = io.BytesIO()
    options: dict[str, Any] = dict(_SAVED[form])
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": loop}
        if form == "GIF":
            options["disposal"] = 2
    frames[0].save(out, form, **options)
    return Picture(out.getvalue(), *frames[0].size)
