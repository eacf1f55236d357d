"""Who is where at this moment, on all nodes; an entry that is not renewed in time is gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Roster(Protocol):
    """Entries (key and value, both text) in named places, each with a time to live."""

    async def enter(self, place: str, entries: Mapping[str, str], ttl_s: float) -> None:
        """Put entries into a place, or renew them, for `ttl_s` seconds from now."""

    async def leave(self, place: str, keys: Collection[str]) -> None:
        """Take entries out of a place; those that are not there are passed over."""

    async def present(self, place: str) -> dict[str, str]:
        """Return the entries of a place whose time has not run out."""

    async def expire(self, place: str) -> dict[str, str]:
        """Take out and return the entries whose time has run out; each is returned only once."""
