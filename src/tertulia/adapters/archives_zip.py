"""Zip files, written to a file without a name until they are whole, and kept among the blobs.

The file without a name goes with the process that has it open, so a server that is killed leaves
nothing of what it was writing. Compressing takes time, so a thread of its own does it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tertulia.core.blobs import Blobs
from tertulia.core.ports import Clock

T = TypeVar("T")

_CHUNK_BYTES = 256 * 1024
_FOR_THE_OWNER = 0o600 << 16


class ZipArchives:
    """The core's Archives; the unfinished ones are in `folder`, which must have room for them."""

    def __init__(self, blobs: Blobs, folder: Path, clock: Clock) -> None:
        self._blobs = blobs
        self._folder = folder
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archives")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ZipArchive]:
        """Begin an archive, which is gone after the block unless it was kept."""
        file = await self._work(self._open)
        archive = ZipArchive(file, self._blobs, self._clock, self._work)
        try:
            yield archive
        finally:
            # In the one thread, and so after whatever it may still be doing.
            await asyncio.shield(self._work(archive.throw_away))

    def close(self) -> None:
        """Stop the thread."""
        self._thread.shutdown(wait=False)

    def _open(self) -> IO[bytes]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=self._folder)

    def _work(self, call: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, call)


class ZipArchive:
    """One zip file on its way."""

    def __init__(
        self,
        file: IO[bytes],
        blobs: Blobs,
        clock: Clock,
        work: Callable[[Callable[[], Any]], asyncio.Future[Any]],
    ) -> None:
        self._file = file
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._blobs = blobs
        self._clock = clock
        self._work = work

    async def add(self, name: str, content: bytes) -> None:
        """Put a file in; `name` has slashes between folders."""
        await self._work(lambda: self._zip.writestr(self._entry(name), content))

    async def add_chunks(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Put a file in that comes in parts."""
        # Nobody knows yet whether it grows beyond the four gigabytes of the old format.
        entry = self._zip.open(self._entry(name), "w", force_zip64=True)
        try:
            async for chunk in chunks:
                await self._work(partial(entry.write, chunk))
        finally:
            await asyncio.shield(self._work(entry.close))

    async def keep(self, key: str) -> int:
        """End the archive, store it among the blobs under this key, and return its length."""
        await self._work(self._zip.close)
        await self._work(lambda: self._file.seek(0))
        return await self._blobs.put_chunks(key, self._read())

    def throw_away(self) -> None:
        """Close the file, which is gone then."""
        # An archive that was not kept wants to be ended all the same, even on a disk that is full.
        with self._file, suppress(OSError):
            self._zip.close()

    async def _read(self) -> AsyncIterator[bytes]:
        while True:
            chunk = await self._work(lambda: self._file.read(_CHUNK_BYTES))
            if not chunk:
                return
            yield chunk

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, self._clock().timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = _FOR_THE_OWNER
        return entry
