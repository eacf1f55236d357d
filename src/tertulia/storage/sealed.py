"""Everything that the vault sealed, found by the type of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_, update

from tertulia.core.rotation import Key, SealedRow, SealedTexts
from tertulia.storage.columns import Sealed
from tertulia.storage.encryption_tables import metadata
from tertulia.storage.outages import outages_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Column, Row, Table

    from tertulia.storage.engine import Database


def sealed_columns() -> dict[str, tuple[Column[Any], ...]]:
    """Return the sealed columns of each table that has any."""
    found = {
        name: tuple(column for column in table.c if isinstance(column.type, Sealed))
        for name, table in metadata.tables.items()
    }
    return {name: columns for name, columns in found.items() if columns}


class SqlSealedTexts(SealedTexts):
    """Sealed texts in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._columns = sealed_columns()

    async def sizes(self) -> dict[str, int]:
        with outages_refused():
            async with self._database.reader() as connection:
                return {
                    name: await connection.scalar(
                        select(func.count()).select_from(metadata.tables[name])
                    )
                    or 0
                    for name in self._columns
                }

    async def page(self, table: str, after: Key | None, limit: int) -> tuple[SealedRow, ...]:
        key = _key(metadata.tables[table])
        statement = select(*key, *self._columns[table]).order_by(*key).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*key) > after)
        with outages_refused():
            async with self._database.reader() as connection:
                rows = (await connection.execute(statement)).all()
        return tuple(SealedRow(_first(row, key), _texts(row[len(key) :])) for row in rows)

    async def renew(
        self, table: str, keys: Sequence[Key], renewed: Callable[[str], str | None]
    ) -> tuple[Key, ...]:
        where = metadata.tables[table]
        key = _key(where)
        these = tuple_(*key).in_(keys)
        # Nothing is waited for while rows are held, so that nobody can wait in a circle with it.
        holding = select(*key, *self._columns[table]).where(these).with_for_update(skip_locked=True)
        with outages_refused():
            async with self._database.writer() as connection:
                rows = (await connection.execute(holding)).all()
                for row in rows:
                    values = {
                        column: text
                        for column, old in zip(self._columns[table], row[len(key) :], strict=True)
                        if old is not None and (text := renewed(old)) is not None
                    }
                    if values:
                        await connection.execute(
                            update(where).where(tuple_(*key) == _first(row, key)).values(values)
                        )
                there = (await connection.execute(select(*key).where(these))).all()
                await connection.commit()
        held = {_first(row, key) for row in rows}
        return tuple(found for row in there if (found := _first(row, key)) not in held)


def _key(table: Table) -> tuple[Column[Any], ...]:
    return tuple(table.primary_key.columns)


def _first(row: Row[Any], key: Sequence[object]) -> Key:
    return tuple(row[: len(key)])


def _texts(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(value for value in values if value is not None)
