"""The PostgreSQL database that a copy is made in."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, inspect, literal_column, select, text, update
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from tertulia.storage.connection_postgres import postgres_engine
from tertulia.storage.migrations import UNFINISHED_COPY, newest_revision
from tertulia.storage.search_tables import search_blocks, search_docs, search_state
from tertulia.storage.transfer.digests import TableDigests, digests_of
from tertulia.storage.transfer.marks import Mark, key_of, marks
from tertulia.storage.transfer.refusals import TransferRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from sqlalchemy import URL, Connection, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

# Any number will do, as long as nothing else on the same database asks for a lock by it.
_LOCK_KEY = 0x7465_7274_636F_7079

_LOCK_TRIES, _LOCK_WAIT_S = 20, 0.5
_ROWS_AT_ONCE = 2000


class Target:
    """A connection, of which no other copy has one at the same time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.marks: dict[str, Mark] = {}

    async def goes_on(self) -> bool:
        """Whether a copy was begun here before."""
        return await self._connection.run_sync(_has_marks)

    async def begin(self, tables: Sequence[Table], totals: Mapping[str, int]) -> None:
        """Find how far the copy is, or make the marks of one that begins.

        TransferRefused where something is there that no copy brought, or the file has another
        number of rows than when the copy was begun.
        """
        if not await self.goes_on():
            await self._require_empty(tables)
            await self._connection.run_sync(marks.create)
            rows = [
                {"table_name": name, "total": total, "rows": 0} for name, total in totals.items()
            ]
            await self._connection.execute(insert(marks), rows)
        by_name = {table.name: table for table in tables}
        found = (await self._connection.execute(select(marks))).all()
        await self._connection.commit()
        self.marks = {
            row.table_name: Mark(row.total, row.rows, key_of(by_name[row.table_name], row.key))
            for row in found
        }
        changed = [name for name, mark in self.marks.items() if mark.total != totals.get(name)]
        if changed:
            raise TransferRefused(
                f"The SQLite file was changed ({', '.join(changed)}) since the copy was begun. Stop"
                " every server over it, empty the PostgreSQL database, and begin again."
            )

    async def add(self, table: Table, rows: Sequence[Sequence[Any]], mark: Mark) -> Mark:
        """Store rows, and that they are there, at once; return the mark after them."""
        moved = mark.moved(table, rows)
        await self._connection.execute(
            update(marks)
            .where(marks.c.table_name == table.name)
            .values(rows=moved.rows, key=moved.stored_key())
        )
        raw = await self._connection.get_raw_connection()
        await raw.driver_connection.copy_records_to_table(  # type: ignore[union-attr]  # it is open
            table.name, records=_worded(table, rows), columns=list(table.c.keys())
        )
        await self._connection.commit()
        return moved

    async def digests(self, table: Table) -> TableDigests:
        """Read a table through."""
        digests = digests_of(table)
        options = {"yield_per": _ROWS_AT_ONCE}
        async with self._connection.stream(select(table), execution_options=options) as rows:
            async for some in rows.partitions():
                for row in some:
                    digests.add(row)
        await self._connection.commit()
        return digests

    async def finish(self, last_numbers: Mapping[Table, int]) -> None:
        """Have numbers go on where they were, and let servers begin."""
        for table, number in last_numbers.items():
            if number > 0:
                counter = func.pg_get_serial_sequence(table.name, "number")
                await self._connection.execute(select(func.setval(counter, number)))
        for table in (search_docs, search_blocks, search_state):
            await self._connection.execute(table.delete())
        await self._connection.run_sync(marks.drop)
        await self._connection.execute(text("ANALYZE"))
        await self._connection.commit()

    async def _require_empty(self, tables: Sequence[Table]) -> None:
        for table in tables:
            statement = select(exists(select(literal_column("1")).select_from(table)))
            if await self._connection.scalar(statement):
                raise TransferRefused(
                    f"The PostgreSQL database is not empty: it has {table.name} already."
                )


@asynccontextmanager
async def open_target(url: URL) -> AsyncIterator[Target]:
    """Connect. TransferRefused where another copy into the same database is going on."""
    engine = postgres_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            await _lock(connection)
            yield Target(connection)
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection) -> None:
    """Keep others from copying for as long as the connection is open."""
    # PostgreSQL takes a moment to see that a process was killed.
    for _ in range(_LOCK_TRIES):
        if await connection.scalar(select(func.pg_try_advisory_lock(_LOCK_KEY))):
            await connection.commit()
            return
        await connection.rollback()
        await asyncio.sleep(_LOCK_WAIT_S)
    raise TransferRefused("Another copy into this database is going on.")


async def require_room(url: URL, revision: str) -> None:
    """Raise TransferRefused where no copy of a file at this migration can be made."""
    if url.get_backend_name() != "postgresql":
        raise TransferRefused("A copy can be made in a PostgreSQL database only.")
    if revision != newest_revision():
        raise TransferRefused(
            "The SQLite file is of another version of Tertulia; `tertulia migrate` brings it up to"
            " date."
        )
    engine = postgres_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            names = set(await connection.run_sync(_table_names))
            if names and "alembic_version" not in names:
                raise TransferRefused(
                    "The PostgreSQL database is not empty: it has tables of something else."
                )
            if UNFINISHED_COPY in names:
                there = await connection.scalar(text("SELECT version_num FROM alembic_version"))
                if there != revision:
                    raise TransferRefused(
                        "The copy was begun by another version of Tertulia. Empty the PostgreSQL"
                        " database, and begin again."
                    )
    finally:
        await engine.dispose()


def _table_names(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


def _has_marks(connection: Connection) -> bool:
    return inspect(connection).has_table(UNFINISHED_COPY)


def _worded(table: Table, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Word rows as the driver takes them."""
    columns = (
        values if wording is None else map(wording, values)
        for wording, values in zip(_wordings(table), zip(*rows, strict=True), strict=True)
    )
    return list(zip(*columns, strict=True))


def _wordings(table: Table) -> list[Callable[[Any], Any] | None]:
    dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    return [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.c]
