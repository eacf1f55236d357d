"""Files in the making as files in a folder, until they become blobs.

A part is written where the one before ended, and flushed before it counts. Whoever writes holds the
file's lock (flock), against others on this node and on those that share the folder; what an earlier
writer left behind the last byte that counts is cut off first.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.core.blobs import is_blob_key
from tertulia.core.errors import Conflict, Invalid

_BUFFER_BYTES = 256 * 1024
_STALE_S = 3 * 24 * 60 * 60
"""No draft is kept that long without a part; what is older was left by a crash."""


class UploadsFolder:
    """The core's DraftFiles, beside the blobs that they become."""

    def __init__(self, blobs: BlobsFolder) -> None:
        self._blobs = blobs
        self._folder = blobs.folder / "drafts"
        self._is_ready = False

    @asynccontextmanager
    async def writing(self, key: str) -> AsyncIterator[FileWriter]:
        """Hold a draft alone; Conflict `upload_busy` while somebody else does."""
        file = await asyncio.to_thread(self._open, key)
        try:
            yield FileWriter(file)
        finally:
            file.close()

    async def head(self, key: str, length: int) -> bytes:
        """Return the first bytes of a draft, or of the blob that it is already."""
        found = await asyncio.to_thread(_read, self._path(key), length)
        if found is None:
            chunks = await self._blobs.chunks(key, 0, length)
            found = b"" if chunks is None else b"".join([chunk async for chunk in chunks])
        return found

    async def whole(self, key: str) -> bytes:
        """Return all of a draft."""
        return await asyncio.to_thread(_read, self._path(key), -1) or b""

    async def keep(self, key: str) -> None:
        """Make a draft the blob of its key; again changes nothing."""
        await self._blobs.adopt(key, self._path(key))

    async def drop(self, key: str) -> None:
        """Forget a draft."""
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        if not is_blob_key(key):
            raise ValueError("not the key of a blob")
        return self._folder / key

    def _open(self, key: str) -> BinaryIO:
        if not self._is_ready:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._clear_away()
            self._is_ready = True
        descriptor = os.open(self._path(key), os.O_WRONLY | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "wb", buffering=_BUFFER_BYTES)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise Conflict("This file is being sent already.", code="upload_busy") from None
        return file

    def _clear_away(self) -> None:
        for left in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _STALE_S:
                    left.unlink()


class FileWriter:
    """The core's DraftWriter over a file that is locked."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def append(self, offset: int, chunks: AsyncIterator[bytes], max_bytes: int) -> int:
        """Write parts from `offset` on as they come; return the length that is durable then."""
        file, length = self._file, offset
        await asyncio.to_thread(_cut_off, file, offset)
        async for chunk in chunks:
            length += len(chunk)
            if length > max_bytes:
                raise Invalid(
                    f"This file has at most {max_bytes} bytes.", code="too_large", attr="file"
                )
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(_flush, file)
        return length


def _cut_off(file: BinaryIO, length: int) -> None:
    file.truncate(length)
    file.seek(length)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _read(path: Path, length: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(length)
    except FileNotFoundError:
        return None
