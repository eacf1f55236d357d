"""Where in a database there are sealed texts, whatever its columns say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, select

from tertulia.storage.columns import Sealed
from tertulia.storage.encryption_tables import metadata
from tertulia.storage.engine import open_database

if TYPE_CHECKING:
    from sqlalchemy import Column

_BEGINNING = "gAAAAA%"
"""How a Fernet token begins, in Base64: version 0x80, then the seconds since 1970 in 64 bits."""


async def forgotten_columns(database_url: str) -> list[str]:
    """Return each `table.column` with a sealed text in it that is not of the type Sealed."""
    plain: list[Column[Any]] = [
        column
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, Text)
    ]
    assert not any(isinstance(column.type, Sealed) for column in plain)
    database = open_database(database_url, pool_size=1)
    try:
        async with database.reader() as connection:
            return [
                f"{column.table}.{column.name}"
                for column in plain
                if await connection.scalar(
                    select(1).where(cast(column, Text).like(_BEGINNING)).limit(1)
                )
            ]
    finally:
        await database.close()
