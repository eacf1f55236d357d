"""Files with pictures in them, good ones and others."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw

SIZES = (96, 256, 640)
RED, BLUE, GREEN = (220, 30, 30), (30, 30, 220), (30, 160, 30)
EXIF_SECRET = b"41.3874N 2.1686E"


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
    """Return the file of a picture."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int) -> bytes:
    """Return metadata that say how the camera was held, and where."""
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010E] = EXIF_SECRET.decode()
    return told.tobytes()


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel has about this colour."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=False))


def opened(data: bytes) -> Image.Image:
    """Read a square of ours."""
    image = Image.open(BytesIO(data), formats=("WEBP",))
    image.load()
    return image


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
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
