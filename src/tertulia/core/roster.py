"""What holds for as long as it is renewed: a need of presence, apart from what lasts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """Something that lasts only while it is renewed: `key` is unique in its `place`."""

    place: UUID
    key: str
    value: str


class Roster(Protocol):
    """What holds at this moment, on all nodes; an entry that is not renewed in time is gone."""

    async def enter(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        """Put entries in, or renew them, for `ttl_s` seconds from now."""

    async def leave(self, entries: Collection[RosterEntry]) -> None:
        """Take entries out; those that are not there are passed over."""

    async def places(self) -> frozenset[UUID]:
        """Return every place that has an entry now."""

    async def present(self, places: Collection[UUID]) -> tuple[RosterEntry, ...]:
        """Return the entries that are in these places now."""

    async def expire(self) -> tuple[RosterEntry, ...]:
        """Take out entries whose time has run out; each is returned to one caller only."""
