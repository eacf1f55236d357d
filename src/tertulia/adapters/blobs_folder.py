"""Blobs as files in a folder of the server, for its owner's eyes alone.

A file is written beside the others, flushed to the disk and then given its name, and the name is
flushed too: after a power loss there is a whole piece or none. The first two letters of a key name
the folder that it lies in, since some file systems grow slow with many files side by side.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from tertulia.core.blobs import is_blob_key, new_blob_key

CHUNK_BYTES = 256 * 1024
_STALE_S = 24 * 60 * 60


class BlobsFolder:
    """The core's Blobs in a folder, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._is_ready = False

    @property
    def folder(self) -> Path:
        """Where the pieces lie."""
        return self._folder

    async def put(self, key: str, data: bytes) -> None:
        """Store a piece; it is durable afterwards."""

        async def whole() -> AsyncIterator[bytes]:
            yield data

        await self.put_chunks(key, whole())

    async def put_chunks(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Store a piece that comes in parts, and return its length."""
        path = self._path(key)
        if path is None:
            raise ValueError("not the key of a blob")
        coming, file = await asyncio.to_thread(self._begin)
        try:
            with file:
                async for chunk in chunks:
                    await asyncio.to_thread(file.write, chunk)
                size = file.tell()
                await asyncio.to_thread(_settle, file, coming, path)
        except BaseException:
            coming.unlink(missing_ok=True)
            raise
        return size

    async def get(self, key: str) -> bytes | None:
        """Return a piece whole."""
        path = self._path(key)
        return None if path is None else await asyncio.to_thread(_read, path)

    async def chunks(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes] | None:
        """Return a piece in parts, read as they are asked for; `length` bytes from `start` on."""
        path = self._path(key)
        file = None if path is None else await asyncio.to_thread(_open, path)
        return None if file is None else _parts(file, start, length)

    async def adopt(self, key: str, file: Path) -> None:
        """Make a file of the same file system the piece of a new key, durably.

        Nothing happens where it is that already.
        """
        path = self._path(key)
        if path is None:
            raise ValueError("not the key of a blob")
        await asyncio.to_thread(_adopt, file, path)

    async def drop(self, key: str) -> None:
        """Forget a piece."""
        path = self._path(key)
        if path is not None:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _path(self, key: str) -> Path | None:
        # What comes out of an address must never name another file.
        return self._folder / key[:2] / key if is_blob_key(key) else None

    def _begin(self) -> tuple[Path, BinaryIO]:
        if not self._is_ready:
            _make_folder(self._incoming)
            self._clear_away()
            self._is_ready = True
        path = self._incoming / new_blob_key()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return path, os.fdopen(descriptor, "wb")

    def _clear_away(self) -> None:
        """Remove what a server that was killed had not finished."""
        for left in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _STALE_S:
                    left.unlink()


def _settle(file: BinaryIO, coming: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    _make_folder(path.parent)
    coming.rename(path)
    _flush_folder(path.parent)


def _adopt(file: Path, path: Path) -> None:
    _make_folder(path.parent)
    try:
        file.rename(path)
    except FileNotFoundError:
        if not path.exists():
            raise
    _flush_folder(path.parent)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _open(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None


async def _parts(file: BinaryIO, start: int, length: int | None) -> AsyncIterator[bytes]:
    with file:
        file.seek(start)
        left = file.seek(0, os.SEEK_END) - start if length is None else length
        file.seek(start)
        while left > 0 and (part := await asyncio.to_thread(file.read, min(left, CHUNK_BYTES))):
            left -= len(part)
            yield part
