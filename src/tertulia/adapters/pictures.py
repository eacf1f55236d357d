"""Pictures that people bring, as squares of our own making, with Pillow in a worker thread.

Whatever arrives is judged by what it contains, never by what it is called: `picture_essence` finds
the picture in it and how large it is, before anything is decoded, and what is decoded is encoded
anew. Nothing of the file itself is ever shown to anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import Image

from tertulia.adapters.picture_essence import Essence, essence_of
from tertulia.core.errors import Invalid, Unavailable

MIN_SIDE, MAX_SIDE = 8, 16_384
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 34_000_000, "GIF": 34_000_000, "WEBP": 16_000_000}
"""By kind, since a JPEG is decoded at a part of its size and a WebP several times over.

Cameras of telephones make JPEGs of 48 megapixels; a screen of 8K has 33.
"""
_QUALITY = 82
_AVERAGED = ("L", "LA", "RGB", "RGBA", "CMYK")
"""The modes whose neighbouring pixels have a mean."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation of Exif."""


class SquarePictures:
    """The core's Pictures.

    One picture takes up to 320 MiB and three seconds, so one is decoded at a time. Beyond
    `max_waiting` more it refuses with Unavailable.
    """

    def __init__(self, *, max_waiting: int = 8) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._max_pending = 1 + max_waiting
        self._pending = 0

    async def squares(self, data: bytes, sizes: Sequence[int]) -> dict[int, bytes]:
        """Return the middle of a picture in these widths, as WebP; Invalid `invalid_image`."""
        if self._pending >= self._max_pending:
            raise Unavailable("Too many pictures are coming in right now; try again in a moment.")
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, _squares, data, sizes)
        # A caller that goes away does not stop the thread, so the thread's own end is counted.
        future.add_done_callback(self._done)
        return await asyncio.shield(future)

    def close(self) -> None:
        """Stop the thread once the picture under way is done."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _done(self, _: asyncio.Future[dict[int, bytes]]) -> None:
        self._pending -= 1


def _squares(data: bytes, sizes: Sequence[int]) -> dict[int, bytes]:
    try:
        essence = essence_of(data)
    except ValueError as error:
        raise unreadable() from error
    require_measure(essence, MIN_SIDE)
    try:
        return _encoded(_square(essence, max(sizes)), sizes)
    # What decoders raise at broken files has no common ground; none of it is our own mishap.
    except Exception as error:
        raise unreadable() from error


def require_measure(essence: Essence, min_side: int) -> None:
    """Refuse a picture with too few or too many pixels, before anything of it is decoded."""
    width, height = essence.width, essence.height
    if min(width, height) < min_side:
        raise _invalid(f"A picture is at least {min_side} pixels wide and high.")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS[essence.kind]:
        raise _invalid("This picture has too many pixels.")


def _square(essence: Essence, width: int) -> Image.Image:
    """Decode a picture and return its middle, upright, in this width."""
    square = in_colour(_middle(decoded(essence, (2 * width, 2 * width)), 2 * width))
    square = square.resize((width, width), Image.Resampling.LANCZOS)
    return upright(square, essence.orientation)


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return a picture as it was seen by whoever held the camera."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def decoded(essence: Essence, enough: tuple[int, int]) -> Image.Image:
    """Decode a picture, reduced where it is still `enough` wide and high and that costs nothing."""
    image = Image.open(BytesIO(essence.data), formats=(essence.kind,))
    if image.size != (essence.width, essence.height):
        raise ValueError("the decoder sees another size")
    # A JPEG can be decoded at a half, a quarter or an eighth, for as much less memory.
    image.draft(None, enough)
    image.load()
    return image


def _middle(image: Image.Image, enough: int) -> Image.Image:
    """Return the middle square, roughly reduced where it is much larger than what is enough.

    Each copy of a large picture counts, so it is reduced before anything else is done to it.
    """
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = (left, top, left + side, top + side)
    return averaged(image).reduce(max(1, side // enough), box)


def averaged(image: Image.Image) -> Image.Image:
    """Return a picture whose neighbouring pixels have a mean."""
    if image.mode not in _AVERAGED or "transparency" in image.info:
        return in_colour(image)
    return image


def in_colour(image: Image.Image) -> Image.Image:
    """Return a picture in RGB, or RGBA where something of it is clear."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey, of which converting would keep the lower ones.
        image = image.point(lambda value: value / 256).convert("L")
    is_clear = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    mode = "RGBA" if is_clear else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _encoded(square: Image.Image, sizes: Sequence[int]) -> dict[int, bytes]:
    made: dict[int, bytes] = {}
    for size in sizes:
        out = BytesIO()
        shown = square.resize((size, size), Image.Resampling.LANCZOS)
        shown.save(out, "WEBP", quality=_QUALITY, method=4)
        made[size] = out.getvalue()
    return made


def unreadable() -> Invalid:
    """Return the refusal of a file that has no picture which can be read."""
    return _invalid("This is not a picture that can be read: a JPEG, PNG, GIF or WebP.")


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, code="invalid_image", attr="file")
