"""Moving an installation from SQLite to PostgreSQL: everything comes over, or it says why not."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import BigInteger, Boolean, Float, LargeBinary, Table, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from tertulia.core.errors import Unavailable
from tertulia.core.ids import new_id
from tertulia.storage import transfer as transferring
from tertulia.storage.columns import Id, Instant
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.tables import conversations, messages
from tertulia.storage.transfer import COPIED, Progress, TransferRefused, transfer
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Column

ROWS = 7


async def rows_of(url: str, table: Table) -> Sequence[Any]:
    """Return what a table has, in order of its primary key."""
    database = open_database(url, pool_size=1)
    async with database.reader() as connection:
        found = (await connection.execute(select(table))).all()
    await database.close()
    columns = list(table.c)
    return sorted(found, key=lambda row: [str(row[columns.index(k)]) for k in table.primary_key])


async def fill(url: str) -> None:
    """Put some rows into every table that is copied, with the values of every column different."""
    made: dict[Column[Any], list[Any]] = {}
    database = open_database(url, pool_size=1)
    async with database.writer() as connection:
        for table in COPIED:
            rows = [{c.name: _value(c, at, made) for c in table.c} for at in range(ROWS)]
            for column in table.c:
                made[column] = [row[column.name] for row in rows]
            await connection.execute(insert(table), rows)
        await connection.commit()
    await database.close()


def _value(column: Column[Any], at: int, made: dict[Column[Any], list[Any]]) -> Any:
    for key in column.foreign_keys:
        if key.column in made:
            return made[key.column][at]
    if column is messages.c.reply_to:
        return None
    if at == 1 and column.nullable:
        return None
    kind = type(getattr(column.type, "impl_instance", column.type))
    if isinstance(column.type, Instant | Id):
        kind = type(column.type)
    made_of = next((make for of, make in _VALUES.items() if issubclass(kind, of)), None)
    return made_of(at) if made_of else f"ñ\t\\N “{at}” 🙂 {column.name}"


_VALUES: dict[type[Any], Callable[[int], Any]] = {
    Instant: lambda at: eg.moment(minutes=at) + timedelta(milliseconds=7),
    Id: lambda _: new_id(),
    Boolean: lambda at: at % 2 == 0,
    Float: lambda at: 1 / (at + 3),
    BigInteger: lambda at: at + 1,
    LargeBinary: lambda at: new_id().bytes + bytes([0, 255, at]),
}


async def heard(source: str, target: str) -> list[Progress]:
    """Copy, and return what was said of it."""
    told: list[Progress] = []
    await transfer(source, target, told.append)
    return told


async def test_every_row_of_every_table_comes_over(sqlite_url: str, postgres_url: str) -> None:
    await fill(sqlite_url)
    done = await transfer(sqlite_url, postgres_url, lambda _: None)
    assert (done.tables, done.rows) == (len(COPIED), ROWS * len(COPIED))
    assert done.conversations >= ROWS
    for table in COPIED:
        assert await rows_of(postgres_url, table) == await rows_of(sqlite_url, table), table.name
    await migrate(postgres_url)


async def test_the_file_stays_as_it_was(sqlite_url: str, postgres_url: str) -> None:
    await fill(sqlite_url)
    before = _digest(sqlite_url)
    await transfer(sqlite_url, postgres_url, lambda _: None)
    assert _digest(sqlite_url) == before


async def test_numbers_go_on_after_the_last_that_was_given_out(
    sqlite_url: str, postgres_url: str
) -> None:
    async with open_shelf(sqlite_url) as shelf:
        people = await shelf.accounts(3)
        await shelf.conversation(*people)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as raw:
        # Somebody was there who is not any more; their number is theirs for ever.
        raw.execute("UPDATE sqlite_sequence SET seq = 41 WHERE name = 'accounts'")
    raw.close()
    await transfer(sqlite_url, postgres_url, lambda _: None)
    async with open_shelf(postgres_url) as shelf:
        assert (await shelf.account()).number == 42
        assert (await shelf.conversation(*people)).number == 2


async def test_what_was_cut_off_goes_on_and_copies_nothing_twice(
    sqlite_url: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(sqlite_url)
    monkeypatch.setattr(transferring, "_ROWS_AT_ONCE", 2)

    def cut_off(progress: Progress) -> None:
        if (progress.table, progress.done) == ("messages", 4):
            raise EOFError

    with pytest.raises(EOFError):
        await transfer(sqlite_url, postgres_url, cut_off)
    with pytest.raises(Unavailable, match="has not ended"):
        await migrate(postgres_url)
    told = await heard(sqlite_url, postgres_url)
    first = {said.table: said.done for said in reversed(told) if said.act == "copied"}
    assert first["accounts"] == ROWS
    assert first["messages"] == 4
    assert await rows_of(postgres_url, conversations) == await rows_of(sqlite_url, conversations)


async def test_it_begins_in_an_empty_database_only(sqlite_url: str, postgres_url: str) -> None:
    await fill(sqlite_url)
    await transfer(sqlite_url, postgres_url, lambda _: None)
    with pytest.raises(TransferRefused, match="is not empty: it has accounts"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_tables_of_something_else_are_left_alone(sqlite_url: str, postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE recipes (name text)"))
    await engine.dispose()
    with pytest.raises(TransferRefused, match="tables of something else"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_a_file_that_changes_meanwhile_is_noticed(sqlite_url: str, postgres_url: str) -> None:
    await fill(sqlite_url)

    def change(progress: Progress) -> None:
        if progress.table == "messages":
            _write(sqlite_url, "UPDATE accounts SET display_name = 'Zoe' WHERE number = 1")

    with pytest.raises(TransferRefused, match="was changed while it was copied"):
        await transfer(sqlite_url, postgres_url, change)
    # Whoever runs it again is told that the two are not the same.
    with pytest.raises(TransferRefused, match=r"accounts \(7 rows, in the file 7\)"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_rows_that_came_between_two_runs_are_noticed_at_once(
    sqlite_url: str, postgres_url: str
) -> None:
    await fill(sqlite_url)

    def cut_off(_: Progress) -> None:
        raise EOFError

    with pytest.raises(EOFError):
        await transfer(sqlite_url, postgres_url, cut_off)
    _write(sqlite_url, "DELETE FROM letters WHERE tries = 3")
    with pytest.raises(TransferRefused, match=r"changed \(letters\) since"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_a_row_that_is_another_there_is_noticed(sqlite_url: str, postgres_url: str) -> None:
    await fill(sqlite_url)
    place = (await rows_of(sqlite_url, conversations))[2].id
    asked: list[Progress] = []

    async def spoil() -> None:
        engine = create_async_engine(postgres_url)
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE messages SET body = 'no' WHERE conversation_id = :id"), {"id": place}
            )
        await engine.dispose()

    def cut_off(progress: Progress) -> None:
        asked.append(progress)
        if progress.act == "compared":
            raise EOFError

    with pytest.raises(EOFError):
        await transfer(sqlite_url, postgres_url, cut_off)
    await spoil()
    with pytest.raises(TransferRefused, match=f"messages of conversation {place}"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_a_file_of_another_version_is_refused(sqlite_url: str, postgres_url: str) -> None:
    _write(sqlite_url, "UPDATE alembic_version SET version_num = '0000_before'")
    with pytest.raises(TransferRefused, match="another version"):
        await transfer(sqlite_url, postgres_url, lambda _: None)


async def test_it_goes_from_sqlite_to_postgresql_only(sqlite_url: str, postgres_url: str) -> None:
    with pytest.raises(TransferRefused, match="not an SQLite file"):
        await transfer(postgres_url, postgres_url, lambda _: None)
    with pytest.raises(TransferRefused, match="in a PostgreSQL database only"):
        await transfer(sqlite_url, sqlite_url, lambda _: None)
    with pytest.raises(TransferRefused, match="There is no file"):
        await transfer(f"{sqlite_url}.not", postgres_url, lambda _: None)


def _digest(url: str) -> bytes:
    return hashlib.sha256(Path(url.removeprefix("sqlite+aiosqlite:///")).read_bytes()).digest()


def _write(url: str, statement: str) -> None:
    raw = sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))
    with raw:
        raw.execute(statement)
    raw.close()
