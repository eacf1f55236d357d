"""Pictures that people send, as others see them."""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tertulia.adapters import picture_animation
from tertulia.adapters.blurhash import blurhash
from tertulia.adapters.thumbnails import SHOWN_SIDE, ThreadedThumbnails
from tertulia.core.errors import Invalid, Unavailable
from tertulia.core.files import ShownPicture
from tests.adapters.files_at_hand import BLUE, EXIF_SECRET, RED, a_picture, exif, is_near, saved

COLOURS = [(220, 30, 30), (30, 30, 220), (30, 160, 30)]


async def shown(data: bytes) -> ShownPicture:
    thumbnails = ThreadedThumbnails()

    async def read() -> bytes:
        return data

    try:
        return await thumbnails.shown(read)
    finally:
        thumbnails.close()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def an_animation(kind: str, **options: object) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in COLOURS]
    for at, frame in enumerate(frames):
        ImageDraw.Draw(frame).rectangle((at, at, at + 9, at + 9), fill="white")
    return saved(
        frames[0], kind, save_all=True, append_images=frames[1:], duration=100, loop=3, **options
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_stays_of_its_kind_without_its_metadata(kind: str) -> None:
    data = saved(a_picture(), kind, exif=exif(1))
    assert EXIF_SECRET in data

    found = await shown(data)

    assert found.file_kind.media_type == f"image/{kind.lower()}"
    assert EXIF_SECRET not in found.data
    image = opened(found.data)
    assert (image.format, image.size) == (kind, (300, 200))
    assert not image.getexif()
    assert is_near(image.convert("RGB").getpixel((150, 20)), RED)
    assert is_near(image.convert("RGB").getpixel((150, 180)), BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_picture_is_upright(orientation: int) -> None:
    found = await shown(saved(a_picture(), "JPEG", exif=exif(orientation)))

    expected = (300, 200) if orientation < 5 else (200, 300)
    assert (found.width, found.height) == expected
    assert opened(found.data).size == opened(found.thumbnail).size == expected


async def test_a_large_picture_is_fitted_and_has_a_small_one() -> None:
    found = await shown(saved(Image.new("RGB", (6000, 3000), RED), "JPEG"))

    assert (found.width, found.height) == (SHOWN_SIDE, SHOWN_SIDE // 2)
    assert opened(found.thumbnail).size == (640, 320)
    assert opened(found.thumbnail).format == "WEBP"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
async def test_every_mode_of_a_png_is_shown(mode: str) -> None:
    image = Image.new("I;16", (50, 40)) if mode == "I;16" else a_picture(50, 40, mode)

    found = await shown(saved(image, "PNG"))

    assert (found.width, found.height, len(found.blur)) == (50, 40, 28)


async def test_one_pixel_is_a_picture() -> None:
    found = await shown(saved(Image.new("RGB", (1, 1), RED), "PNG"))

    assert (found.width, found.height) == (1, 1)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_an_animation_keeps_its_frames_and_nothing_else(kind: str) -> None:
    options = {"comment": EXIF_SECRET} if kind == "GIF" else {"exif": exif(1)}
    data = an_animation(kind, **options) + b"<script>alert(1)</script>"
    assert EXIF_SECRET in data

    found = await shown(data)

    image = opened(found.data)
    assert (image.format, image.size) == (kind, (60, 40))
    assert getattr(image, "n_frames", 1) == 3
    assert image.info["duration"] == 100
    assert image.info["loop"] == 3
    assert EXIF_SECRET not in found.data
    assert b"script" not in found.data
    assert (found.width, found.height) == (60, 40)
    assert opened(found.thumbnail).size == (60, 40)


@pytest.mark.parametrize("bound", ["MAX_FRAMES", "MAX_FRAME_PIXELS", "MAX_PIXELS"])
@pytest.mark.parametrize(("kind", "still"), [("GIF", "PNG"), ("WEBP", "WEBP")])
async def test_an_animation_beyond_the_bounds_is_a_still(
    bound: str, kind: str, still: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_animation, bound, 2)

    found = await shown(an_animation(kind))

    image = opened(found.data)
    assert (image.format, getattr(image, "n_frames", 1)) == (still, 1)
    assert is_near(image.convert("RGB").getpixel((50, 30)), RED)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_an_animation_that_is_cut_is_a_still_or_refused(kind: str) -> None:
    data = an_animation(kind)
    for end in range(20, len(data), 7):
        try:
            found = await shown(data[:end])
        except Invalid as refusal:
            assert refusal.code == "invalid_image"
        else:
            opened(found.data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        saved(a_picture(), "JPEG")[:-200],
    ],
)
async def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        await shown(data)
    assert (caught.value.code, caught.value.attr) == ("invalid_image", "file")


async def test_beyond_those_that_wait_it_is_refused() -> None:
    thumbnails = ThreadedThumbnails(max_waiting=2)
    may_go_on = asyncio.Event()

    async def read() -> bytes:
        await may_go_on.wait()
        return saved(a_picture(), "PNG")

    waiting = [asyncio.create_task(thumbnails.shown(read)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await thumbnails.shown(read)
    # Who goes away keeps their place until the work is done.
    waiting[0].cancel()
    may_go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (await thumbnails.shown(read)).width == 300
    thumbnails.close()


def test_a_blurhash_is_that_of_the_published_form() -> None:
    # 4 by 3 components, no detail at all, and the mean colour in base 83.
    assert blurhash(Image.new("RGB", (40, 30), (0, 0, 0))) == "L00000" + "fQ" * 11
    white = blurhash(Image.new("RGB", (30, 40), (255, 255, 255)))
    assert white.startswith("T")
    assert white[2:6] == "TSUA"
    assert len(white) == 28
