"""A road to a server that can be cut, as a network is: nothing arrives, and nobody is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

_AT_ONCE_BYTES = 1 << 16


class CutRelay:
    """Passes on what is said between the socket at `path` and the server's; made by `open`."""

    def __init__(self, server_path: Path, path: Path) -> None:
        self.path = path
        self._server_path = server_path
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, server_path: Path, path: Path) -> AsyncIterator[CutRelay]:
        """Be there while the block lasts."""
        relay = cls(server_path, path)
        try:
            async with await asyncio.start_unix_server(relay._begin, path):
                yield relay
        finally:
            await relay._close()

    async def cut(self, duration_s: float) -> None:
        """Let nothing through for so long."""
        with self.broken():
            await asyncio.sleep(duration_s)

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Let nothing through inside the block."""
        self._is_whole.clear()
        yield
        self._is_whole.set()

    def _begin(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        self._ends.add(sink)
        self._serving.add(asyncio.create_task(self._serve(source, sink)))

    async def _close(self) -> None:
        # What was held up by the cut goes nowhere any more.
        for end in self._ends:
            end.transport.abort()
        self._is_whole.set()
        await asyncio.gather(*self._serving)
        for end in self._ends:
            end.transport.abort()

    async def _serve(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            await self._is_whole.wait()
            answers, questions = await asyncio.open_unix_connection(self._server_path)
        except OSError:
            sink.close()
            return
        self._ends.add(questions)
        await asyncio.gather(self._pass(source, questions), self._pass(answers, sink))

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await source.read(_AT_ONCE_BYTES):
                await self._is_whole.wait()
                sink.write(said)
                await sink.drain()
        sink.close()
