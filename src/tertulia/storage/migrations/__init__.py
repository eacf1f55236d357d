"""The steps that bring a database from any earlier state to what `tables` says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, inspect, make_url, text

from tertulia.core.errors import Unavailable
from tertulia.storage.connection_postgres import postgres_engine
from tertulia.storage.engine_sqlite import sqlite_engine
from tertulia.storage.outages import outages_refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNFINISHED_COPY = "unfinished_copy"
"""The table that `transfer` has in a PostgreSQL database until everything is there."""

# Any number will do, as long as nothing else on the same database asks for a lock by it.
_LOCK_KEY = 0x7465_7274_756C_6961

# Others who migrate at the same time wait this long; a step that makes a large table anew is slow.
_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 600000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = OFF",
)


async def migrate(database_url: str) -> None:
    """Bring a database up to date in one transaction, making SQLite's file if there is none.

    Several processes may do so at once: one does the work while the others wait for it.
    Unavailable when the database is out of reach, or a copy into it was begun and not ended.
    """
    with outages_refused():
        await _migrate(make_url(database_url))


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's settings for these steps on this connection."""
    config = Config()
    config.set_main_option("script_location", _here())
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """Return the name of the last step."""
    config = Config()
    config.set_main_option("script_location", _here())
    return str(ScriptDirectory.from_config(config).get_current_head())


async def _migrate(url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        await asyncio.to_thread(_make_file, path)
        engine = sqlite_engine(url, _SQLITE_PRAGMAS, pool_size=1, begin="BEGIN EXCLUSIVE")
    else:
        engine = postgres_engine(url, pool_size=1)
        # A step that first copies and then locks has to see what others did meanwhile.
        engine = engine.execution_options(isolation_level="READ COMMITTED")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # What people write to one another is for the server's own user alone; the files that SQLite
    # keeps beside this one take after it.
    path.touch(mode=0o600, exist_ok=True)


def _here() -> str:
    return str(Path(__file__).parent).replace("%", "%%")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Whoever came first may take longer than other work would wait for a lock.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if inspect(connection).has_table(UNFINISHED_COPY):
            raise Unavailable(
                "A copy into it was begun and has not ended; run `tertulia db copy` again."
            )
    command.upgrade(alembic_config(connection), "head")
