"""What files need from the world: somewhere to be made, and somebody who knows what they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from tertulia.core.message import AttachmentKind


class DraftWriter(Protocol):
    """A draft that nobody else writes."""

    async def append(self, offset: int, chunks: AsyncIterator[bytes], max_bytes: int) -> int:
        """Write parts from `offset` on as they come, and return the length that is durable then.

        Invalid `too_large` for more than `max_bytes` in all; then none of these parts counts.
        """


class DraftFiles(Protocol):
    """Files in the making, by the keys of the blobs that they become."""

    def writing(self, key: str) -> AbstractAsyncContextManager[DraftWriter]:
        """Hold a draft, or begin it; Conflict `upload_busy` while somebody else does."""

    async def head(self, key: str, length: int) -> bytes:
        """Return the first bytes."""

    async def whole(self, key: str) -> bytes:
        """Return all of it; for files whose size was looked at."""

    async def keep(self, key: str) -> None:
        """Make it the blob of its key, durably; again changes nothing."""

    async def drop(self, key: str) -> None:
        """Forget one; nothing happens where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What a file is; names of such files end with one of `suffixes`, the usual one first."""

    kind: AttachmentKind
    media_type: str
    suffixes: tuple[str, ...] = ()


INLINE_TYPES = frozenset(
    {
        *("image/jpeg", "image/png", "image/gif", "image/webp"),
        *("audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4", "audio/webm"),
        *("video/mp4", "video/webm"),
    }
)
"""What a page may show where it stands; everything else is only ever handed over as a file."""

KindOf = Callable[[bytes], FileKind]
"""Tells what a file is by how it begins."""

Read = Callable[[], Awaitable[bytes]]
"""Reads a whole file once its turn has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture as others see it: encoded anew, without anything that is not the picture.

    `thumbnail` is a WebP no wider and no higher than 640 pixels, `blur` a BlurHash.
    """

    data: bytes
    file_kind: FileKind
    width: int
    height: int
    thumbnail: bytes
    blur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPicture:
    """A WebP no wider and no higher than 640 pixels."""

    data: bytes
    width: int
    height: int


class Thumbnails(Protocol):
    """Makes pictures as others see them out of files that have one.

    Both methods refuse with Invalid `invalid_image` naming `file` what cannot be read or has too
    many pixels, and with Unavailable where too many wait.
    """

    async def shown(self, read: Read) -> ShownPicture:
        """Return a picture, with its thumbnail."""

    async def small(self, data: bytes) -> SmallPicture:
        """Return a thumbnail alone."""
