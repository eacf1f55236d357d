"""What of a picture's file is the picture: its kind, its size, and no more than it takes to decode.

A file may carry much beside the picture, and readers of it have been made to eat memory by the
gigabyte: metadata whose entries all point at the same megabytes, compressed profiles, comments in
millions of pieces, thousands of frames, scans repeated without end. None of that reaches the
decoder. The file is walked here, in bounded steps, and put together anew from what is needed:

    JPEG  the segments of one picture, JFIF and Adobe's colour transform; at most 64 scans
          (ITU-T T.81, annex B)
    PNG   IHDR, PLTE, tRNS, IDAT, IEND (PNG specification, third edition, section 11)
    GIF   the first frame with its palette and transparency (GIF89a)
    WebP  the first frame (RFC 9649)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PIECES = 65_536
"""Into how many chunks, segments or blocks a file may be divided."""
MAX_EXTRA_BYTES = 1024 * 1024
"""How large one piece that is no part of the picture may be in a PNG."""
MAX_SCANS = 64

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_EXIF = b"Exif\x00\x00"
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class Essence:
    """A picture as it may be decoded: `kind` is Pillow's word, `orientation` 1 to 8 as in Exif."""

    kind: str
    width: int
    height: int
    data: bytes
    orientation: int = 1


def essence_of(data: bytes) -> Essence:
    """Return the picture in a file of a kind that is known, by what it contains.

    Raises ValueError for any other file, and for one that cannot be walked to the picture's end.
    """
    try:
        return _walked(data)
    except (IndexError, struct.error):
        raise ValueError("the file ends too early") from None


def _walked(data: bytes) -> Essence:
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    raise ValueError("no kind of picture that is known")


