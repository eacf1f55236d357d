"""Encrypting what is sealed again, under the key that the vault writes with today.

It goes through the rows of each table in order of their keys, a few at a time. A few rows are one
transaction, so that it may end at any place and begin anew: what is under today's key already is
read and left as it is. A server may run meanwhile, over the same keys in the same order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tertulia.core.ports import Vault

BATCH = 100
"""How many rows are looked at at once, and changed by one transaction."""

TRIES = 20
PAUSE_S = 0.25
"""How often, and after what pauses, a row is asked for that somebody else is changing."""

Key = tuple[Any, ...]
"""Where a row stands in the order of its table."""


@dataclass(frozen=True, slots=True)
class SealedRow:
    """The sealed texts of one row."""

    key: Key
    texts: Sequence[str]


class SealedTexts(Protocol):
    """All that the vault has sealed and the database keeps, table by table."""

    async def sizes(self) -> Mapping[str, int]:
        """Return how many rows each table with sealed texts has."""

    async def page(self, table: str, after: Key | None, limit: int) -> tuple[SealedRow, ...]:
        """Return rows in order of their keys, past `after`."""

    async def renew(
        self, table: str, keys: Sequence[Key], renewed: Callable[[str], str | None]
    ) -> tuple[Key, ...]:
        """Store what `renewed` makes of the sealed texts of these rows, in one transaction.

        It is asked about each text as it is now; what it answers None for stays. Returns the rows
        that somebody else was changing, and waits for none of them.
        """


@dataclass(slots=True)
class Progress:
    """How far a rotation has come: what it has looked at in `table`, and what came of all of it.

    `renewed` and `current` count rows; `closed` those with a text that no key opens, by table;
    `busy` those that somebody else went on changing.
    """

    table: str
    looked_at: int
    renewed: int
    current: int
    closed: dict[str, int]
    busy: int


class Rotation:
    """Brings everything sealed under the vault's first key."""

    def __init__(self, texts: SealedTexts, vault: Vault) -> None:
        self._texts = texts
        self._vault = vault

    async def sizes(self) -> Mapping[str, int]:
        """Return how many rows there are to look at in each table."""
        return await self._texts.sizes()

    async def run(self, hear: Callable[[Progress], None]) -> Progress:
        """Go through everything once; `hear` is told after each transaction."""
        progress = Progress(table="", looked_at=0, renewed=0, current=0, closed={}, busy=0)
        for table in await self._texts.sizes():
            progress.table, progress.looked_at = table, 0
            after: Key | None = None
            while rows := await self._texts.page(table, after, BATCH):
                await self._look(rows, progress)
                hear(progress)
                after = rows[-1].key
        return progress

    async def _look(self, rows: Sequence[SealedRow], progress: Progress) -> None:
        old = []
        for row in rows:
            states = {self._state(text) for text in row.texts}
            if "old" in states:
                old.append(row.key)
            elif "closed" not in states:
                progress.current += 1
            if "closed" in states:
                progress.closed[progress.table] = progress.closed.get(progress.table, 0) + 1
        busy = await self._renew(progress.table, old) if old else 0
        progress.looked_at += len(rows)
        progress.renewed += len(old) - busy
        progress.busy += busy

    async def _renew(self, table: str, keys: Sequence[Key]) -> int:
        """Return how many of these rows could not be held in all that time."""
        for _ in range(TRIES):
            keys = await self._texts.renew(table, keys, self._renewed)
            if not keys:
                return 0
            await asyncio.sleep(PAUSE_S)
        return len(keys)

    def _state(self, sealed: str) -> str:
        try:
            return "current" if self._vault.reseal(sealed) is None else "old"
        except ValueError:
            return "closed"

    def _renewed(self, sealed: str) -> str | None:
        try:
            return self._vault.reseal(sealed)
        except ValueError:
            return None
