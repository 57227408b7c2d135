"""Pictures drawn anew: pixels and nothing else."""

import io
import time

import pytest
from PIL import Image, ImageCms

from lmssocial.social.content.pictures import MAX_FRAMES, MAX_SIDE, Picture, redrawn
from tests.support import files


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


def test_where_and_when_a_photo_was_taken_stays_behind() -> None:
    taken = files.photo_with_place()
    assert b"SECRETCAMERA" in taken
    assert b"SECRETXMP" in taken
    picture = redrawn(taken, "image/jpeg")

    with opened(picture) as image:
        assert not image.getexif()
        assert not image.getexif().get_ifd(0x8825)
    assert b"SECRET" not in picture.data
    assert b"Exif" not in picture.data


def test_a_photo_that_lay_on_its_side_stands_up() -> None:
    picture = redrawn(files.photo_with_place(), "image/jpeg")

    assert (picture.width, picture.height) == (20, 40)
    assert opened(picture).size == (20, 40)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_each_kind_stays_its_kind_and_loses_what_was_appended(form: str) -> None:
    appended = files.packed({"evil.exe": files.EXECUTABLE})
    picture = redrawn(files.picture(form) + appended, f"image/{form.lower()}")

    assert opened(picture).format == form
    assert b"evil.exe" not in picture.data
    assert b"PK\x03\x04" not in picture.data


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_what_moves_still_moves(form: str) -> None:
    picture = redrawn(files.animation(form), f"image/{form.lower()}")

    with opened(picture) as image:
        assert getattr(image, "n_frames", 1) == 3
        assert image.size == (picture.width, picture.height) == (20, 20)


def test_what_is_see_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    with opened(redrawn(out.getvalue(), "image/png")) as image:
        assert image.convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 0)


def test_text_hidden_in_a_png_stays_behind() -> None:
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 – only here

    info = PngInfo()
    info.add_text("Author", "SECRETNAME")
    info.add_itxt("XML:com.adobe.xmp", "SECRETXMP")
    hidden = files.picture("PNG", pnginfo=info)
    assert b"SECRETNAME" in hidden

    assert b"SECRET" not in redrawn(hidden, "image/png").data


def test_colours_of_another_space_are_brought_into_the_common_one() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = redrawn(files.picture("JPEG", icc_profile=profile), "image/jpeg")

    with opened(picture) as image:
        assert "icc_profile" not in image.info
        assert image.mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_drawn(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (3000, 10)).save(out, "PNG")
    picture = redrawn(out.getvalue(), "image/png")

    assert picture.width == MAX_SIDE


def test_print_colours_become_screen_colours() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (10, 10), (0, 255, 255, 0)).save(out, "JPEG")
    with opened(redrawn(out.getvalue(), "image/jpeg")) as image:
        assert image.mode == "RGB"


def test_a_large_photo_becomes_as_large_as_a_page_can_use() -> None:
    picture = redrawn(files.picture("JPEG", (6000, 4000)), "image/jpeg")

    assert (picture.width, picture.height) == (MAX_SIDE, round(MAX_SIDE * 2 / 3))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [5_000, 10_000, 30_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    started = time.perf_counter()
    with files.refused("too many pixels"):
        redrawn(files.png_bomb(side, side), "image/png")

    assert time.perf_counter() - started < 0.5


def test_a_film_of_too_many_frames_is_refused() -> None:
    with files.refused("too many pixels"):
        redrawn(files.animation("GIF", MAX_FRAMES + 1, (2, 2)), "image/gif")


@pytest.mark.parametrize(
    "data",
    [
        files.picture()[:60],
        files.picture()[:-40],
        files.picture("JPEG")[:200],
        files.picture("GIF"),
        files.SVG,
        b"",
        files.picture().replace(b"IDAT", b"JUNK"),
    ],
)
def test_what_cannot_be_drawn_is_refused(data: bytes) -> None:
    media_type = "image/jpeg" if data[:2] == b"\xff\xd8" else "image/png"
    with files.refused("damaged"):
        redrawn(data, media_type)
