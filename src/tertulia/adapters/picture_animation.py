"""Animations that are kept as such: put together anew from their frames, without anything else.

As `picture_essence` does with single pictures, the file is walked in bounded steps and metadata,
comments, profiles and what follows the end are left out. Its frames go as they are to those who
look, so each is decoded once to see that it can be.

    GIF   frames with their palettes and times, and how often they repeat (GIF89a)
    WebP  frames with their places and times (RFC 9649)
"""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image

from tertulia.adapters.picture_essence import after_blocks, palette_bytes, riff_chunk, webp_frame

MAX_FRAMES = 500
MAX_FRAME_PIXELS = 4_000_000
MAX_PIXELS = 150_000_000
"""Of all frames together: decoding them takes about two seconds."""

_REPEATS = (b"\x21\xff\x0bNETSCAPE2.0\x03\x01", b"\x21\xff\x0bANIMEXTS1.0\x03\x01")
_REPEATS_BYTES = 19
_ALPHA, _ANIMATION = 0x10, 0x02


def animation_of(data: bytes) -> bytes | None:
    """Return the animation in a GIF or WebP, or None where there is none within the bounds."""
    try:
        walked = _gif(data) if data.startswith(b"GIF8") else _webp(data)
        return walked if walked is not None and _is_decoded(walked) else None
    # What decoders raise at broken files has no common ground; then it is no animation.
    except Exception:
        return None


def _is_within(width: int, height: int, frames: int) -> bool:
    pixels = width * height
    return frames <= MAX_FRAMES and pixels <= MAX_FRAME_PIXELS and pixels * frames <= MAX_PIXELS


def _gif(data: bytes) -> bytes | None:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + palette_bytes(flags)
    kept = [b"GIF89a", data[6:at]]
    frames = 0
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x21:  # extension
            at = after_blocks(data, at + 2)
            is_repeats = data.startswith(_REPEATS, start) and at - start == _REPEATS_BYTES
            if data[start + 1] == 0xF9 or is_repeats:
                kept.append(data[start:at])
            continue
        if data[at] != 0x2C:
            return None
        left, top, across, down, flags = struct.unpack_from("<HHHHB", data, at + 1)
        at = after_blocks(data, at + 11 + palette_bytes(flags))
        frames += 1
        if left + across > width or top + down > height or not _is_within(width, height, frames):
            return None
        kept.append(data[start:at])
    return b"".join([*kept, b"\x3b"]) if frames > 1 else None


def _webp(data: bytes) -> bytes | None:
    (length,) = struct.unpack_from("<I", data, 4)
    kind, header, at = riff_chunk(data, 12)
    if kind != b"VP8X" or not header[0] & _ANIMATION:
        return None
    width, height = (int.from_bytes(header[start : start + 3], "little") + 1 for start in (4, 7))
    flags = header[0] & (_ALPHA | _ANIMATION)
    kept = [_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + header[4:10])]
    frames = 0
    while at + 8 <= min(8 + length, len(data)):
        kind, content, at = riff_chunk(data, at)
        if kind == b"ANIM" and frames == 0:
            kept[1:] = [_chunk(kind, content[:6])]
        elif kind == b"ANMF":
            frames += 1
            if not _is_within(width, height, frames):
                return None
            kept.append(_chunk(kind, content[:16] + b"".join(webp_frame(content))))
    if frames < 2:
        return None
    content = b"WEBP" + b"".join(kept)
    return struct.pack("<4sI", b"RIFF", len(content)) + content


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(content)) + content + b"\x00" * (len(content) % 2)


def _is_decoded(data: bytes) -> bool:
    image = Image.open(BytesIO(data), formats=("GIF", "WEBP"))
    frames = getattr(image, "n_frames", 1)
    if not 1 < frames <= MAX_FRAMES:
        return False
    for frame in range(frames):
        image.seek(frame)
        image.load()
    return True
