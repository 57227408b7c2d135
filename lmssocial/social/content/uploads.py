"""A file that somebody hands in: looked at before anything else is done with it."""

from dataclasses import dataclass

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.media import Refused, recognise, tidy_name
from lmssocial.social.content.pictures import redrawn
from lmssocial.social.content.text import tidy_line

MAX_ALT = 500
"""Characters that describe a picture."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it came."""

    name: str
    declared_type: str
    data: bytes
    alt: str = ""
    decorative: bool = False
    """Whether a picture says nothing that has to be described."""


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A file that may be attached as far as we are concerned; policies may object."""

    name: str
    declared_type: str
    media_type: str
    data: bytes
    """What is stored: a picture drawn anew, anything else as it came."""
    alt: str
    width: int | None = None
    height: int | None = None


def examine(upload: Upload, *, limit: int) -> Examined:
    """Look at a file, draw it anew if it is a picture, and refuse what cannot be attached anywhere. Takes time.

    :param limit: bytes a file may have.
    :raises Refused: in words for the uploader.
    """
    if len(upload.data) > limit:
        raise too_big(limit)
    name = tidy_name(upload.name)
    kind = recognise(name, upload.declared_type, upload.data)
    alt = tidy_line(upload.alt)
    if not kind.is_picture:
        return Examined(
            name=name,
            declared_type=upload.declared_type,
            media_type=kind.media_type,
            data=upload.data,
            alt="",
        )
    if not alt and not upload.decorative:
        raise Refused(
            _(
                "Describe the picture in a sentence, for those who cannot see it. If it only decorates, say so, and "
                "it needs none."
            ),
            reason="no alternative text",
        )
    if len(alt) > MAX_ALT:
        raise Refused(
            _("A description has at most %(max)d characters.", max=MAX_ALT), reason="long description"
        )
    picture = redrawn(upload.data, kind.media_type)
    return Examined(
        name=name,
        declared_type=upload.declared_type,
        media_type=kind.media_type,
        data=picture.data,
        alt="" if upload.decorative else alt,
        width=picture.width,
        height=picture.height,
    )


def too_big(limit: int) -> Refused:
    """The refusal of a file with more than ``limit`` bytes."""
    return Refused(
        _("This file is larger than %(size)d MB. Make it smaller, or link to it.", size=limit // 1_000_000),
        reason=f"more than {limit} bytes",
    )
