"""A town in which people come online, go, and say how it is with them, on several nodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from tertulia.core.events import Event
from tertulia.core.presence import PresenceBoard
from tertulia.core.presence_events import PresenceChanged, StatusChanged
from tertulia.ending import ended
from tertulia.realtime.roster_memory import MemoryRoster
from tests.core.slow_roster import SlowRoster

ANA, BEA, CARO, DANI, EVA = (UUID(int=number) for number in range(1, 6))
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Town:
    """Nodes over one roster, what they announced, and who knows whom."""

    def __init__(self, town_limit: int = 1000) -> None:
        self.told: list[PresenceChanged] = []
        self.statuses: list[StatusChanged] = []
        self.friends: dict[UUID, set[UUID]] = {}
        self.is_storage_out = False
        self.now_s = 0.0
        self._roster = MemoryRoster(lambda: self.now_s)
        self.status_roster = SlowRoster(lambda: self.now_s)
        self._town_limit = town_limit

    def node(self) -> PresenceBoard:
        """Return the board of one more node."""
        return PresenceBoard(
            self._roster,
            self.status_roster,
            self._publish,
            self._acquaintances,
            town_limit=self._town_limit,
            clock=lambda: NOON,
        )

    def take_told(self) -> list[PresenceChanged]:
        """Return what was announced since the last call."""
        told, self.told = self.told, []
        return told

    def _publish(self, events: Collection[Event]) -> None:
        self.told += [event for event in events if isinstance(event, PresenceChanged)]
        self.statuses += [event for event in events if isinstance(event, StatusChanged)]

    async def _acquaintances(self, account_id: UUID) -> Collection[UUID]:
        if self.is_storage_out:
            raise ConnectionError
        return self.friends.get(account_id, set())


async def come(board: PresenceBoard, *account_ids: UUID) -> list[str]:
    """Have people come online, and tell of it; return the refs of their connections."""
    refs = [board.join(account_id, hidden=False) for account_id in account_ids]
    await board.announce()
    return refs


@asynccontextmanager
async def running(board: PresenceBoard) -> AsyncIterator[None]:
    """Have a board at work."""
    task = asyncio.create_task(board.run())
    yield
    await ended(task)
