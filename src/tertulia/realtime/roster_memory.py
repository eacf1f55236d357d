"""The roster of a single node."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping


class MemoryRoster:
    """Places as dictionaries of key to (value, when its time runs out)."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._places: dict[str, dict[str, tuple[str, float]]] = {}

    async def enter(self, place: str, entries: Mapping[str, str], ttl_s: float) -> None:
        """Put entries into a place, or renew them."""
        until_s = self._now_s() + ttl_s
        there = self._places.setdefault(place, {})
        there.update({key: (value, until_s) for key, value in entries.items()})

    async def leave(self, place: str, keys: Collection[str]) -> None:
        """Take entries out of a place."""
        there = self._places.get(place, {})
        for key in keys:
            there.pop(key, None)
        self._forget_empty(place)

    async def present(self, place: str) -> dict[str, str]:
        """Return the entries whose time has not run out."""
        now_s = self._now_s()
        there = self._places.get(place, {})
        return {key: value for key, (value, until_s) in there.items() if until_s > now_s}

    async def expire(self, place: str) -> dict[str, str]:
        """Take out and return the entries whose time has run out."""
        now_s = self._now_s()
        there = self._places.get(place, {})
        expired = {key: value for key, (value, until_s) in there.items() if until_s <= now_s}
        await self.leave(place, expired)
        return expired

    def _forget_empty(self, place: str) -> None:
        if not self._places.get(place):
            self._places.pop(place, None)
