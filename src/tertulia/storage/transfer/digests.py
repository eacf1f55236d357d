"""What the rows of a table come down to, one short value for each conversation.

It is made of the values as the program sees them, not as a database stores them, and is a sum of
the rows' hashes: so it is the same on both databases, whatever order they read in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from tertulia.storage.tables import conversations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

_MODULUS = 1 << 256
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


@dataclass(slots=True)
class Digest:
    """How many rows there are, and the sum of their hashes."""

    rows: int = 0
    total: int = 0


Digests = dict[Any, Digest]
"""By conversation; under None, of tables that belong to none."""


@dataclass(slots=True)
class TableDigests:
    """The digests of one table; `at` is which of its columns names the conversation."""

    at: int | None
    found: Digests = field(default_factory=dict)
    rows: int = 0

    def add(self, row: Sequence[Any]) -> None:
        """Count a row in."""
        place = None if self.at is None else row[self.at]
        digest = self.found.get(place)
        if digest is None:
            digest = self.found[place] = Digest()
        hashed = hashlib.sha256(_encoder.encode(tuple(row))).digest()
        digest.rows += 1
        digest.total = (digest.total + int.from_bytes(hashed)) % _MODULUS
        self.rows += 1


def digests_of(table: Table) -> TableDigests:
    """Return the digests of a table of which no row was read yet."""
    name = "id" if table is conversations else "conversation_id"
    columns = list(table.c.keys())
    return TableDigests(columns.index(name) if name in columns else None)
