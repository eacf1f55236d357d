"""How far a copy is: a row for each table, in a table that goes with the last of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text

from tertulia.storage.columns import Id
from tertulia.storage.migrations import UNFINISHED_COPY

if TYPE_CHECKING:
    from collections.abc import Sequence

_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")

marks = Table(
    UNFINISHED_COPY,
    MetaData(),
    Column("table_name", Text, primary_key=True),
    # How many rows the table has in the file, and how many of them are here.
    Column("total", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    # The primary key of the last one.
    Column("key", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How many rows of a table are there, and the primary key of the last of them."""

    total: int
    rows: int = 0
    key: Sequence[Any] | None = None

    def moved(self, table: Table, rows: Sequence[Sequence[Any]]) -> Mark:
        """Return the mark after these rows."""
        columns = list(table.c)
        last = rows[-1]
        key = tuple(last[columns.index(column)] for column in table.primary_key)
        return replace(self, rows=self.rows + len(rows), key=key)

    def stored_key(self) -> bytes | None:
        """Word the key for the database."""
        return None if self.key is None else _encoder.encode(self.key)


def key_of(table: Table, stored: bytes | None) -> Sequence[Any] | None:
    """Read a key of this table from the database."""
    if stored is None:
        return None
    types: Any = tuple(
        UUID if isinstance(column.type, Id) else column.type.python_type
        for column in table.primary_key
    )
    key: Sequence[Any] = msgspec.msgpack.decode(stored, type=tuple[types])
    return key
