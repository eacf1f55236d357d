"""The SQLite file that is copied: opened for reading only, and read as of one moment."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine, func, literal, select, tuple_

from tertulia.storage.transfer.refusals import TransferRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import URL, Connection, Row, Table

_ROWS_AT_ONCE = 2000


class Source:
    """A connection within one transaction that only reads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # It tells of the commits of others, and only to whoever is outside of a transaction.
        self._version = self._data_version()
        connection.exec_driver_sql("BEGIN")

    def revision(self) -> str:
        """Return which migration the file is at. TransferRefused where it is not ours."""
        try:
            found = self._connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            return str(found.scalar_one())
        except Exception as error:
            raise TransferRefused("DATABASE_URL is not a database of Tertulia.") from error

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        return int(self._connection.scalar(select(func.count()).select_from(table)) or 0)

    def rows(self, table: Table, *, after: Sequence[Any] | None, limit: int) -> Sequence[Row[Any]]:
        """Return the rows that follow a primary key, in its order; all columns in theirs."""
        key = list(table.primary_key)
        statement = select(table).order_by(*key).limit(limit)
        if after is not None:
            values = (literal(value, column.type) for column, value in zip(key, after, strict=True))
            statement = statement.where(tuple_(*key) > tuple_(*values))
        return self._connection.execute(statement).all()

    def every_row(self, table: Table) -> Iterator[Row[Any]]:
        """Return all rows, a few at a time."""
        return iter(
            self._connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
        )

    def last_number(self, table: Table) -> int:
        """Return the highest number that was ever given out, 0 where none was."""
        statement = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        found = self._connection.exec_driver_sql(statement, (table.name,)).scalar()
        return int(found or 0)

    def was_changed(self) -> bool:
        """Leave the transaction, and say whether anybody wrote since it was begun."""
        self._connection.rollback()
        return self._data_version() != self._version

    def _data_version(self) -> int:
        return int(self._connection.exec_driver_sql("PRAGMA data_version").scalar_one())


@contextmanager
def open_source(url: URL) -> Iterator[Source]:
    """Open the file at an address. TransferRefused where that is not an SQLite file."""
    if url.get_backend_name() != "sqlite":
        raise TransferRefused("DATABASE_URL is not an SQLite file, which is what can be copied.")
    path = Path(url.database or "")
    if not path.is_file():
        raise TransferRefused(f"There is no file {path}.")
    engine = create_engine("sqlite://", creator=partial(_connect, path), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield Source(connection)
    finally:
        engine.dispose()


def _connect(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
