"""An SQLite connection that crosses over to its thread once for each statement.

The driver, aiosqlite, crosses over to make a cursor, to execute, to fetch and to close; each time
the two threads wait for one another's turn at the interpreter. Here a cursor crosses over only to
execute, begins a transaction on the way where there is none, and brings the rows back with it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# For iterating over a cursor of aiosqlite's own, which nothing here does.
_CHUNK_ROWS = 64


def connect(path: str, pragmas: Sequence[str]) -> sqlite3.Connection:
    """Open a file.

    `isolation_level` None tells the driver to leave transactions alone: by itself it would begin
    them only before writing, and so read outside of any.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in pragmas:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class SqliteConnection(aiosqlite.Connection):
    """A connection that hands out SqliteCursors; `begin` is how its transactions begin."""

    def __init__(self, path: str, pragmas: Sequence[str], begin: str) -> None:
        super().__init__(partial(connect, path, pragmas), _CHUNK_ROWS)
        self._begin = begin
        self._end: asyncio.Future[Any] | None = None
        # A process that ends in disorder does not wait for it.
        self._thread.daemon = True

    async def opened(self) -> Self:
        """Open the file, which is done once, and return the connection."""
        await self
        return self

    async def given_up(self) -> None:
        """Close the file if it was opened, and wait for the thread's end.

        Otherwise the thread might answer when there is no event loop any more.
        """
        await self.close()
        await asyncio.to_thread(self._thread.join)

    def stop(self) -> asyncio.Future[Any] | None:
        """Tell the thread to close the file and end; return the one end, however often it is told.

        Whoever is cancelled twice has it told twice, and a thread that has ended answers nobody.
        """
        if self._end is None:
            self._end = super().stop()
        return self._end

    def cursor(self) -> SqliteCursor:  # type: ignore[override]  # there is nothing to wait for
        """Return a cursor, without crossing over."""
        return SqliteCursor(self)

    async def ask(self, execute: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Answer:
        """Execute a statement in a transaction, on the connection's thread; return its answer."""

        def work() -> Answer:
            raw = self._conn
            if not raw.in_transaction:
                raw.execute(self._begin)
            return _answer(execute(raw))

        answer: Answer = await self._execute(work)  # type: ignore[no-untyped-call]  # nor has the driver
        return answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement brought: its rows, and what the DB-API (PEP 249) says of them."""

    rows: list[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


class SqliteCursor:
    """As much of a cursor as SQLAlchemy uses."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._answer = Answer([], None, -1, None)

    async def __aenter__(self) -> Self:
        """Return the cursor itself."""
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> None:
        """Execute a statement and keep its rows."""
        values = tuple(parameters)
        self._answer = await self._connection.ask(lambda raw: raw.execute(statement, values))

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> None:
        """Execute a statement once for each set of parameters."""
        self._answer = await self._connection.ask(
            lambda raw: raw.executemany(statement, parameters)
        )

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._answer.rows

    async def close(self) -> None:
        """Do nothing: what the cursor held on its thread went with the answer."""

    @property
    def description(self) -> Any:
        """The columns of the answer; None where there are none."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the last row inserted."""
        return self._answer.lastrowid


def _answer(cursor: sqlite3.Cursor) -> Answer:
    rows = cursor.fetchall() if cursor.description else []
    answer = Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return answer
