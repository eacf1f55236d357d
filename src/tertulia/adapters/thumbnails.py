"""Pictures that people send, made into those that others see, with Pillow in a worker thread.

As with people's own pictures, what arrives is judged and taken apart before anything is decoded,
and what is decoded is encoded anew: upright, without metadata, no more than 4096 pixels wide or
high. Animations keep their frames where they are small enough, and are a still where not.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from PIL import Image

from tertulia.adapters import file_kinds
from tertulia.adapters.blurhash import blurhash
from tertulia.adapters.picture_animation import animation_of
from tertulia.adapters.picture_essence import Essence, essence_of
from tertulia.adapters.pictures import (
    averaged,
    decoded,
    in_colour,
    require_measure,
    unreadable,
    upright,
)
from tertulia.core.errors import Unavailable
from tertulia.core.files import FileKind, Read, ShownPicture, SmallPicture

T = TypeVar("T")

SHOWN_SIDE = 4096
SMALL_SIDE = 640
MAX_WAITING = 64
"""Beyond that many it refuses; those that wait are on the disk, not in memory."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How pictures of a kind are written."""

    file_kind: FileKind
    pillow: str
    options: dict[str, Any]


_JPEG = _Form(file_kinds.JPEG, "JPEG", {"quality": 85})
_PNG = _Form(file_kinds.PNG, "PNG", {"compress_level": 6})
_WEBP = _Form(file_kinds.WEBP, "WEBP", {"quality": 85, "method": 2})
_FORMS = {"JPEG": _JPEG, "PNG": _PNG, "GIF": _PNG, "WEBP": _WEBP}
_ANIMATED = {"GIF": file_kinds.GIF, "WEBP": file_kinds.WEBP}
_SMALL = _Form(file_kinds.WEBP, "WEBP", {"quality": 80, "method": 4})


class ThreadedThumbnails:
    """The core's Thumbnails. One picture is read and decoded at a time."""

    def __init__(self, *, max_waiting: int = MAX_WAITING) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="thumbnails")
        self._turn = asyncio.Lock()
        self._max_pending = 1 + max_waiting
        self._pending = 0

    async def shown(self, read: Read) -> ShownPicture:
        """Return a picture as others see it, with its thumbnail."""
        return await self._in_turn(read, _shown)

    async def small(self, data: bytes) -> SmallPicture:
        """Return a thumbnail alone."""

        async def read() -> bytes:
            return data

        return await self._in_turn(read, _small)

    def close(self) -> None:
        """Stop the thread once the picture under way is done."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_turn(self, read: Read, make: Callable[[bytes], T]) -> T:
        if self._pending >= self._max_pending:
            raise Unavailable("Too many pictures are coming in right now; try again in a moment.")
        self._pending += 1
        task = asyncio.create_task(self._one(read, make))
        # A caller that goes away does not stop the thread, so the turn ends with the work itself.
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def _one(self, read: Read, make: Callable[[bytes], T]) -> T:
        async with self._turn:
            data = await read()
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _made, make, data)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._pending -= 1
        if not task.cancelled():
            # Nobody may be there any more to be told.
            task.exception()


def _made(make: Callable[[bytes], T], data: bytes) -> T:
    try:
        essence = essence_of(data)
    except ValueError as error:
        raise unreadable() from error
    require_measure(essence, 1)
    try:
        return make(data)
    # What decoders raise at broken files has no common ground; none of it is our own mishap.
    except Exception as error:
        raise unreadable() from error


def _shown(data: bytes) -> ShownPicture:
    essence = essence_of(data)
    image = _fitted(essence, SHOWN_SIDE)
    small = image.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    form = _FORMS[essence.kind]
    animation = animation_of(data) if essence.kind in _ANIMATED else None
    width, height = image.size if animation is None else Image.open(BytesIO(animation)).size
    return ShownPicture(
        data=animation or _encoded(image, form),
        file_kind=_ANIMATED[essence.kind] if animation else form.file_kind,
        width=width,
        height=height,
        thumbnail=_encoded(small, _SMALL),
        blur=blurhash(_on_white(small)),
    )


def _small(data: bytes) -> SmallPicture:
    image = _fitted(essence_of(data), SMALL_SIDE)
    return SmallPicture(data=_encoded(image, _SMALL), width=image.width, height=image.height)


def _fitted(essence: Essence, side: int) -> Image.Image:
    """Decode a picture and return it upright, no side longer than this."""
    scale = min(1.0, side / max(essence.width, essence.height))
    enough = (math.ceil(essence.width * scale), math.ceil(essence.height * scale))
    image = averaged(decoded(essence, enough))
    # Each copy of a large picture counts, and so does reducing it by one.
    factor = max(image.size) // (2 * side)
    image = in_colour(image.reduce(factor) if factor > 1 else image)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return upright(image, essence.orientation)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def _encoded(image: Image.Image, form: _Form) -> bytes:
    out = BytesIO()
    if form.pillow == "JPEG":
        image = _on_white(image)
    # Pillow writes again what it has read beside a picture, unless that is not there.
    image.info.clear()
    image.save(out, form.pillow, **form.options)
    return out.getvalue()
