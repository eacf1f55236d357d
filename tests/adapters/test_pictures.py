"""Pictures become squares of our own making."""

from __future__ import annotations

import asyncio

import pytest
from PIL import Image

from tertulia.adapters.picture_essence import essence_of
from tertulia.adapters.pictures import SquarePictures
from tertulia.core.errors import Unavailable
from tests.adapters.files_at_hand import (
    BLUE,
    EXIF_SECRET,
    RED,
    SIZES,
    a_picture,
    exif,
    is_near,
    opened,
    saved,
)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("GIF", "P"),
        ("GIF", "L"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
async def test_every_kind_becomes_three_squares(
    pictures: SquarePictures, kind: str, mode: str
) -> None:
    if mode == "I;16":
        grey = a_picture().convert("L").point(lambda value: value * 256, "I")
        image = grey.convert("I;16")
    else:
        image = a_picture(mode=mode)
    squares = await pictures.squares(saved(image, kind), SIZES)
    assert {size: opened(data).size for size, data in squares.items()} == {
        size: (size, size) for size in SIZES
    }
    shades = opened(squares[256]).convert("L").tobytes()
    above, below = (shades[256 * y + 128] for y in (30, 220))
    # In black and white both are made of dots.
    assert mode == "1" or above > below + 20


async def test_the_middle_is_shown(pictures: SquarePictures) -> None:
    for width, height in ((900, 300), (300, 900), (256, 256), (9, 8)):
        squares = await pictures.squares(saved(a_picture(width, height), "PNG"), SIZES)
        shown = opened(squares[256]).convert("RGB")
        assert all(is_near(shown.getpixel((x, 20)), RED) for x in (4, 128, 250))
        assert all(is_near(shown.getpixel((x, 235)), BLUE) for x in (4, 128, 250))


async def test_what_is_clear_stays_clear(pictures: SquarePictures) -> None:
    image = a_picture(mode="RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    for kind in ("PNG", "WEBP", "GIF"):
        squares = await pictures.squares(saved(image, kind), SIZES)
        assert set(opened(squares[96]).convert("RGBA").getchannel("A").tobytes()) == {0}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "red"),
    [
        # Which side is red once the camera's turn is undone.
        (1, "top"),
        (2, "top"),
        (3, "bottom"),
        (4, "bottom"),
        (5, "left"),
        (6, "right"),
        (7, "right"),
        (8, "left"),
    ],
)
async def test_a_picture_stands_upright(
    pictures: SquarePictures, kind: str, orientation: int, red: str
) -> None:
    data = saved(a_picture(), kind, exif=exif(orientation))
    shown = opened((await pictures.squares(data, SIZES))[256]).convert("RGB")
    sides = {"top": (128, 20), "bottom": (128, 235), "left": (20, 128), "right": (235, 128)}
    assert [name for name, place in sides.items() if is_near(shown.getpixel(place), RED)][0] == red


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_nothing_of_the_file_but_the_picture_is_kept(
    pictures: SquarePictures, kind: str
) -> None:
    told: dict[str, object] = {"exif": exif(1)} if kind != "GIF" else {}
    if kind in ("JPEG", "GIF"):
        told["comment"] = b"<script>alert(1)</script>"
    if kind != "GIF":
        told["icc_profile"] = b"profile" * 100
    data = saved(a_picture(), kind, **told)
    for made in (await pictures.squares(data, SIZES)).values():
        kinds = [made[12:16]]
        assert kinds[0] in (b"VP8 ", b"VP8L")
        for secret in (EXIF_SECRET, b"script", b"EXIF", b"ICCP", b"XMP ", b"profile"):
            assert secret not in made


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_frame_is_shown_and_no_other_is_decoded(
    pictures: SquarePictures, kind: str
) -> None:
    frames = [Image.new("RGB", (60, 60), (0, 0, shade)) for shade in range(60, 255)]
    first = a_picture(60, 60)
    data = saved(first, kind, save_all=True, append_images=frames)
    assert len(essence_of(data).data) < len(data) / 10
    shown = opened((await pictures.squares(data, SIZES))[256]).convert("RGB")
    assert is_near(shown.getpixel((128, 20)), RED)
    assert is_near(shown.getpixel((128, 235)), BLUE)


async def test_the_loop_goes_on_while_a_picture_is_decoded(pictures: SquarePictures) -> None:
    data = saved(Image.new("RGBA", (5000, 5000)), "PNG", compress_level=1)
    making = asyncio.create_task(pictures.squares(data, SIZES))
    turns = 0
    while not making.done():
        await asyncio.sleep(0.005)
        turns += 1
    await making
    assert turns > 10


async def test_beyond_those_that_may_wait_pictures_are_refused() -> None:
    pictures = SquarePictures(max_waiting=1)
    data = saved(a_picture(1500, 1500), "PNG")
    first, second = (asyncio.create_task(pictures.squares(data, SIZES)) for _ in range(2))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await pictures.squares(data, SIZES)
    await asyncio.gather(first, second)
    await pictures.squares(data, SIZES)
    pictures.close()
