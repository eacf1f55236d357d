"""Letters as files in a folder, for a server that has not been told how to send them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from tertulia.core.letters import Letter


class OutboxFolder:
    """A Courier that leaves each letter in a file of its own, for its owner's eyes alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Write a letter down; the same letter again replaces itself."""
        await asyncio.to_thread(self._write, msgspec.json.encode(letter), letter_id)

    def _write(self, text: bytes, letter_id: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{letter_id}.json"
        path.touch(mode=0o600, exist_ok=True)
        path.write_bytes(text)
