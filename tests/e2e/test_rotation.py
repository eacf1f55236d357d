"""Changing the vault's key: killed in the middle, and beside a server at work."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tertulia.adapters.vault import FernetVault
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import letters
from tests import examples as eg
from tests.e2e.forge import Forge
from tests.e2e.people import register
from tests.e2e.server_process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tertulia.storage.engine import Database

OLD, NEW = "o" * 32, "n" * 32
LETTERS = 6_000


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'tertulia.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def begin(var_dir: Path, settings: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `tertulia vault rotate` as a process of its own."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tertulia", "vault", "rotate"),
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), **settings},
        cwd=var_dir,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # Whatever runs the tests may have been told to overhear Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Wait for its end; return the exit code and what was printed."""
    async with asyncio.timeout(60):
        printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def keep(database: Database) -> None:
    """Store letters sealed under the old key, each with a text of its own."""
    old = FernetVault([OLD])
    async with SqlStorage(database, lambda _: None).begin() as work:
        for number in range(LETTERS):
            await work.letters.add(eg.waiting_letter(sealed=old.seal(f"letter {number}")))


async def texts(database: Database) -> set[str]:
    """Return the letters as they are stored."""
    async with database.reader() as connection:
        return set(await connection.scalars(select(letters.c.sealed)))


async def opened(database: Database, key: str) -> set[str]:
    """Return what those letters say that this key alone opens."""
    vault, found = FernetVault([key]), set()
    for sealed in await texts(database):
        try:
            found.add(vault.unseal(sealed))
        except ValueError:
            continue
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
async def test_it_is_stopped_in_the_middle_and_goes_on(
    database_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    settings = {"DATABASE_URL": database_url, "VAULT_KEY": f"{NEW},{OLD}"}
    await migrate(database_url)
    database = open_database(database_url, pool_size=2)
    await keep(database)
    before = await texts(database)
    process = await begin(tmp_path, settings)
    async with asyncio.timeout(60):
        # Looking takes longer than the pause that would be polite between two looks.
        while await texts(database) == before:
            pass
    process.send_signal(how)
    code, _ = await ended(process)
    assert code == (-signal.SIGKILL if how is signal.SIGKILL else 1)
    # Each letter is under one key or the other, and none is lost.
    old, new = await opened(database, OLD), await opened(database, NEW)
    assert new
    assert old
    assert len(old) + len(new) == len(old | new) == LETTERS
    code, printed = await ended(await begin(tmp_path, settings))
    assert code == 0
    assert printed == (
        f"{len(old):,} encrypted again, {len(new):,} were under the first key already.\n"
    )
    assert len(await opened(database, NEW)) == LETTERS
    await database.close()


async def test_beside_a_server_at_work_nothing_is_lost(
    database_url: str, tmp_path: Path, forge: Forge
) -> None:
    server = ServerProcess(tmp_path, {"DATABASE_URL": database_url, "VAULT_KEY": OLD}, forge=forge)
    await server.start()
    ana = await register(server.url, "ana")
    room = await ana.post(
        "/api/conversations", {"kind": "room", "alias": "Plaza", "topic": "general"}
    )
    links = f"/api/conversations/{room['id']}/invites"
    urls = {(await ana.post(links, {}))["invite"]["url"] for _ in range(20)}
    await server.stop()

    server.settings["VAULT_KEY"] = f"{NEW},{OLD}"
    await server.start()

    async def invite() -> None:
        for _ in range(10):
            urls.add((await ana.post(links, {}))["invite"]["url"])

    inviting = asyncio.create_task(invite())
    code, _ = await ended(await begin(tmp_path, server.settings))
    assert code == 0
    await inviting
    await server.stop()

    server.settings["VAULT_KEY"] = NEW
    await server.start()
    assert {link["url"] for link in (await ana.get(links))["items"]} == urls
    await server.stop()