def _jpeg(data: bytes) -> Essence:
    kept = [b"\xff\xd8"]
    size: tuple[int, int] | None = None
    orientation = 1
    at = 2
    for marker, start, at in _segments(data):
        if marker in (0xC0, 0xC1, 0xC2):  # baseline, extended, progressive
            height, width = struct.unpack_from(">HH", data, start + 5)
            size = (width, height)
        elif marker == 0xE1 and data.startswith(_EXIF, start + 4):
            orientation = _orientation(data[start + 4 + len(_EXIF) : at])
        # Of what applications add, JFIF (0) and Adobe's mark (14) say what the colours mean.
        if not 0xE1 <= marker <= 0xED and marker not in (0xEF, 0xFE):
            kept.append(data[start:at])
    end = data.find(b"\xff\xd9", at)
    # Within a scan, a byte FF is always followed by 00 or by a restart marker.
    if size is None or end < 0 or data.count(b"\xff\xda", at, end) > MAX_SCANS:
        raise ValueError("a JPEG without a size or an end, or with too many scans")
    kept.append(data[at : end + 2])
    return Essence(
        kind="JPEG", width=size[0], height=size[1], data=b"".join(kept), orientation=orientation
    )


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, the beginning and the end of each segment before the first scan."""
    at = 2
    for _ in range(MAX_PIECES):
        fill, marker = data[at], data[at + 1]
        if fill != 0xFF:
            raise ValueError("no marker where one is due")
        if marker == 0xDA:
            return
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, at, at + 2 + length
        at += 2 + length
    raise ValueError("too many segments")


def _png(data: bytes) -> Essence:
    kept = [_PNG]
    orientation = 1
    at = len(_PNG)
    if data[at + 4 : at + 8] != b"IHDR":
        raise ValueError("a PNG begins with its header")
    width, height = struct.unpack_from(">II", data, at + 8)
    for _ in range(MAX_PIECES):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("the file ends within a chunk")
        if kind in _PNG_NEEDED:
            kept.append(data[at:end])
        elif length > MAX_EXTRA_BYTES:
            raise ValueError("a chunk is too large")
        elif kind == b"eXIf":
            orientation = _orientation(data[at + 8 : end - 4])
        if kind == b"IEND":
            return Essence(
                kind="PNG",
                width=width,
                height=height,
                data=b"".join(kept),
                orientation=orientation,
            )
        at = end
    raise ValueError("too many chunks")


def _gif(data: bytes) -> Essence:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + palette_bytes(flags)
    kept = [data[:at]]
    while data[at] == 0x21:  # extension
        end = after_blocks(data, at + 2)
        if data[at + 1] == 0xF9:  # graphic control: transparency
            kept[1:] = [data[at:end]]
        at = end
    if data[at] != 0x2C:
        raise ValueError("a GIF without a frame")
    left, top, frame_width, frame_height, flags = struct.unpack_from("<HHHHB", data, at + 1)
    end = after_blocks(data, at + 11 + palette_bytes(flags))
    return Essence(
        kind="GIF",
        width=max(width, left + frame_width),
        height=max(height, top + frame_height),
        data=b"".join([*kept, data[at:end], b"\x3b"]),
    )


def palette_bytes(flags: int) -> int:
    """Return how long the palette is that the flags of a GIF or of its frame tell of."""
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def after_blocks(data: bytes, at: int) -> int:
    """Return where the blocks end that begin here, each with its length before it."""
    for _ in range(MAX_PIECES):
        length = data[at]
        at += 1 + length
        if length == 0:
            return at
    raise ValueError("too many blocks")


def _webp(data: bytes) -> Essence:
    orientation = 1
    frame: list[bytes] = []
    (length,) = struct.unpack_from("<I", data, 4)
    at, last = 12, 8 + length
    for _ in range(MAX_PIECES):
        if at + 8 > last:
            break
        kind, content, end = riff_chunk(data, at)
        if kind == b"ANMF" and not frame:
            frame = webp_frame(content)
        elif kind in (b"ALPH", b"VP8 ", b"VP8L") and len(frame) < 2:
            frame.append(data[at:end])
        elif kind == b"EXIF":
            orientation = _orientation(content.removeprefix(_EXIF))
        at = end
    width, height = _webp_size(frame[-1])
    return Essence(
        kind="WEBP",
        width=width,
        height=height,
        data=_riff(frame, width, height),
        orientation=orientation,
    )


def webp_frame(content: bytes) -> list[bytes]:
    """Return the chunks of the one picture in a frame of an animation."""
    found: list[bytes] = []
    at = 16
    while at + 8 <= len(content) and len(found) < 2:
        kind, _, end = riff_chunk(content, at)
        if kind in (b"ALPH", b"VP8 ", b"VP8L"):
            found.append(content[at:end])
        at = end
    return found


def riff_chunk(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    """Return the kind and the content of the chunk that begins here, and where the next does."""
    kind, length = struct.unpack_from("<4sI", data, at)
    if at + 8 + length > len(data):
        raise ValueError("the file ends within a chunk")
    return kind, data[at + 8 : at + 8 + length], at + 8 + length + length % 2


def _webp_size(chunk: bytes) -> tuple[int, int]:
    """Return the width and height that the chunk with the picture itself says."""
    if chunk.startswith(b"VP8 ") and chunk[11:14] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", chunk, 14)
        return width & 0x3FFF, height & 0x3FFF
    if chunk.startswith(b"VP8L") and chunk[8] == 0x2F:
        (bits,) = struct.unpack_from("<I", chunk, 9)
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    raise ValueError("a WebP without a picture")


def _riff(chunks: list[bytes], width: int, height: int) -> bytes:
    if len(chunks) > 1:
        # The extended form, with the flag for transparency.
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = [struct.pack("<4sIB3x", b"VP8X", 10, 0x10) + size, *chunks]
    content = b"WEBP" + b"".join(chunk + b"\x00" * (len(chunk) % 2) for chunk in chunks)
    return struct.pack("<4sI", b"RIFF", len(content)) + content


def _orientation(exif: bytes) -> int:
    """Return how a picture is turned, as the first directory of its Exif data says (TIFF 6.0)."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, entry)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 1
    return 1
