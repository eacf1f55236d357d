"""A roster that takes its time, so that a test may act meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection

from tertulia.core.roster import RosterEntry
from tertulia.realtime.roster_memory import MemoryRoster


class SlowRoster(MemoryRoster):
    """After `hold_next` one change waits until `may_go` is set; `is_held` says that it does."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(now_s)
        self.is_held = asyncio.Event()
        self.may_go = asyncio.Event()
        self._is_next = False

    def hold_next(self) -> None:
        """Let the next change wait."""
        self._is_next = True

    async def enter(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        """Put entries in, when it may be."""
        await self._turn(entries)
        await super().enter(entries, ttl_s)

    async def leave(self, entries: Collection[RosterEntry]) -> None:
        """Take entries out, when it may be."""
        await self._turn(entries)
        await super().leave(entries)

    async def _turn(self, entries: Collection[RosterEntry]) -> None:
        if entries and self._is_next:
            self._is_next = False
            self.is_held.set()
            await self.may_go.wait()
