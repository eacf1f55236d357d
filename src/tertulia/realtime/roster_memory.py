"""The roster of a single node: `core.roster.Roster` in this process's memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from math import inf
from uuid import UUID

from tertulia.core.roster import RosterEntry


class MemoryRoster:
    """Places as dictionaries of key to (entry, when its time runs out)."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._places: dict[UUID, dict[str, tuple[RosterEntry, float]]] = {}
        # Before this no time has run out, so nothing needs to be looked through for it.
        self._earliest_end_s = inf

    async def enter(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        """Put entries in, or renew them."""
        until_s = self._now_s() + ttl_s
        for entry in entries:
            self._places.setdefault(entry.place, {})[entry.key] = (entry, until_s)
        self._earliest_end_s = min(self._earliest_end_s, until_s)

    async def leave(self, entries: Collection[RosterEntry]) -> None:
        """Take entries out."""
        for entry in entries:
            there = self._places.get(entry.place, {})
            there.pop(entry.key, None)
            if not there:
                self._places.pop(entry.place, None)

    def held(self) -> list[tuple[RosterEntry, float]]:
        """Return all entries with the seconds that are left to them."""
        now_s = self._now_s()
        everything = (each for there in self._places.values() for each in there.values())
        return [(entry, until_s - now_s) for entry, until_s in everything if until_s > now_s]

    async def places(self) -> frozenset[UUID]:
        """Return every place that has an entry now."""
        now_s = self._now_s()
        if now_s < self._earliest_end_s:
            return frozenset(self._places)
        return frozenset(
            place
            for place, there in self._places.items()
            if any(until_s > now_s for _, until_s in there.values())
        )

    async def present(self, places: Collection[UUID]) -> tuple[RosterEntry, ...]:
        """Return the entries that are in these places now."""
        now_s = self._now_s()
        return tuple(
            entry
            for place in places
            for entry, until_s in self._places.get(place, {}).values()
            if until_s > now_s
        )

    async def expire(self) -> tuple[RosterEntry, ...]:
        """Take out entries whose time has run out."""
        now_s = self._now_s()
        if now_s < self._earliest_end_s:
            return ()
        everything = [entry for there in self._places.values() for entry in there.values()]
        expired = tuple(entry for entry, until_s in everything if until_s <= now_s)
        self._earliest_end_s = min(
            (until_s for _, until_s in everything if until_s > now_s), default=inf
        )
        await self.leave(expired)
        return expired
