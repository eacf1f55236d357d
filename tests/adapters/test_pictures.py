"""Pictures become squares of our own making, and nothing else that claims to be one does harm."""

from __future__ import annotations

import asyncio
import resource
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tertulia.adapters import picture_essence
from tertulia.adapters.picture_essence import essence_of
from tertulia.adapters.pictures import MAX_PIXELS, SquarePictures
from tertulia.core.errors import Invalid, Unavailable

SIZES = (96, 256, 640)
RED, BLUE, GREEN = (220, 30, 30), (30, 30, 220), (30, 160, 30)
EXIF_SECRET = b"41.3874N 2.1686E"


@pytest.fixture
async def pictures() -> AsyncIterator[SquarePictures]:
    """Return what makes squares."""
    made = SquarePictures()
    yield made
    made.close()


def a_picture(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Return a picture whose middle square is red above and blue below, with green at its sides."""
    image = Image.new("RGB", (width, height), GREEN)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    draw = ImageDraw.Draw(image)
    draw.rectangle((left, top, left + side - 1, top + side // 2 - 1), fill=RED)
    draw.rectangle((left, top + side // 2, left + side - 1, top + side - 1), fill=BLUE)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int) -> bytes:
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010E] = EXIF_SECRET.decode()
    return told.tobytes()


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=False))


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data), formats=("WEBP",))
    image.load()
    return image


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(width: int, height: int, *extra: bytes, rows: bytes | None = None) -> bytes:
    """Return a PNG of eight bits of grey, its rows compressed as they are made."""
    if rows is None:
        compressor = zlib.compressobj(1)
        row = bytes(width + 1)
        rows = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            *extra,
            chunk(b"IDAT", rows),
            chunk(b"IEND", b""),
        ]
    )


async def refused(pictures: SquarePictures, data: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        await pictures.squares(data, SIZES)
    assert (caught.value.code, caught.value.attr) == ("invalid_image", "file")
    return caught.value


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
    grey = opened(squares[256]).convert("L").tobytes()
    above, below = (grey[256 * y + 128] for y in (30, 220))
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


async def test_exif_that_points_everywhere_at_once_fills_no_memory(
    pictures: SquarePictures,
) -> None:
    # Five thousand entries, each of which says that the same 60,000 bytes are its own.
    entries = b"".join(
        struct.pack("<HHII", tag, 7, 60_000, 8) for tag in range(0x2000, 0x2000 + 5000)
    )
    told = b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 5000) + entries + bytes(4)
    jpeg = saved(a_picture(), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    data = jpeg[:2] + segment * 20 + jpeg[2:]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert set(await pictures.squares(data, SIZES)) == set(SIZES)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


async def test_a_jpeg_with_scans_without_end_is_refused(pictures: SquarePictures) -> None:
    data = saved(a_picture(2000, 2000), "JPEG", progressive=True)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    begun = time.process_time()
    await refused(pictures, data[:end] + data[last:end] * 2000 + data[end:])
    assert time.process_time() - begun < 1


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


@pytest.mark.parametrize("make", [flat_jpeg, clear_png, clear_webp])
async def test_the_worst_picture_that_is_accepted_takes_seconds_and_no_more(
    pictures: SquarePictures, make: Callable[[], bytes]
) -> None:
    data = make()
    begun = time.process_time()
    assert set(await pictures.squares(data, SIZES)) == set(SIZES)
    assert time.process_time() - begun < 10


async def test_the_loop_goes_on_while_a_picture_is_decoded(pictures: SquarePictures) -> None:
    making = asyncio.create_task(pictures.squares(clear_png(), SIZES))
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
