"""What claims to be a picture, and is none or is meant to do harm, is refused or harmless."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from tertulia.adapters import picture_essence
from tertulia.adapters.picture_essence import essence_of
from tertulia.adapters.pictures import MAX_PIXELS, SquarePictures
from tertulia.core.errors import Invalid
from tests.adapters.files_at_hand import (
    RED,
    SIZES,
    a_picture,
    chunk,
    opened,
    png,
    saved,
)

_COST = """
import sys, time
from asyncio import run
from tertulia.adapters.pictures import SquarePictures

def peak_kib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

data, pictures = sys.stdin.buffer.read(), SquarePictures()
kib, cpu_s = peak_kib(), time.process_time()
assert len(run(pictures.squares(data, (96, 256, 640)))) == 3
print(time.process_time() - cpu_s, (peak_kib() - kib) // 1024)
"""


def cost(data: bytes) -> tuple[float, int]:
    """Return the seconds of a core and the MiB that a picture takes, in a process of its own."""
    said = subprocess.run(
        # A decoder that has to warn of what it meets has met too much.
        [sys.executable, "-W", "error", "-c", _COST],
        input=data,
        capture_output=True,
        check=True,
        timeout=50,
    )
    cpu_s, mib = said.stdout.split()
    return float(cpu_s), int(mib)


async def refused(pictures: SquarePictures, data: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        await pictures.squares(data, SIZES)
    assert (caught.value.code, caught.value.attr) == ("invalid_image", "file")
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><html><script>alert(1)</script>",
        b"BM" + bytes(60),
        b"\x00\x00\x01\x00" + bytes(60),
        b"%PDF-1.7\n",
        b"II*\x00" + bytes(60),
        b"\x00\x00\x00\x0cjP  \r\n\x87\n",
        b"8BPS" + bytes(60),
        b"PK\x03\x04" + bytes(60),
        b"\xff" * 100_000,
    ],
)
async def test_what_is_no_picture_is_refused(pictures: SquarePictures, data: bytes) -> None:
    await refused(pictures, data)


async def test_a_picture_behind_a_page_is_no_picture(pictures: SquarePictures) -> None:
    page = b"<html><script>alert(1)</script>"
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        await refused(pictures, page + saved(a_picture(), kind))


async def test_a_page_behind_a_picture_is_left_out(pictures: SquarePictures) -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        data = saved(a_picture(), kind) + b"<html><script>alert(1)</script>"
        made = await pictures.squares(data, SIZES)
        assert all(b"script" not in square for square in made.values())


async def test_other_kinds_are_refused_by_whatever_name_they_come(
    pictures: SquarePictures,
) -> None:
    for kind in ("BMP", "TIFF", "ICO", "PPM", "TGA", "JPEG2000", "PDF", "ICNS"):
        await refused(pictures, saved(a_picture(256, 256), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_a_file_that_ends_early_is_refused(pictures: SquarePictures, kind: str) -> None:
    noise = Image.effect_noise((120, 120), 90).convert("RGB")
    data = saved(noise, kind)
    for share in (0.02, 0.3, 0.6, 0.97):
        await refused(pictures, data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_a_damaged_file_is_a_picture_or_is_refused(
    pictures: SquarePictures, kind: str
) -> None:
    data = saved(a_picture(40, 40), kind)
    for at in range(0, len(data), max(1, len(data) // 150)):
        damaged = data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :]
        try:
            made = await pictures.squares(damaged, (96,))
        except Invalid as refusal:
            assert refusal.code == "invalid_image"
        else:
            assert opened(made[96]).size == (96, 96)


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 100_000), (100_000, 1), (7, 500), (500, 7), (16_385, 20), (1, 1), (6000, 6000)],
)
async def test_a_picture_of_odd_measure_is_refused(
    pictures: SquarePictures, width: int, height: int
) -> None:
    assert "pixels" in (await refused(pictures, png(width, height))).detail


@pytest.mark.parametrize(("width", "height"), [(0, 0), (0, 50), (50, 0), (2**31 - 1, 2**31 - 1)])
async def test_a_picture_that_only_claims_its_measure_is_refused(
    pictures: SquarePictures, width: int, height: int
) -> None:
    rows = zlib.compress(bytes(100))
    await refused(pictures, png(width, height, rows=rows))
    gif = bytearray(saved(a_picture(50, 50), "GIF"))
    gif[6:10] = struct.pack("<HH", min(width, 65535), min(height, 65535))
    if width > 50:
        await refused(pictures, bytes(gif))


async def test_the_number_of_pixels_is_judged_before_they_are_decoded(
    pictures: SquarePictures,
) -> None:
    # Were it decoded, this would be a picture of a gigabyte.
    jpeg = bytearray(saved(a_picture(64, 64), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 16_000, 16_000)
    webp = bytearray(saved(a_picture(64, 64), "WEBP"))
    at = webp.index(b"\x9d\x01\x2a")
    webp[at + 3 : at + 7] = struct.pack("<HH", 16_000, 16_000)
    for data in (bytes(jpeg), bytes(webp), png(16_000, 16_000, rows=zlib.compress(bytes(9)))):
        begun = time.process_time()
        assert "too many pixels" in (await refused(pictures, data)).detail
        assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(2_000_000_00), 1)[:1_100_000] * 2),
        chunk(b"zTXt", b"Comment\x00\x00" + bytes(3_000_000)),
        chunk(b"tEXt", b"Comment\x00" + b"x" * 2_000_000),
        chunk(b"xxXx", bytes(2_000_000)),
    ],
    ids=["iCCP", "zTXt", "tEXt", "unknown"],
)
async def test_a_giant_chunk_beside_the_picture_is_refused(
    pictures: SquarePictures, extra: bytes
) -> None:
    await refused(pictures, png(50, 50, extra))


async def test_a_chunk_beside_the_picture_is_never_opened(pictures: SquarePictures) -> None:
    # Each of these would fill a hundred megabytes.
    bomb = zlib.compress(bytes(100_000_000))
    extras = [chunk(b"iCCP", b"icc\x00\x00" + bomb), chunk(b"zTXt", b"Comment\x00\x00" + bomb)]
    data = png(50, 50, *extras)
    assert essence_of(data).data == png(50, 50)
    assert set(await pictures.squares(data, SIZES)) == set(SIZES)


async def test_a_picture_in_a_hundred_thousand_pieces_is_refused(
    pictures: SquarePictures,
) -> None:
    gif = saved(a_picture(50, 50), "GIF")
    palette = 13 + (3 << (1 + (gif[10] & 7)))
    comment = b"\x21\xfe" + b"\x01x" * 100_000 + b"\x00"
    many = [
        png(50, 50, *[chunk(b"tEXt", b"a\x00b")] * 100_000),
        gif[:palette] + comment + gif[palette:],
        b"\xff\xd8" + b"\xff\xfe\x00\x03x" * 100_000 + saved(a_picture(50, 50), "JPEG")[2:],
    ]
    for data in many:
        begun = time.process_time()
        await refused(pictures, data)
        assert time.process_time() - begun < 1


def test_exif_that_points_everywhere_at_once_fills_no_memory() -> None:
    # Five thousand entries, each of which says that the same 60,000 bytes are its own.
    entries = b"".join(
        struct.pack("<HHII", tag, 7, 60_000, 8) for tag in range(0x2000, 0x2000 + 5000)
    )
    told = b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 5000) + entries + bytes(4)
    jpeg = saved(a_picture(), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    data = jpeg[:2] + segment * 20 + jpeg[2:]
    _, mib = cost(data)
    assert mib < 50


async def test_a_jpeg_with_scans_without_end_is_refused(pictures: SquarePictures) -> None:
    data = saved(a_picture(2000, 2000), "JPEG", progressive=True)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    begun = time.process_time()
    await refused(pictures, data[:end] + data[last:end] * 2000 + data[end:])
    assert time.process_time() - begun < 1


async def test_an_animation_of_thousands_of_large_frames_costs_one(
    pictures: SquarePictures,
) -> None:
    gif = saved(Image.new("P", (2000, 2000)), "GIF")
    palette = 13 + (3 << (1 + (gif[10] & 7)))
    data = gif[:-1] + gif[palette:-1] * 1000 + b"\x3b"
    begun = time.process_time()
    await pictures.squares(data, SIZES)
    assert time.process_time() - begun < 2


def flat_jpeg() -> bytes:
    """Return the JPEG that takes longest and most: every pixel, in every scan that is allowed."""
    image = Image.new("RGB", (7071, 7071), RED)
    data = saved(image, "JPEG", quality=20, progressive=True, subsampling=0)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    missing = picture_essence.MAX_SCANS - data.count(b"\xff\xda")
    return data[:end] + data[last:end] * missing + data[end:]


def clear_png() -> bytes:
    side = int(MAX_PIXELS["PNG"] ** 0.5)
    return saved(Image.new("RGBA", (side, side)), "PNG", compress_level=1)


def clear_webp() -> bytes:
    side = int(MAX_PIXELS["WEBP"] ** 0.5)
    image = Image.new("RGBA", (side, side))
    image.putpixel((0, 0), (1, 2, 3, 255))
    return saved(image, "WEBP", quality=5, method=0)


def gif_of_one_colour() -> bytes:
    side = int(MAX_PIXELS["GIF"] ** 0.5)
    return saved(Image.new("P", (side, side)), "GIF")


@pytest.mark.parametrize("make", [flat_jpeg, clear_png, gif_of_one_colour, clear_webp])
def test_the_worst_picture_that_is_accepted_takes_seconds_and_no_more(
    make: Callable[[], bytes],
) -> None:
    cpu_s, mib = cost(make())
    assert cpu_s < 10
    assert mib < 350
