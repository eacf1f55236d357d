"""The migrations: from nothing to what the tables say, once, whoever else tries."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from tertulia.storage.engine import open_database
from tertulia.storage.migrations import alembic_config, migrate
from tertulia.storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _without_rowid(connection: Connection) -> set[str]:
    rows = connection.execute(
        text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    )
    return set(rows.scalars())


async def test_from_nothing_they_make_what_the_tables_say(empty_url: str) -> None:
    await migrate(empty_url)

    assert await _ask(empty_url, _tables) == {*metadata.tables, "alembic_version"}
    assert await _ask(empty_url, _differences) == []


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
