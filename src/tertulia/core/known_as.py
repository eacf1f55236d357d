"""Conversations by what they are known as on wires: their number, or their id."""

from __future__ import annotations

from uuid import UUID

from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.core.ports import Work

_MAX_DIGITS = 18


async def id_of(work: Work, name: str) -> UUID | None:
    """Return the id that a name may be of; it says nothing of who may see it, or if it is there."""
    if name.isdecimal() and name.isascii() and len(name) <= _MAX_DIGITS:
        return await work.conversations.numbered(int(name))
    try:
        return parse_id(name, "conversation")
    except Invalid:
        return None
