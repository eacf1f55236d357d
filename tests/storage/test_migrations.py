"""The migrations: from nothing to what the tables say, once, whoever else tries."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from tertulia.storage.encryption_tables import metadata
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import alembic_config, migrate
from tertulia.storage.tables_postgres import metadata as metadata_postgres

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTITION = r"messages_\d+"
PROCESSES = 4
MIGRATE = """
import asyncio, sys
from tertulia.storage.migrations import migrate
asyncio.run(migrate(sys.argv[1]))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without any table, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'a room' / '100%.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def _ask(url: str, question: Callable[[Connection], Any]) -> Any:
    database = open_database(url, pool_size=1)
    async with database.writer() as connection:
        answer = await connection.run_sync(question)
        await connection.commit()
    await database.close()
    return answer


def _is_told(name: str | None, kind: str, _parents: object) -> bool:
    """Whether SQLAlchemy can tell of it: not of FTS5's tables, partitions, nor a GIN index."""
    by_hand = f"search_index|{PARTITION}" if kind == "table" else "ix_search_docs_indexed"
    return re.match(by_hand, name or "") is None


def _differences(connection: Connection) -> list[Any]:
    def is_meant(item: Any, _name: object, kind: str, _reflected: object, _other: object) -> bool:
        only = getattr(item, "_ddl_if", None)  # which Alembic does not ask for
        is_here = only is None or only.dialect == connection.dialect.name
        # PostgreSQL adds a key to each partition to one that leads to all of them.
        return is_here and not (
            kind == "foreign_key_constraint"
            and any(re.match(PARTITION, key.target_fullname) for key in item.elements)
        )

    opts = {"compare_type": True, "include_name": _is_told, "include_object": is_meant}
    context = MigrationContext.configure(connection, opts=opts)
    kinds: Any = (
        [metadata] if connection.dialect.name == "sqlite" else [metadata, metadata_postgres]
    )
    return list(compare_metadata(context, kinds))


def _tables(connection: Connection) -> set[str]:
    names = inspect(connection).get_table_names()
    return {name for name in names if _is_told(name, "table", None)}


def _without_rowid(connection: Connection) -> set[str]:
    rows = connection.execute(
        text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    )
    return {name for name in rows.scalars() if _is_told(name, "table", None)}


async def test_from_nothing_they_make_what_the_tables_say(empty_url: str) -> None:
    await migrate(empty_url)
    own = () if empty_url.startswith("sqlite") else metadata_postgres.tables

    assert await _ask(empty_url, _tables) == {*metadata.tables, *own, "alembic_version"}
    assert await _ask(empty_url, _differences) == []


async def test_lexemes_are_found_by_an_index_of_the_databases_own(empty_url: str) -> None:
    await migrate(empty_url)
    is_sqlite = empty_url.startswith("sqlite")
    made = text(
        "SELECT sql FROM sqlite_master WHERE name = 'search_index'"
        if is_sqlite
        else "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_docs_indexed'"
    )
    sql = await _ask(empty_url, lambda connection: connection.execute(made).scalar_one())

    assert ("USING fts5" if is_sqlite else "USING gin (indexed)") in sql


async def test_on_sqlite_rows_lie_in_order_of_their_keys(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'tertulia.db'}"
    await migrate(url)
    clustered = {
        name
        for name, table in metadata.tables.items()
        if table.dialect_options["sqlite"]["with_rowid"] is False
    }

    assert await _ask(url, _without_rowid) == clustered


async def test_a_second_run_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    await _ask(empty_url, lambda connection: connection.execute(text("DELETE FROM accounts")))
    await migrate(empty_url)

    assert await _ask(empty_url, _differences) == []


async def test_every_step_can_be_taken_back(empty_url: str) -> None:
    await migrate(empty_url)
    await _ask(empty_url, lambda connection: command.downgrade(alembic_config(connection), "base"))

    assert await _ask(empty_url, _tables) == {"alembic_version"}
    await migrate(empty_url)
    assert await _ask(empty_url, _differences) == []


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stderr=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    complaints = [process.communicate()[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0] * PROCESSES, complaints
    assert asyncio.run(_ask(empty_url, _differences)) == []


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "tertulia.db"
    await migrate(f"sqlite+aiosqlite:///{path}")

    assert path.stat().st_mode & 0o777 == 0o600
